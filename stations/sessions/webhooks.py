"""Events of sessions, put down in the transaction that reconciles them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.webhooks.outbox import publish
from core.webhooks.sources import EventKind, NetworkEvent
from stations.hardware.webhooks import station_data
from stations.sessions.models import Session, SessionState

STARTED: Final = "session.started"
ENDED: Final = "session.ended"
HELD: Final = "session.held"
TOLD_WITHIN: Final = timedelta(days=50)
"""A session that is looked at again later than this is not told anew: what was told is forgotten
after 60 days."""


class SessionEvents:
    """Sessions that start, end and are held for review."""

    name = "sessions"
    kinds = (
        EventKind(STARTED, _("Session started")),
        EventKind(ENDED, _("Session ended")),
        EventKind(HELD, _("Session held for review")),
    )

    def events(
        self, *, since: datetime, operators: Collection[int], kinds: Collection[str]
    ) -> Iterable[NetworkEvent]:
        """None: ``tell_of_session`` puts them down as they happen."""
        return ()


def tell_of_session(session: Session, *, before: Session, now: datetime) -> None:
    """Put down what a reconciliation found out about ``session``; ``before`` is how it was."""
    if now - session.last_fact_at > TOLD_WITHIN:
        return
    found = []
    if before.reconciled_at is None:
        found.append(_event(session, STARTED, session.started_at, STARTED))
    if session.state != SessionState.ACTIVE:
        found.append(_event(session, ENDED, session.stopped_at, ENDED))
    if session.is_held and (before.reconciled_at is None or not before.is_held):
        found.append(_event(session, HELD, now, f"{HELD}:{now.isoformat()}"))
    if found:
        publish(found)


def tell_held(session: Session, *, now: datetime) -> None:
    """Put down that a person closed a session, which holds it for review."""
    publish([_event(session, HELD, now, f"{HELD}:{now.isoformat()}")])


def _event(session: Session, kind: str, at: datetime | None, key: str) -> NetworkEvent:
    return NetworkEvent(
        operator_id=session.operator_id,
        kind=kind,
        key=f"{key}:{session.public_id}",
        happened_at=at or session.last_fact_at,
        recorded_at=session.first_received_at if kind == STARTED else session.last_fact_at,
        data=_data(session),
    )


def _data(session: Session) -> dict[str, Any]:
    return {
        "session": {
            "id": session.public_id,
            "state": session.state,
            "started_at": session.started_at,
            "stopped_at": session.stopped_at,
            "energy_wh": session.energy_wh,
            "stop_reason": session.stop_reason,
            "is_held": session.is_held,
            "findings": sorted({str(finding.get("code")) for finding in session.findings}),
        },
        "station": station_data(session.station),
        "evse": session.evse_number,
        "connector": session.connector_number,
    }
