"""Database guards for tenancy and append-only tables, for use in migrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.migrations.operations import RunSQL

APPEND_ONLY_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('portal.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def functions() -> RunSQL:
    """Create the guard of append-only tables."""
    return RunSQL(APPEND_ONLY_FUNCTION, "DROP FUNCTION refuse_change();")


def same_operator(table: str, column: str, target: str) -> RunSQL:
    """Check in the database that ``table.column`` points at a row of the same operator.

    One function a key, so that its plan is cached: these run for every fact that is stored.
    """
    name = f"{table}_{column}_same_operator"[:63]
    return RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE owner bigint;
        BEGIN
          -- By primary key alone: with the operator in the condition a plan made for a small
          -- table may walk all rows of the operator.
          SELECT operator_id INTO owner FROM {target} WHERE id = NEW.{column};
          IF NEW.{column} IS NOT NULL AND owner IS DISTINCT FROM NEW.operator_id THEN
            RAISE EXCEPTION '{table}.{column} points at a row of another operator'
              USING ERRCODE = 'foreign_key_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER {name}_new BEFORE INSERT ON {table}
          FOR EACH ROW EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_changed BEFORE UPDATE ON {table} FOR EACH ROW
          WHEN (NEW.{column} IS DISTINCT FROM OLD.{column}
                OR NEW.operator_id IS DISTINCT FROM OLD.operator_id)
          EXECUTE FUNCTION {name}();
        """,  # noqa: S608 - names of ours
        f"DROP TRIGGER {name}_new ON {table}; DROP TRIGGER {name}_changed ON {table};"
        f"DROP FUNCTION {name}();",
    )


def same_operators(keys: Mapping[str, Mapping[str, str]]) -> list[RunSQL]:
    """The check of ``same_operator`` for each key: by table, its columns with their targets."""
    return [
        same_operator(table, column, target)
        for table, columns in keys.items()
        for column, target in columns.items()
    ]


def same_operator_in_bulk(table: str, keys: Sequence[tuple[str, str]]) -> RunSQL:
    """Check new rows of ``table`` statement by statement, in place of the triggers that
    ``same_operator`` made for each of ``keys`` (column, target).

    For tables that get many rows a statement on a hot path. Changed rows are checked as before.
    """
    name = f"{table}_same_operator"
    checks = " ".join(
        f"""
          PERFORM 1 FROM fresh n WHERE n.{column} IS NOT NULL AND n.operator_id IS DISTINCT FROM
            (SELECT t.operator_id FROM {target} t WHERE t.id = n.{column}) LIMIT 1;
          IF FOUND THEN
            RAISE EXCEPTION '{table}.{column} points at a row of another operator'
              USING ERRCODE = 'foreign_key_violation';
          END IF;"""  # noqa: S608 - names of ours
        for column, target in keys
    )
    each = [f"{table}_{column}_same_operator"[:63] for column, _target in keys]
    old = "".join(f"DROP TRIGGER {one}_new ON {table};" for one in each)
    back = "".join(
        f"CREATE TRIGGER {one}_new BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {one}();"
        for one in each
    )
    return RunSQL(
        f"""
        {old}
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN {checks}
          RETURN NULL;
        END $$;
        CREATE TRIGGER {name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
          FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}(); {back}",
    )


def append_only(table: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on ``table`` (retention drops whole partitions)."""
    return RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};DROP TRIGGER {table}_no_truncate ON {table};",
    )


def no_overlap(table: str, owner: str, parent: str) -> RunSQL:
    """Refuse rows of one ``owner`` whose days (``valid_from_on`` to ``valid_until_on``, both
    included, empty: open) overlap. The row of ``parent`` is locked, so that two writers wait."""
    name = f"{table}_no_overlap"[:63]
    return RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM 1 FROM {parent} WHERE id = NEW.{owner} FOR NO KEY UPDATE;
          IF EXISTS (
            SELECT 1 FROM {table} WHERE {owner} = NEW.{owner} AND id <> NEW.id
              AND daterange(valid_from_on, valid_until_on, '[]')
                  && daterange(NEW.valid_from_on, NEW.valid_until_on, '[]')
          ) THEN
            RAISE EXCEPTION 'rows of {table} overlap' USING ERRCODE = 'exclusion_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER {name}_new BEFORE INSERT OR UPDATE ON {table}
          FOR EACH ROW EXECUTE FUNCTION {name}();
        """,  # noqa: S608 - names of ours
        f"DROP TRIGGER {name}_new ON {table}; DROP FUNCTION {name}();",
    )


_STAYS = """
CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('portal.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - {changing} <> to_jsonb(OLD) - {changing} THEN
    RAISE EXCEPTION '{table}: % refused, the row stays as it is', TG_OP
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{table}_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_stays();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
_AWAY = """
DROP TRIGGER {table}_no_truncate ON {table};
DROP TRIGGER {table}_stays ON {table};
DROP FUNCTION {table}_stays();
"""


def only_changes(table: str, changing: Sequence[str]) -> RunSQL:
    """Refuse deleting rows of ``table``, and changing any column but ``changing``."""
    names = "ARRAY[" + ", ".join(f"'{name}'" for name in changing) + "]"
    sql = _STAYS.replace("{table}", table).replace("{changing}", names)
    return RunSQL(sql, _AWAY.replace("{table}", table))
