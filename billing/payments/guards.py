"""Database guards of payments, for use in migrations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

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
