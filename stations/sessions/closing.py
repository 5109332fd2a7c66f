"""Closing a session by hand, when its end will never come."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from stations.sessions.models import Session, SessionState
from stations.sessions.webhooks import tell_held

CLOSED_BY_HAND = "closed_by_hand"


@transaction.atomic
def close_session(*, session: Session, reason: str = "") -> Session:
    """Mark an active session ``end_missing`` as of the last sign of it, and have it reconciled.

    The station is told nothing. A stop that arrives later is still taken as a fact. Refuses
    a session that is not active.
    """
    findings = [
        *session.findings,
        {"code": CLOSED_BY_HAND, "severity": "doubtful", "params": {}},
    ]
    changed = Session.objects.filter(pk=session.pk, state=SessionState.ACTIVE).update(
        state=SessionState.END_MISSING,
        stopped_at=Coalesce("stopped_at", F("last_fact_at")),
        power_w=None,
        findings=findings,
        is_held=True,
        reconcile_due=True,
    )
    if not changed:
        raise RuleViolation("session_not_active", _("The session has ended already."))
    session.refresh_from_db()
    record(
        "session.close",
        session,
        operator_id=session.operator_id,
        before={"state": SessionState.ACTIVE},
        after={"state": session.state, "stopped_at": session.stopped_at},
        reason=reason,
    )
    tell_held(session, now=timezone.now())
    return session
