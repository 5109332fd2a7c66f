"""Database guards of payments, for use in migrations."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from core.tenancy.sql import only_changes

__all__ = ["only_changes", "payments_within"]

# What has been used of a payment or a credit note: allocations, and refunds that are not called
# off. The row that they come from, and the one that they settle, is held meanwhile.
_BOUNDS = """
CREATE FUNCTION billing_payment_used(source bigint, note bigint) RETURNS numeric
LANGUAGE sql AS $$
  SELECT coalesce((SELECT sum(amount) FROM billing_paymentallocation
                   WHERE payment_id = source OR credit_note_id = note), 0)
       + coalesce((SELECT sum(amount) FROM billing_refund
                   WHERE (payment_id = source OR credit_note_id = note)
                     AND state <> 'cancelled'), 0)
$$;
CREATE FUNCTION billing_payment_source_bounds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most numeric; used numeric; unit text; owner bigint;
BEGIN
  IF NEW.payment_id IS NOT NULL THEN
    SELECT amount, currency, account_id INTO most, unit, owner FROM billing_payment
      WHERE id = NEW.payment_id FOR NO KEY UPDATE;
  ELSE
    SELECT payable, currency, account_id INTO most, unit, owner FROM billing_invoice
      WHERE id = NEW.credit_note_id AND kind = 'credit_note' FOR NO KEY UPDATE;
  END IF;
  used := billing_payment_used(NEW.payment_id, NEW.credit_note_id);
  IF most IS NULL OR used > greatest(most, 0) OR used < 0 THEN
    RAISE EXCEPTION 'more is used than came in' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'payment_used_within';
  END IF;
  IF owner IS NULL THEN
    RAISE EXCEPTION 'nobody knows yet whose payment this is' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'payment_used_identified';
  END IF;
  IF TG_TABLE_NAME = 'billing_refund' THEN
    IF NEW.currency <> unit OR NEW.account_id <> owner THEN
      RAISE EXCEPTION 'a refund of another customer or currency'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_used_alike';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER billing_paymentallocation_source AFTER INSERT ON billing_paymentallocation
  FOR EACH ROW EXECUTE FUNCTION billing_payment_source_bounds();
CREATE TRIGGER billing_refund_source AFTER INSERT OR UPDATE OF state ON billing_refund
  FOR EACH ROW EXECUTE FUNCTION billing_payment_source_bounds();
CREATE FUNCTION billing_payment_target_bounds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most numeric; settled numeric; unit text; owner bigint; payer bigint; money text;
BEGIN
  IF NEW.invoice_id IS NOT NULL THEN
    SELECT payable, currency, account_id INTO most, unit, owner FROM billing_invoice
      WHERE id = NEW.invoice_id AND kind = 'invoice' FOR NO KEY UPDATE;
  ELSE
    SELECT amount, currency, account_id INTO most, unit, owner FROM billing_claim
      WHERE id = NEW.claim_id FOR NO KEY UPDATE;
  END IF;
  SELECT sum(amount) INTO settled FROM billing_paymentallocation
    WHERE invoice_id = NEW.invoice_id OR claim_id = NEW.claim_id;
  IF most IS NULL OR settled > most OR settled < 0 THEN
    RAISE EXCEPTION 'more is paid than is owed' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'payment_settles_within';
  END IF;
  IF NEW.payment_id IS NOT NULL THEN
    SELECT account_id, currency INTO payer, money FROM billing_payment WHERE id = NEW.payment_id;
  ELSE
    SELECT account_id, currency INTO payer, money FROM billing_invoice
      WHERE id = NEW.credit_note_id;
  END IF;
  IF payer IS DISTINCT FROM owner OR money <> unit THEN
    RAISE EXCEPTION 'what is settled is of another customer or currency'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_settles_own';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER billing_paymentallocation_target AFTER INSERT ON billing_paymentallocation
  FOR EACH ROW EXECUTE FUNCTION billing_payment_target_bounds();
CREATE FUNCTION billing_payment_bounds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before record; way text; most numeric; total numeric;
BEGIN
  IF NEW.reverses_id IS NOT NULL THEN
    SELECT * INTO before FROM billing_payment WHERE id = NEW.reverses_id FOR NO KEY UPDATE;
    IF before.amount <> -NEW.amount OR before.currency <> NEW.currency
       OR before.account_id IS DISTINCT FROM NEW.account_id
       OR billing_payment_used(before.id, NULL) <> 0 THEN
      RAISE EXCEPTION 'a payment is taken back whole, and unused'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_reversed_whole';
    END IF;
  END IF;
  IF NEW.transaction_id IS NOT NULL THEN
    SELECT direction, amount INTO way, most FROM billing_banktransaction
      WHERE id = NEW.transaction_id FOR NO KEY UPDATE;
    SELECT sum(amount) INTO total FROM billing_payment WHERE transaction_id = NEW.transaction_id;
    IF way = 'debit' OR (way = 'credit' AND (total < 0 OR total > most))
       OR (way = 'reversal' AND (total > 0 OR total < -most)) THEN
      RAISE EXCEPTION 'payments beyond their bank transaction'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_within_transaction';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER billing_payment_bounds AFTER INSERT ON billing_payment
  FOR EACH ROW EXECUTE FUNCTION billing_payment_bounds();
CREATE FUNCTION billing_payment_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.account_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM OLD.account_id)
     OR (OLD.identified_on IS NOT NULL AND NEW.identified_on IS DISTINCT FROM OLD.identified_on)
     OR (OLD.reversed_by_id IS NOT NULL AND NEW.reversed_by_id IS DISTINCT FROM OLD.reversed_by_id)
  THEN
    RAISE EXCEPTION 'whose a payment is, and what took it back, is said once'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_said_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_payment_once BEFORE UPDATE ON billing_payment
  FOR EACH ROW EXECUTE FUNCTION billing_payment_once();
"""
_BOUNDS_AWAY = """
DROP TRIGGER billing_payment_once ON billing_payment;
DROP TRIGGER billing_payment_bounds ON billing_payment;
DROP TRIGGER billing_paymentallocation_target ON billing_paymentallocation;
DROP TRIGGER billing_refund_source ON billing_refund;
DROP TRIGGER billing_paymentallocation_source ON billing_paymentallocation;
DROP FUNCTION billing_payment_once();
DROP FUNCTION billing_payment_bounds();
DROP FUNCTION billing_payment_target_bounds();
DROP FUNCTION billing_payment_source_bounds();
DROP FUNCTION billing_payment_used(bigint, bigint);
"""


def payments_within() -> RunSQL:
    """Payments within their bank transaction; allocations and refunds within what they come
    from; allocations within what is owed, of the same customer and currency."""
    return RunSQL(_BOUNDS, _BOUNDS_AWAY)
