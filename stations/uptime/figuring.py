"""The time of a station's EVSEs over an interval, from its journals; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.periods import Period
from stations.hardware.models import Evse
from stations.uptime.evse_time import EvseFacts, EvseTime, evse_time
from stations.uptime.links import Gap
from stations.uptime.loading import Place, load_gaps, load_reports, load_tries
from stations.uptime.reports import Report, placed
from stations.uptime.silent import Try

Reports = dict[tuple[int, int], list[Report]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFacts:
    """What the journals tell of a station from ``since`` until ``now``."""

    gaps: Sequence[Gap]
    reports: Reports
    tries: dict[int, list[Try]]
    first_at: datetime | None


def load_facts(place: Place, since: datetime, now: datetime) -> StationFacts:
    """Facts of an interval, with what was in force at its beginning."""
    gaps, connected_at = load_gaps(place.station, since, now)
    reports = placed(load_reports(place.station, since, now), gaps)
    begins = [rows[0].at for rows in reports.values()]
    if connected_at is not None:
        begins.append(connected_at)
    return StationFacts(
        gaps=gaps,
        reports=reports,
        tries=load_tries(place, since),
        first_at=min(begins, default=None),
    )


def time_of(
    place: Place, facts: StationFacts, evse: Evse, since: datetime, now: datetime
) -> EvseTime | None:
    """One EVSE's time from ``since`` until ``now``; None: not in service, or nothing known."""
    service = place.service(evse, now)
    if service is None or facts.first_at is None:
        return None
    begin = max(service.start, since, facts.first_at)
    if begin >= service.end:
        return None
    own = {
        connector: rows
        for (number, connector), rows in facts.reports.items()
        if number == evse.number
    }
    return evse_time(
        EvseFacts(
            observed=Period(begin, service.end),
            reports=own,
            station_reports=facts.reports.get((0, 0), ()),
            gaps=facts.gaps,
            tries=facts.tries.get(evse.number, ()),
            mandatory=place.mandatory.get(evse.number, frozenset()),
        ),
        place.conventions,
    )
