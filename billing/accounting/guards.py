"""What the database itself refuses about the books, for use in migrations (SQL)."""

from __future__ import annotations

from typing import Final

GUARDS: Final = """
CREATE FUNCTION billing_journalentry_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Who closes a month holds the books; so nobody books into a month while it is closed.
  PERFORM 1 FROM billing_books WHERE seller_id IN (SELECT seller_id FROM fresh)
    ORDER BY id FOR NO KEY UPDATE;
  PERFORM 1 FROM fresh n LEFT JOIN billing_seller s ON s.id = n.seller_id
    LEFT JOIN billing_billingaccount a ON a.id = n.account_id
    LEFT JOIN billing_journalentry e ON e.id = n.reverses_id
    WHERE s.operator_id IS DISTINCT FROM n.operator_id
      OR (n.account_id IS NOT NULL AND a.operator_id IS DISTINCT FROM n.operator_id)
      OR (n.reverses_id IS NOT NULL AND e.seller_id IS DISTINCT FROM n.seller_id);
  IF FOUND THEN
    RAISE EXCEPTION 'billing_journalentry points at a row of another operator'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  PERFORM 1 FROM fresh n JOIN billing_period p ON p.seller_id = n.seller_id
    AND p.begins_on = date_trunc('month', n.booked_on)::date WHERE p.state = 'closed';
  IF FOUND THEN
    RAISE EXCEPTION 'the month of the entry is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER billing_journalentry_checked AFTER INSERT ON billing_journalentry
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT
  EXECUTE FUNCTION billing_journalentry_checked();

CREATE FUNCTION billing_journalposting_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM fresh n LEFT JOIN billing_journalentry e ON e.id = n.entry_id
    LEFT JOIN billing_chartaccount a ON a.id = n.account_id
    WHERE e.operator_id IS DISTINCT FROM n.operator_id
      OR a.seller_id IS DISTINCT FROM e.seller_id;
  IF FOUND THEN
    RAISE EXCEPTION 'billing_journalposting points at a row of other books'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  PERFORM 1 FROM fresh n JOIN billing_journalentry e ON e.id = n.entry_id
    WHERE n.position < 1 OR n.position > e.posting_count OR n.currency <> e.currency;
  IF FOUND THEN
    RAISE EXCEPTION 'the posting does not belong to the entry' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER billing_journalposting_checked AFTER INSERT ON billing_journalposting
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT
  EXECUTE FUNCTION billing_journalposting_checked();

CREATE FUNCTION billing_journalentry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held bigint; off numeric; debit numeric;
BEGIN
  SELECT count(*), coalesce(sum(amount), 0), coalesce(sum(amount) FILTER (WHERE amount > 0), 0)
    INTO held, off, debit FROM billing_journalposting WHERE entry_id = NEW.id;
  IF held <> NEW.posting_count OR off <> 0 OR debit <> NEW.total THEN
    RAISE EXCEPTION 'entry % does not balance', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER billing_journalentry_balanced AFTER INSERT ON billing_journalentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_journalentry_balanced();

CREATE FUNCTION billing_chartaccount_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM billing_journalposting WHERE account_id = OLD.id) THEN
    RAISE EXCEPTION 'account % is booked on: its number stays', OLD.number
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_chartaccount_kept BEFORE UPDATE ON billing_chartaccount FOR EACH ROW
  WHEN (NEW.number IS DISTINCT FROM OLD.number OR NEW.seller_id IS DISTINCT FROM OLD.seller_id)
  EXECUTE FUNCTION billing_chartaccount_kept();
"""

UNDO: Final = """
DROP TRIGGER billing_chartaccount_kept ON billing_chartaccount;
DROP FUNCTION billing_chartaccount_kept();
DROP TRIGGER billing_journalentry_balanced ON billing_journalentry;
DROP FUNCTION billing_journalentry_balanced();
DROP TRIGGER billing_journalposting_checked ON billing_journalposting;
DROP FUNCTION billing_journalposting_checked();
DROP TRIGGER billing_journalentry_checked ON billing_journalentry;
DROP FUNCTION billing_journalentry_checked();
"""
