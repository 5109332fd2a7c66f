"""Database guards of settlement, for use in migrations."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

# Terms of one site, host and station never overlap; what an issued statement was made by stays:
# days may only be cut after the last one that was settled, and terms never change.
_TERMS = """
CREATE FUNCTION billing_hostterms_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE settled date;
BEGIN
  IF current_setting('portal.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM 1 FROM stations_site WHERE id = NEW.site_id FOR NO KEY UPDATE;
    IF EXISTS (
      SELECT 1 FROM billing_hostterms t WHERE t.id <> NEW.id AND t.site_id = NEW.site_id
        AND t.host_id = NEW.host_id AND t.station_id IS NOT DISTINCT FROM NEW.station_id
        AND daterange(t.valid_from_on, t.valid_until_on, '[]')
            && daterange(NEW.valid_from_on, NEW.valid_until_on, '[]')
    ) THEN
      RAISE EXCEPTION 'terms of the same site, host and station overlap'
        USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'host_terms_overlap';
    END IF;
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) - 'valid_until_on' <> to_jsonb(OLD) - 'valid_until_on' THEN
      RAISE EXCEPTION 'terms stay as they are'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'host_terms_stay';
    END IF;
  END IF;
  SELECT max(period_until_on) INTO settled FROM billing_statement s
    WHERE s.state = 'issued' AND s.site_id = coalesce(NEW.site_id, OLD.site_id)
      AND s.host_id = coalesce(NEW.host_id, OLD.host_id);
  IF settled IS NOT NULL AND (
    (TG_OP = 'INSERT' AND NEW.valid_from_on <= settled)
    OR (TG_OP = 'DELETE' AND OLD.valid_from_on <= settled)
    OR (TG_OP = 'UPDATE' AND least(NEW.valid_until_on, OLD.valid_until_on) < settled)
  ) THEN
    RAISE EXCEPTION 'a statement was issued until %', settled
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'host_terms_settled';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_hostterms_hold BEFORE INSERT OR UPDATE OR DELETE ON billing_hostterms
  FOR EACH ROW EXECUTE FUNCTION billing_hostterms_hold();
CREATE TRIGGER billing_hostterm_stays BEFORE UPDATE ON billing_hostterm
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
_TERMS_AWAY = """
DROP TRIGGER billing_hostterm_stays ON billing_hostterm;
DROP TRIGGER billing_hostterms_hold ON billing_hostterms;
DROP FUNCTION billing_hostterms_hold();
"""

# A draft may be changed and deleted. Issuing checks its sums; from then on only the named columns
# change: what the host's own invoice says, once; who carries it on, once; its payment, which can
# be replaced only where it was cancelled; the day of payment, once.
_STATEMENT = """
CREATE FUNCTION billing_statement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE host numeric; fees numeric;
BEGIN
  IF current_setting('portal.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'a statement begins as a draft'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'statement_begins_as_draft';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'draft' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.state = 'issued' THEN
      SELECT coalesce(sum(amount) FILTER (WHERE direction = 'to_host'), 0),
             coalesce(sum(amount) FILTER (WHERE direction = 'to_operator'), 0)
        INTO host, fees FROM billing_statementline WHERE statement_id = NEW.id;
      IF host <> NEW.net OR fees <> NEW.fee_net THEN
        RAISE EXCEPTION 'statement % is not the sum of its lines', NEW.public_id
          USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'statement_adds_up';
      END IF;
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR NEW.state = 'draft'
     OR to_jsonb(NEW) - {changing} <> to_jsonb(OLD) - {changing}
     OR ((OLD.owed_on IS NOT NULL OR NEW.route <> 'host_invoice') AND
         (OLD.owed_on, OLD.tax, OLD.gross, OLD.host_invoice_number, OLD.host_invoice_on)
           IS DISTINCT FROM
         (NEW.owed_on, NEW.tax, NEW.gross, NEW.host_invoice_number, NEW.host_invoice_on))
     OR (OLD.carried_by_id IS NOT NULL AND NEW.carried_by_id IS DISTINCT FROM OLD.carried_by_id)
     OR (OLD.paid_on IS NOT NULL AND
         (OLD.paid_on, OLD.payout_id) IS DISTINCT FROM (NEW.paid_on, NEW.payout_id))
     OR (OLD.payout_id IS NOT NULL AND NEW.payout_id IS DISTINCT FROM OLD.payout_id AND
         NOT EXISTS (SELECT FROM billing_hostpayout p
                     WHERE p.id = OLD.payout_id AND p.state = 'cancelled')) THEN
    RAISE EXCEPTION 'statement % is issued and stays as it is', OLD.public_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'statement_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_statement_stays BEFORE INSERT OR UPDATE OR DELETE ON billing_statement
  FOR EACH ROW EXECUTE FUNCTION billing_statement_stays();
CREATE TRIGGER billing_statement_no_truncate BEFORE TRUNCATE ON billing_statement
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
_STATEMENT_AWAY = """
DROP TRIGGER billing_statement_no_truncate ON billing_statement;
DROP TRIGGER billing_statement_stays ON billing_statement;
DROP FUNCTION billing_statement_stays();
"""

_PART = """
CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owner bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN owner := OLD.statement_id; ELSE owner := NEW.statement_id; END IF;
  PERFORM FROM billing_statement WHERE id = owner AND state <> 'draft';
  IF (FOUND OR (TG_OP = 'UPDATE' AND NEW.statement_id <> OLD.statement_id))
     AND coalesce(current_setting('portal.maintenance', true), '') <> 'on' THEN
    RAISE EXCEPTION '% of an issued statement stays', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'statement_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {table}_stays BEFORE INSERT OR UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_stays();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
_PART_AWAY = """
DROP TRIGGER {table}_no_truncate ON {table};
DROP TRIGGER {table}_stays ON {table};
DROP FUNCTION {table}_stays();
"""


def settled_terms_stay() -> RunSQL:
    """Refuse overlapping terms, changed terms, and changes before the last settled day."""
    return RunSQL(_TERMS, _TERMS_AWAY)


def issued_statements_stay(changing: tuple[str, ...]) -> RunSQL:
    """Refuse changes of issued statements but those of ``changing``, each by its rule."""
    names = "ARRAY[" + ", ".join(f"'{name}'" for name in changing) + "]"
    return RunSQL(_STATEMENT.replace("{changing}", names), _STATEMENT_AWAY)


def statement_parts_stay(table: str) -> RunSQL:
    """Refuse changes of rows in ``table`` that belong to an issued statement."""
    return RunSQL(_PART.replace("{table}", table), _PART_AWAY.replace("{table}", table))
