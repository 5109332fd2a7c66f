"""Migration operations that keep the search up to date: functions, triggers, the first fill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db.migrations.operations import RunPython, RunSQL

from core.search.trigrams import LETTERS

BATCH_ROWS: Final = 5_000
LATER: Final = "portal.search_later"
"""Setting of a connection: new rows of tables that are filled later are left to the task."""

FUNCTIONS: Final = f"""
CREATE FUNCTION search_fold(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT translate(lower(t COLLATE "C"), '{LETTERS[0]}', '{LETTERS[1]}') $$;
CREATE FUNCTION search_trigrams(t text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(array_agg(DISTINCT gram), '{{}}')
   FROM generate_series(1, length(t) - 2) AS n, substr(t, n, 3) AS gram
   WHERE position(chr(10) IN gram) = 0 $$;
"""  # noqa: S608 - letters of ours


def functions() -> RunSQL:
    """Create the functions that fold a text and cut it into trigrams."""
    return RunSQL(
        FUNCTIONS, "DROP FUNCTION search_trigrams(text); DROP FUNCTION search_fold(text);"
    )


def texts(columns: Sequence[str], row: str) -> str:
    """SQL of the folded texts of ``row``, a line each."""
    named = ", ".join(column.format(f"{row}.") for column in columns)
    return f"search_fold(concat_ws(chr(10), {named}))"


def later(table: str) -> RunSQL:
    """Let connections with the setting ``LATER`` write new rows of ``table`` without an entry."""
    name = f"{table}_search"
    drop = f"DROP TRIGGER IF EXISTS {name}_new ON {table};"
    return RunSQL(
        f"""
        {drop}
        CREATE TRIGGER {name}_new AFTER INSERT ON {table} FOR EACH ROW
          WHEN (current_setting('{LATER}', true) IS DISTINCT FROM 'on')
          EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_gone AFTER DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
        f"""
        {drop} DROP TRIGGER {name}_gone ON {table};
        CREATE TRIGGER {name}_new AFTER INSERT OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
    )


def searchable(table: str, kind: str, columns: Sequence[str]) -> RunSQL:
    """Keep ``columns`` of ``table`` findable as ``kind``.

    A column is written ``{}name``; an expression may hold several.
    """
    name = f"{table}_search"
    old, new = (", ".join(c.format(f"{row}.") for c in columns) for row in ("OLD", "NEW"))
    drop = "".join(f"DROP TRIGGER IF EXISTS {name}_{w} ON {table};" for w in ("new", "changed"))
    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE folded text;
        BEGIN
          IF TG_OP = 'DELETE' THEN
            DELETE FROM core_searchentry WHERE kind = '{kind}' AND object_id = OLD.id;
            RETURN NULL;
          END IF;
          folded := {texts(columns, "NEW")};
          INSERT INTO core_searchentry (kind, object_id, operator_id, text, grams)
          VALUES ('{kind}', NEW.id, NEW.operator_id, folded, search_trigrams(folded))
          ON CONFLICT (kind, object_id) DO UPDATE SET operator_id = EXCLUDED.operator_id,
            text = EXCLUDED.text, grams = EXCLUDED.grams;
          RETURN NULL;
        END $$;
        {drop}
        CREATE TRIGGER {name}_new AFTER INSERT OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_changed AFTER UPDATE ON {table} FOR EACH ROW
          WHEN (ROW({old}) IS DISTINCT FROM ROW({new}))
          EXECUTE FUNCTION {name}();
        """,  # noqa: S608 - names of ours
        f"{drop}DROP FUNCTION {name}();",
    )


def filled(table: str, kind: str, columns: Sequence[str]) -> RunPython:
    """Make the rows that are there findable, batch by batch; may be begun again.

    The migration must not be atomic, so that each batch is committed by itself.
    """
    return RunPython(_filler(table, kind, columns), RunPython.noop, elidable=True)


def _filler(table: str, kind: str, columns: Sequence[str]) -> Callable[[Any, Any], None]:
    statement = f"""
        WITH batch AS (
          SELECT id, operator_id, {texts(columns, "t")} AS folded
          FROM {table} t WHERE id > %s ORDER BY id LIMIT {BATCH_ROWS}
        ), made AS (
          INSERT INTO core_searchentry (kind, object_id, operator_id, text, grams)
          SELECT '{kind}', id, operator_id, folded, search_trigrams(folded) FROM batch
          ON CONFLICT (kind, object_id) DO NOTHING
        )
        SELECT max(id) FROM batch"""  # noqa: S608 - names of ours

    def fill(_apps: Any, editor: Any) -> None:
        last: int | None = 0
        with editor.connection.cursor() as cursor:
            while last is not None:
                cursor.execute(statement, [last])
                last = cursor.fetchone()[0]

    return fill
