"""Writing the truth about sessions: reconciling, matching late facts, the watchdog."""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.audit.services import record
from stations.hardware.choices import ConnectorStatus
from stations.hardware.models import Evse
from stations.sessions.closing import CLOSED_BY_HAND
from stations.sessions.context import SessionContext
from stations.sessions.fact_codec import decode_fact
from stations.sessions.facts import Fact
from stations.sessions.grouping import FactGroup, group_facts
from stations.sessions.models import Session, SessionFact, SessionState
from stations.sessions.reconcile import SessionTruth, reconcile
from stations.sessions.stored import encode
from stations.sessions.surroundings import context_of, facts_of
from stations.sessions.webhooks import tell_of_session

logger = logging.getLogger(__name__)

STATION_LOCK = 20161
"""Class of the advisory lock that serialises decisions about one station (the bridge's too)."""

IDLE = "idle"
"""Stored kind of readings that came while nobody charged."""

MATCH_WINDOW = timedelta(days=3)
LOOK_BACK = timedelta(minutes=30)
WAIT_FOR_START = timedelta(minutes=10)
SILENCE = timedelta(hours=24)
FREE_FOR = timedelta(minutes=15)


def reconcile_due_sessions(*, limit: int = 200) -> int:
    """Reconcile sessions that changed; returns how many were written."""
    due = list(
        Session.objects.filter(reconcile_due=True)
        .select_related("station__site", "evse")
        .order_by("id")[:limit]
    )
    return sum(_reconcile_alone(session) for session in due)


def _reconcile_alone(session: Session) -> bool:
    """One session that cannot be reconciled keeps no other waiting; it stays due."""
    try:
        with transaction.atomic():
            return reconcile_session(session=session)
    except Exception:
        logger.exception("session %s could not be reconciled", session.public_id)
        return False


@transaction.atomic
def request_reconciliation(*, session: Session, reason: str = "") -> None:
    """Have a session derived again from its facts, soon."""
    Session.objects.filter(pk=session.pk).update(reconcile_due=True)
    record("session.reconcile", session, operator_id=session.operator_id, reason=reason)


def reconcile_session(*, session: Session, now: datetime | None = None) -> bool:
    """Derive a session from all its facts and store it.

    Nothing is locked: if a fact arrives meanwhile, nothing is written and the session stays
    due. A session closed by hand or by a newer one on its EVSE stays closed.
    """
    facts = facts_of(session)
    if not facts:
        Session.objects.filter(pk=session.pk).update(reconcile_due=False)
        return False
    context = _with_match_findings(context_of(session, facts), facts)
    columns = _columns(session, reconcile(facts, context, now))
    with transaction.atomic():
        changed = Session.objects.filter(
            pk=session.pk, last_fact_at=session.last_fact_at, state=session.state
        ).update(**columns)
        if changed:
            tell_of_session(_with(session, columns), before=session, now=timezone.now())
    return changed == 1


def _with(session: Session, columns: dict[str, Any]) -> Session:
    """A copy of the row in hand with what was stored; the row itself stays as it was read."""
    after = copy(session)
    for name, value in columns.items():
        setattr(after, name, value)
    return after


def _with_match_findings(context: SessionContext, facts: Sequence[Fact]) -> SessionContext:
    """Add what grouping has to say of how these facts came together (a stop that named no
    transaction of ours, say), so that it holds a stored session as it holds a computed one."""
    groups = group_facts(facts, context.clock).groups
    if len(groups) != 1:
        return context
    return replace(context, match_findings=groups[0].findings)


def _columns(session: Session, truth: SessionTruth) -> dict[str, Any]:
    """Truth as columns; ``active`` never reopens a session that was closed."""
    findings = [finding.as_dict() for finding in truth.findings]
    by_hand = [f for f in session.findings if f.get("code") == CLOSED_BY_HAND]
    state, stopped_at = truth.state, truth.stopped_at
    if state == "active" and session.state != SessionState.ACTIVE:
        state, stopped_at = "end_missing", session.stopped_at or session.last_fact_at
    if state != "end_missing":
        by_hand = []
    return {
        "state": state,
        "started_at": truth.started_at or session.started_at,
        "stopped_at": stopped_at,
        "energy_wh": truth.energy_wh,
        "stop_reason": (truth.stop_reason or "")[:40],
        "findings": by_hand + findings,
        "is_held": truth.is_held or bool(by_hand),
        "intervals": encode(truth),
        "reconcile_due": False,
        "reconciled_at": timezone.now(),
        **({"power_w": None} if state != "active" else {}),
    }


def watch_open_sessions(*, now: datetime, limit: int = 500) -> int:
    """Close active sessions whose end never came, from evidence; returns how many."""
    candidates = (
        Session.objects.filter(state=SessionState.ACTIVE)
        .filter(
            Q(last_fact_at__lt=now - SILENCE)
            | Q(
                last_fact_at__lt=now - FREE_FOR,
                evse__connectors__status=ConnectorStatus.AVAILABLE,
                evse__connectors__status_received_at__lt=now - FREE_FOR,
            )
        )
        .select_related("station__site", "evse")
        .order_by("id")
        .distinct()[:limit]
    )
    closed = 0
    for session in candidates:
        if reconcile_session(session=session, now=now):
            session.refresh_from_db(fields=["state"])
            closed += session.state != SessionState.ACTIVE
    return closed


def match_late_facts(*, now: datetime) -> int:
    """Give facts that matched nothing when they came to their sessions; returns how many.

    Readings of an idle EVSE are looked at again only where a session was reported after it
    began, and go away when no such session can come any more.
    """
    waiting = SessionFact.objects.filter(session=None, received_at__gt=now - MATCH_WINDOW)
    reported_late = waiting.filter(
        kind=IDLE,
        station__sessions__first_received_at__gt=now - LOOK_BACK,
        station__sessions__first_received_at__gte=F("received_at"),
        station__sessions__started_at__lte=F("received_at"),
    )
    stations = {
        *waiting.exclude(kind=IDLE).values_list("station_id", flat=True).distinct(),
        *reported_late.values_list("station_id", flat=True).distinct(),
    }
    matched = sum(_match_alone(station_id, now) for station_id in sorted(stations))
    SessionFact.objects.filter(
        session=None, kind=IDLE, received_at__lt=now - MATCH_WINDOW - timedelta(days=1)
    ).delete()
    return matched


def _match_alone(station_id: int, now: datetime) -> int:
    """One station whose facts cannot be matched keeps no other waiting."""
    try:
        return _match_station(station_id, now)
    except Exception:
        logger.exception("facts of station %s could not be matched", station_id)
        return 0


@transaction.atomic
def _match_station(station_id: int, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [STATION_LOCK, station_id])
    rows = list(
        SessionFact.objects.filter(
            station_id=station_id, received_at__gt=now - MATCH_WINDOW - timedelta(days=1)
        ).order_by("received_at", "id")
    )
    by_key = {row.key: row for row in rows}
    matched = 0
    for group in group_facts(decode_fact(row.fact) for row in rows).groups:
        matched += _place_group([by_key[f.key] for f in group.facts], group, now)
    return matched


def _place_group(rows: Iterable[SessionFact], group: FactGroup, now: datetime) -> int:
    """Attach the unmatched facts of a group to the session of its other facts."""
    by_session: dict[int | None, list[SessionFact]] = defaultdict(list)
    for row in rows:
        by_session[row.session_id].append(row)
    late = by_session.pop(None, [])
    if not late:
        return 0
    if by_session:
        session_id = max(by_session, key=lambda key: len(by_session[key]))
    elif all(row.received_at < now - WAIT_FOR_START for row in late):
        session_id = _create_startless(late, group)
    else:
        return 0  # the start may still be on its way
    keys = [row.pk for row in late]
    SessionFact.objects.filter(pk__in=keys, kind=IDLE).update(kind="readings")
    SessionFact.objects.filter(pk__in=keys, session=None).update(session_id=session_id)
    Session.objects.filter(pk=session_id).update(reconcile_due=True)
    return len(late)


def _create_startless(late: list[SessionFact], group: FactGroup) -> int:
    """A session that only has an end: kept, and held by its finding."""
    first = late[0]
    evse = next((f.evse for f in group.facts if f.evse), None)
    session = Session.objects.create(
        operator_id=first.operator_id,
        public_id="se_" + secrets.token_hex(8),
        station_id=first.station_id,
        evse=Evse.objects.filter(station_id=first.station_id, number=evse).first(),
        evse_number=evse,
        ocpp_version=group.facts[0].version,
        ocpp_transaction_id=f"?{first.pk}",
        state=SessionState.START_MISSING,
        id_token=next((f.id_token for f in group.facts if f.id_token), "") or "",
        first_received_at=first.received_at,
        last_fact_at=late[-1].received_at,
        reconcile_due=True,
        is_held=True,
    )
    return int(session.pk)
