"""Statuses as stations reported them, put where they belong in time (pure).

A status counts from its arrival, since clocks of stations are wrong in many ways. There is one
exception: a station that was out of reach sends what happened meanwhile when it is back. A status
that came by a new connection and whose station time lies in the gap before that connection counts
from its station time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.periods import Period
from stations.uptime.links import Gap


@dataclass(frozen=True, slots=True)
class RawReport:
    """One row of the status journal. EVSE 0 is the station itself."""

    received_at: datetime
    id: int
    generation: int
    evse: int
    connector: int
    status: str
    code: str = ""
    station_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A connector was in ``status`` from ``at`` on; ``ref`` names the row of the journal."""

    at: datetime
    received_at: datetime
    id: int
    status: str
    code: str

    @property
    def order(self) -> tuple[datetime, datetime, int]:
        """Later wins: by when it became true, then by arrival."""
        return self.at, self.received_at, self.id

    @property
    def ref(self) -> str:
        """The row of the journal."""
        return f"status:{self.id}"


def placed(rows: Iterable[RawReport], gaps: Iterable[Gap]) -> dict[tuple[int, int], list[Report]]:
    """The reports of each connector (EVSE, connector from 1) in order of time; (0, 0): the
    station."""
    before: Mapping[int, Gap] = {gap.next_generation: gap for gap in gaps if gap.next_generation}
    found: dict[tuple[int, int], dict[int, Report]] = {}
    for row in rows:
        at = happened_at(row, before.get(row.generation))
        report = Report(at, row.received_at, row.id, row.status, row.code)
        place = (row.evse, max(row.connector, 1)) if row.evse else (0, 0)
        found.setdefault(place, {})[row.id] = report
    return {
        place: sorted(reports.values(), key=lambda one: one.order)
        for place, reports in found.items()
    }


def happened_at(row: RawReport, before: Gap | None) -> datetime:
    """When the status became true."""
    if before is not None and row.station_at is not None and before.period.holds(row.station_at):
        return min(row.station_at, row.received_at)
    return row.received_at


def latest(reports: Iterable[Report], at: datetime) -> Report | None:
    """The report in force at an instant."""
    known = [one for one in reports if one.at <= at]
    return max(known, key=lambda one: one.order) if known else None


def spans(reports: Iterable[Report], within: Period) -> list[tuple[Report, Period]]:
    """Each report until the next one of its connector, cut to ``within``."""
    ordered = sorted(reports, key=lambda one: one.order)
    found: list[tuple[Report, Period]] = []
    for place, one in enumerate(ordered):
        until = ordered[place + 1].at if place + 1 < len(ordered) else within.end
        begin, end = max(one.at, within.start), min(until, within.end)
        if begin < end:
            found.append((one, Period(begin, end)))
    return found
