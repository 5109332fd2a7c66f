"""Database guards of issued invoices, for use in migrations."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

# A draft may be changed and deleted; issuing gives it a number, and its sums must be those of its
# lines and taxes. From then on only the named columns change. Rows begin as drafts, so that
# nothing gets past these checks.
_INVOICE = """
CREATE FUNCTION billing_invoice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE same boolean; lines record; taxes numeric; before date;
BEGIN
  IF current_setting('portal.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'an invoice begins as a draft'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_begins_as_draft';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'invoice % is issued and stays', OLD.number
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_stays';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state = 'draft' THEN
    IF NEW.state = 'draft' THEN RETURN NEW; END IF;
    SELECT coalesce(sum(net), 0) AS net, coalesce(sum(tax), 0) AS tax, count(*) AS n
      INTO lines FROM billing_invoiceline WHERE invoice_id = NEW.id;
    SELECT coalesce(sum(tax), 0) INTO taxes FROM billing_invoicetax WHERE invoice_id = NEW.id;
    IF lines.n = 0 OR lines.net <> NEW.net OR lines.tax <> NEW.tax OR taxes <> NEW.tax THEN
      RAISE EXCEPTION 'invoice % is not the sum of its lines', NEW.number
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_adds_up';
    END IF;
    SELECT issued_on INTO before FROM billing_invoice
      WHERE series_id = NEW.series_id AND series_year IS NOT DISTINCT FROM NEW.series_year
        AND sequence = NEW.sequence - 1;
    IF before > NEW.issued_on THEN
      RAISE EXCEPTION 'invoice % would be dated before the one with the number before', NEW.number
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_dates_in_order';
    END IF;
    RETURN NEW;
  END IF;
  same := to_jsonb(NEW) - {changing} = to_jsonb(OLD) - {changing};
  IF NOT same OR NEW.state = 'draft' THEN
    RAISE EXCEPTION 'invoice % is issued and stays as it is', OLD.number
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_invoice_stays BEFORE INSERT OR UPDATE OR DELETE ON billing_invoice
  FOR EACH ROW EXECUTE FUNCTION billing_invoice_stays();
CREATE TRIGGER billing_invoice_no_truncate BEFORE TRUNCATE ON billing_invoice
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
_INVOICE_AWAY = """
DROP TRIGGER billing_invoice_no_truncate ON billing_invoice;
DROP TRIGGER billing_invoice_stays ON billing_invoice;
DROP FUNCTION billing_invoice_stays();
"""

# Lines, taxes and items may come, change and go while their invoice is a draft. New rows are
# looked at statement by statement, and their invoices are held so that none is issued meanwhile.
_PART = """
CREATE FUNCTION {table}_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM billing_invoice i WHERE i.id IN (SELECT f.invoice_id FROM fresh f)
    ORDER BY i.id FOR SHARE;
  PERFORM FROM billing_invoice i
    WHERE i.id IN (SELECT f.invoice_id FROM fresh f) AND i.state <> 'draft' LIMIT 1;
  IF FOUND AND coalesce(current_setting('portal.maintenance', true), '') <> 'on' THEN
    RAISE EXCEPTION 'nothing is added to an issued invoice'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_stays';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {table}_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_new();
CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM billing_invoice WHERE id = OLD.invoice_id AND state <> 'draft';
  IF FOUND AND coalesce(current_setting('portal.maintenance', true), '') <> 'on' THEN
    RAISE EXCEPTION '% of an issued invoice stays', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW.invoice_id <> OLD.invoice_id THEN
    RAISE EXCEPTION '% stays with its invoice', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_stays();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
_PART_AWAY = """
DROP TRIGGER {table}_no_truncate ON {table};
DROP TRIGGER {table}_stays ON {table};
DROP TRIGGER {table}_new ON {table};
DROP FUNCTION {table}_stays();
DROP FUNCTION {table}_new();
"""


def issued_invoices_stay(changing: tuple[str, ...]) -> RunSQL:
    """Refuse changes of issued invoices but of ``changing``, and numbers out of order."""
    names = "ARRAY[" + ", ".join(f"'{name}'" for name in changing) + "]"
    return RunSQL(_INVOICE.replace("{changing}", names), _INVOICE_AWAY)


def parts_stay(table: str) -> RunSQL:
    """Refuse changes of the rows in ``table`` that belong to an issued invoice."""
    return RunSQL(_PART.replace("{table}", table), _PART_AWAY.replace("{table}", table))
