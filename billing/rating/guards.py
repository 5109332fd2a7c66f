"""Database guards of rated sessions, for use in migrations."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

# Rating pulls rows that the database marked when the reconciler wrote an ended session; sessions
# that run have none, so the bridge's path does not feel this.
_DUE = """
CREATE FUNCTION billing_session_is_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO billing_sessionbilling
    (session_id, operator_id, tariff_hash, is_free, why, state, is_due, correction, revision)
  VALUES (NEW.id, NEW.operator_id, '', false, '[]', 'waiting', true, '{}', 0)
  ON CONFLICT (session_id) DO UPDATE SET is_due = true;
  RETURN NULL;
END $$;
CREATE TRIGGER billing_session_new AFTER INSERT ON stations_session FOR EACH ROW
  WHEN (NEW.state <> 'active' AND NEW.reconciled_at IS NOT NULL)
  EXECUTE FUNCTION billing_session_is_due();
CREATE TRIGGER billing_session_changed AFTER UPDATE ON stations_session FOR EACH ROW
  WHEN (NEW.state <> 'active' AND NEW.reconciled_at IS DISTINCT FROM OLD.reconciled_at)
  EXECUTE FUNCTION billing_session_is_due();
INSERT INTO billing_sessionbilling
    (session_id, operator_id, tariff_hash, is_free, why, state, is_due, correction, revision)
  SELECT id, operator_id, '', false, '[]', 'waiting', true, '{}', 0 FROM stations_session
  WHERE state <> 'active' AND reconciled_at IS NOT NULL
  ON CONFLICT (session_id) DO NOTHING;
"""
_NOT_DUE = """
DROP TRIGGER billing_session_new ON stations_session;
DROP TRIGGER billing_session_changed ON stations_session;
DROP FUNCTION billing_session_is_due();
"""

# Of a stored revision only "current" may change, and only to no longer so, and only when nothing
# that is still to be billed stands on it.
_REVISION = """
CREATE FUNCTION billing_revision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE same boolean;
BEGIN
  IF current_setting('portal.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    same := (to_jsonb(NEW) - 'is_current') = (to_jsonb(OLD) - 'is_current');
    IF same AND OLD.is_current AND NOT NEW.is_current THEN
      IF EXISTS (SELECT FROM billing_billableitem
                 WHERE rated_session_id = OLD.id AND taken_at IS NULL) THEN
        RAISE EXCEPTION 'revision % is still to be billed', OLD.public_id
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a rated session never changes: % refused', TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER billing_ratedsession_stays BEFORE UPDATE OR DELETE ON billing_ratedsession
  FOR EACH ROW EXECUTE FUNCTION billing_revision_stays();
CREATE TRIGGER billing_ratedsession_no_truncate BEFORE TRUNCATE ON billing_ratedsession
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
_REVISION_AWAY = """
DROP TRIGGER billing_ratedsession_stays ON billing_ratedsession;
DROP TRIGGER billing_ratedsession_no_truncate ON billing_ratedsession;
DROP FUNCTION billing_revision_stays();
"""

# Nothing that is held can be billed: an item exists only for the current revision of a session
# whose state allows it, and such a state cannot be left while an item waits for its bill.
_BILLABLE = """
CREATE FUNCTION billing_item_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('portal.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.taken_at IS NOT NULL THEN
      RAISE EXCEPTION 'item % is on a bill', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.taken_at IS NOT NULL OR NEW.taken_at IS NULL
       OR (to_jsonb(NEW) - 'taken_at' - 'taken_by') <> (to_jsonb(OLD) - 'taken_at' - 'taken_by')
    THEN
      RAISE EXCEPTION 'item % can only be taken by a bill, once', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  PERFORM FROM billing_sessionbilling b JOIN billing_ratedsession r ON r.session_id = b.session_id
    WHERE r.id = NEW.rated_session_id AND r.session_id = NEW.session_id AND r.is_current
      AND (b.state = 'rated'
           OR (NEW.kind = 'adjustment' AND b.state IN ('waived', 'dropped', 'free')))
    FOR SHARE OF b;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session % is held or has another price: it cannot be billed', NEW.session_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'billable_not_held';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_billableitem_allowed
  BEFORE INSERT OR UPDATE OR DELETE ON billing_billableitem
  FOR EACH ROW EXECUTE FUNCTION billing_item_allowed();
CREATE TRIGGER billing_billableitem_no_truncate BEFORE TRUNCATE ON billing_billableitem
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION billing_state_may_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM billing_billableitem
             WHERE session_id = NEW.session_id AND taken_at IS NULL) THEN
    RAISE EXCEPTION 'session % is still to be billed', NEW.session_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'billable_not_held';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_sessionbilling_state BEFORE UPDATE ON billing_sessionbilling FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION billing_state_may_change();
"""
_BILLABLE_AWAY = """
DROP TRIGGER billing_sessionbilling_state ON billing_sessionbilling;
DROP FUNCTION billing_state_may_change();
DROP TRIGGER billing_billableitem_no_truncate ON billing_billableitem;
DROP TRIGGER billing_billableitem_allowed ON billing_billableitem;
DROP FUNCTION billing_item_allowed();
"""


def sessions_become_due() -> RunSQL:
    """Mark sessions for rating when the reconciler wrote them."""
    return RunSQL(_DUE, _NOT_DUE)


def revisions_stay() -> RunSQL:
    """Refuse changes of stored revisions."""
    return RunSQL(_REVISION, _REVISION_AWAY)


def only_clear_sessions_are_billable() -> RunSQL:
    """Refuse to bill what is held, waived, dropped or no longer the current price."""
    return RunSQL(_BILLABLE, _BILLABLE_AWAY)


# Lines of one group of items follow each other: the group of an item begins with its line. Where a
# group bills several sessions, each has its share.
CREDITED_SO_FAR = """
UPDATE billing_sessionbilling b SET credited_gross = s.total FROM (
  SELECT t.session_id, sum(round(c.gross * i.gross / nullif(g.gross, 0), 4)) AS total
  FROM billing_invoice n
  JOIN billing_invoiceline c ON c.invoice_id = n.id
  JOIN billing_invoiceline o ON o.id = c.credits_id
  JOIN LATERAL (SELECT max(l.position) AS first FROM billing_invoiceitem x
    JOIN billing_invoiceline l ON l.id = x.line_id
    WHERE x.invoice_id = o.invoice_id AND l.position <= o.position) f ON true
  JOIN billing_invoiceline l ON l.invoice_id = o.invoice_id AND l.position = f.first
  JOIN billing_invoiceitem i ON i.line_id = l.id
  JOIN billing_billableitem t ON t.id = i.billable_id
  JOIN LATERAL (SELECT sum(x.gross) AS gross FROM billing_invoiceitem x
    WHERE x.line_id = l.id) g ON true
  WHERE n.kind = 'credit_note' AND n.state <> 'draft'
  GROUP BY t.session_id
) s WHERE b.session_id = s.session_id AND s.total <> 0
"""


def credited_so_far() -> RunSQL:
    """Count what credit notes took back of sessions before they were noted."""
    return RunSQL(CREDITED_SO_FAR, RunSQL.noop)
