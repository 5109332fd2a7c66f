"""The rows of the journals behind one outage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.sessions.models import Session
from stations.uptime.models import Outage

MOST: Final = 50
_MARGIN: Final = timedelta(minutes=1)
_LATE: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the journals hold about the time of an outage; ``is_cut``: there is more."""

    statuses: Sequence[StatusJournal]
    connections: Sequence[ConnectionJournal]
    sessions: Sequence[Session]
    is_cut: bool


def evidence_of(outage: Outage) -> Evidence:
    """Rows from just before it began until just after it ended; late ones by their own time."""
    begin = outage.began_at - _MARGIN
    end = (outage.ended_at or timezone.now()) + _MARGIN
    statuses = _statuses(outage, begin, end)
    connections = list(
        ConnectionJournal.objects.filter(
            station_id=outage.station_id,
            received_at__gte=begin,
            received_at__lte=end + _LATE,
            happened_at__gte=begin,
            happened_at__lte=end,
        ).order_by("happened_at", "id")[: MOST + 1]
    )
    sessions = list(
        Session.objects.filter(
            station_id=outage.station_id,
            evse_id=outage.evse_id,
            first_received_at__gte=begin,
            first_received_at__lte=end + _LATE,
            started_at__gte=begin,
            started_at__lte=end,
        ).order_by("started_at", "id")[: MOST + 1]
    )
    found = (statuses, connections, sessions)
    return Evidence(
        statuses[:MOST], connections[:MOST], sessions[:MOST], any(len(one) > MOST for one in found)
    )


def _statuses(outage: Outage, begin: datetime, end: datetime) -> list[StatusJournal]:
    rows = StatusJournal.objects.filter(
        station_id=outage.station_id,
        evse_number__in=(0, outage.evse.number),
        received_at__gte=begin,
        received_at__lte=end + _LATE,
    )
    named = outage.ref.removeprefix("status:") if outage.ref.startswith("status:") else ""
    found = list(rows.order_by("received_at", "id")[: 4 * MOST])
    return [
        one
        for one in found
        if one.received_at <= end
        or str(one.id) == named
        or (one.station_at is not None and begin <= one.station_at <= end)
    ][: MOST + 1]
