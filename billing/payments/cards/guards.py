"""Database guards of card payments, for use in migrations."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

# What is paid stays paid; an invoice is free for another payment exactly when this one is over;
# and less goes back than came in.
_GUARDS = """
CREATE FUNCTION billing_cardpayment_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'paid' AND (NEW.state <> 'paid' OR NEW.captured_amount <> OLD.captured_amount
     OR NEW.payment_id IS DISTINCT FROM OLD.payment_id) THEN
    RAISE EXCEPTION 'what was collected stays as it is'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'card_payment_final';
  END IF;
  IF (OLD.ref <> '' AND NEW.ref <> OLD.ref)
     OR (OLD.page_ref <> '' AND NEW.page_ref <> OLD.page_ref)
     OR (OLD.wanted_amount IS NOT NULL AND NEW.wanted_amount IS DISTINCT FROM OLD.wanted_amount)
  THEN
    RAISE EXCEPTION 'what was asked of the provider is said once'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'card_payment_said_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_cardpayment_moves BEFORE UPDATE ON billing_cardpayment
  FOR EACH ROW EXECUTE FUNCTION billing_cardpayment_moves();
CREATE FUNCTION billing_cardpayment_frees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state IN ('paid', 'failed', 'cancelled') THEN
    UPDATE billing_cardpaymentpart SET is_live = false
      WHERE card_payment_id = NEW.id AND is_live;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER billing_cardpayment_frees AFTER UPDATE OF state ON billing_cardpayment
  FOR EACH ROW EXECUTE FUNCTION billing_cardpayment_frees();
CREATE FUNCTION billing_cardrefund_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most numeric; unit text; total numeric;
BEGIN
  SELECT captured_amount, currency INTO most, unit FROM billing_cardpayment
    WHERE id = NEW.card_payment_id FOR NO KEY UPDATE;
  SELECT sum(amount) INTO total FROM billing_cardrefund
    WHERE card_payment_id = NEW.card_payment_id AND state <> 'failed';
  IF total > most OR NEW.currency <> unit THEN
    RAISE EXCEPTION 'more would go back than was collected'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'card_refund_within';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER billing_cardrefund_within AFTER INSERT OR UPDATE OF state ON billing_cardrefund
  FOR EACH ROW EXECUTE FUNCTION billing_cardrefund_within();
"""
_AWAY = """
DROP TRIGGER billing_cardrefund_within ON billing_cardrefund;
DROP TRIGGER billing_cardpayment_frees ON billing_cardpayment;
DROP TRIGGER billing_cardpayment_moves ON billing_cardpayment;
DROP FUNCTION billing_cardrefund_within();
DROP FUNCTION billing_cardpayment_frees();
DROP FUNCTION billing_cardpayment_moves();
"""


def cards_within() -> RunSQL:
    """What was collected stays; an invoice is in one live payment; refunds within it."""
    return RunSQL(_GUARDS, _AWAY)
