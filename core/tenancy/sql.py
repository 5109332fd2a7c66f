"""Database guards for tenancy and append-only tables, for use in migrations."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

SAME_OPERATOR_FUNCTION = """
CREATE OR REPLACE FUNCTION tenant_same_operator() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  target_operator bigint;
  target_id bigint;
BEGIN
  EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO target_id USING NEW;
  IF target_id IS NULL THEN RETURN NEW; END IF;
  EXECUTE format('SELECT operator_id FROM %I WHERE id = $1', TG_ARGV[1])
    INTO target_operator USING target_id;
  IF target_operator IS DISTINCT FROM NEW.operator_id THEN
    RAISE EXCEPTION '%.% points at a row of another operator', TG_TABLE_NAME, TG_ARGV[0]
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$;
"""

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
    """Create the two guard functions."""
    return RunSQL(
        SAME_OPERATOR_FUNCTION + APPEND_ONLY_FUNCTION,
        "DROP FUNCTION tenant_same_operator(); DROP FUNCTION refuse_change();",
    )


def same_operator(table: str, column: str, target: str) -> RunSQL:
    """Check in the database that ``table.column`` points at a row of the same operator."""
    name = f"{table}_{column}_same_operator"[:63]
    return RunSQL(
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {column}, operator_id ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION tenant_same_operator('{column}', '{target}')",
        f"DROP TRIGGER {name} ON {table}",
    )


def append_only(table: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on ``table`` (retention drops whole partitions)."""
    return RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};"
        f"DROP TRIGGER {table}_no_truncate ON {table};",
    )
