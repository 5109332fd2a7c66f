"""What the database knows around a session: zone, power, quirks, clock, statuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q

from stations.hardware.choices import ConnectorStatus
from stations.hardware.journal_models import StatusJournal
from stations.hardware.models import Connector, Station
from stations.hardware.quirks import Quirks, effective, parse_quirks
from stations.sessions.clock import Clock, learn_clock
from stations.sessions.context import SessionContext, StatusPoint
from stations.sessions.fact_codec import decode_fact
from stations.sessions.facts import Fact
from stations.sessions.merge import distinct
from stations.sessions.models import Session, SessionFact

CLOCK_WINDOW = timedelta(hours=12)
MOST_CLOCK_FACTS = 300
MOST_STATUSES = 500
LATE = timedelta(minutes=10)


def facts_of(session: Session) -> tuple[Fact, ...]:
    """All stored facts of a session."""
    rows = SessionFact.objects.filter(session=session).order_by("received_at", "id")
    return tuple(decode_fact(row) for row in rows.values_list("fact", flat=True))


def context_of(session: Session, facts: Sequence[Fact]) -> SessionContext:
    """Context for ``reconcile``; ``session.station.site`` and ``evse`` should be loaded."""
    station = session.station
    return SessionContext(
        zone=ZoneInfo(station.site.time_zone),
        max_power_w=_max_power(session),
        quirks=quirks_of(station, session.first_received_at),
        clock=_clock(session, facts),
        statuses=_statuses(session),
        ongoing=session.reported_ongoing,
        messages_in_queue=session.reported_in_queue,
        connector_free_at=_free_since(session),
        superseded_at=_superseded_at(session),
    )


def quirks_of(station: Station, at: datetime) -> Quirks:
    """Quirks of the unit that served at ``at``; unreadable ones count as none (forms check)."""
    unit = station.units.filter(installed_at__lte=at, removed_at__gt=at).first()
    data = unit.quirks if unit else effective(station.catalogue_quirks, station.quirks)
    try:
        return parse_quirks(data)
    except ValueError:
        return Quirks()


def _max_power(session: Session) -> Decimal | None:
    evse = session.evse
    return Decimal(evse.max_power_w) if evse is not None and evse.max_power_w else None


def _clock(session: Session, facts: Sequence[Fact]) -> Clock | None:
    """The station's clock from its other messages, where the session's own came late."""
    if not any(f.at and abs(f.arrived_at - f.at) > LATE for f in facts):
        return None
    began = session.first_received_at - CLOCK_WINDOW
    ended = session.last_fact_at + CLOCK_WINDOW
    rows = SessionFact.objects.filter(
        station_id=session.station_id, received_at__range=(began, ended)
    ).order_by("-received_at")[:MOST_CLOCK_FACTS]
    others = [decode_fact(row) for row in rows.values_list("fact", flat=True)]
    return learn_clock(distinct((*facts, *others)))


def _statuses(session: Session) -> tuple[StatusPoint, ...]:
    """Reported states of the connector during the session, for 1.6 (2.x tells in events)."""
    if session.ocpp_version != "1.6" or session.evse_number is None:
        return ()
    rows: Iterable[tuple[datetime | None, datetime, str]] = (
        StatusJournal.objects.filter(
            station_id=session.station_id,
            evse_number=session.evse_number,
            received_at__gte=session.first_received_at - timedelta(minutes=5),
            received_at__lte=session.last_fact_at + timedelta(minutes=5),
        )
        .order_by("received_at")
        .values_list("station_at", "received_at", "status_raw")[:MOST_STATUSES]
    )
    return tuple(StatusPoint(at=at or received, status=raw) for at, received, raw in rows)


def _free_since(session: Session) -> datetime | None:
    """When the connector was last reported free, if that was after the session began."""
    if session.evse_id is None or session.started_at is None:
        return None
    return (
        Connector.objects.filter(
            evse_id=session.evse_id, status_received_at__gt=session.first_received_at
        )
        .filter(Q(status=ConnectorStatus.AVAILABLE))
        .values_list("status_received_at", flat=True)
        .first()
    )


def _superseded_at(session: Session) -> datetime | None:
    """When the next session began on the same EVSE."""
    if session.evse_id is None or session.started_at is None:
        return None
    return (
        Session.objects.filter(evse_id=session.evse_id, started_at__gt=session.started_at)
        .exclude(pk=session.pk)
        .order_by("started_at")
        .values_list("started_at", flat=True)
        .first()
    )
