"""What one day of an EVSE amounts to (pure).

Minutes are kept as whole milliseconds, so that sums of days are those of their months.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from operator import attrgetter
from typing import Final

from core.periods import Period, Periods, cut, difference, intersection, total, union
from stations.uptime.causes import EXCLUDABLE
from stations.uptime.evse_time import (
    FAULTED,
    KINDS,
    OFFLINE,
    OWN,
    SILENT,
    UNAVAILABLE,
    EvseTime,
)

_MS: Final = timedelta(milliseconds=1)
DEFAULT_CAUSE: Final = {
    FAULTED: "hardware",
    UNAVAILABLE: "taken_out",
    SILENT: "no_delivery",
    OFFLINE: "network",
    OWN: "own_systems",
}


@dataclass(frozen=True, slots=True)
class CauseFact:
    """A cause that a person has stated for an interval."""

    period: Period
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """Milliseconds of one day. ``service``: in service and observed; ``unknown``: nothing known;
    ``down``: out of service; ``excluded``: of those with a cause that rules exclude, or closed
    hours; ``closed``: outside the opening hours. Of the open hours: ``open_unreliable`` (reported
    or proven out of order) and ``open_unmeasured`` (out of reach or unknown). ``starts``: outages
    that began."""

    service: int
    unknown: int
    down: int
    excluded: int
    closed: int
    open_unreliable: int
    open_unmeasured: int
    starts: int
    by_kind: Mapping[str, int]
    by_cause: Mapping[str, int]


def local_day(on: date, zone: tzinfo) -> Period:
    """A date of a zone; 23 or 25 hours when the clocks change."""
    begin, end = (
        datetime.combine(one, time(), tzinfo=zone).astimezone(UTC)
        for one in (on, on + timedelta(days=1))
    )
    return Period(begin, end)


def day_figures(
    time_of: EvseTime,
    day: Period,
    causes: Sequence[CauseFact],
    closed: Periods,
    *,
    continues: bool = False,
) -> DayFigures:
    """The figures of the part of the day in which the EVSE was observed. ``continues``: it was down
    before that already."""
    service = cut((time_of.observed,), day)
    down = cut(time_of.down, day)
    unknown = cut(time_of.unknown, day)
    shut = intersection(service, cut(closed, day))
    causes = [one for one in causes if one.period.start < day.end and day.start < one.period.end]
    proven = union(one.period for one in causes if one.cause in EXCLUDABLE)
    kinds = {kind: cut(time_of.of_kind(kind), day) for kind in KINDS}
    begun = _begun(time_of.down, day)
    unreliable = union(kinds[FAULTED], kinds[UNAVAILABLE], kinds[SILENT])
    unmeasured = difference(union(unknown, kinds[OFFLINE], kinds[OWN]), unreliable)
    return DayFigures(
        service=_ms(service),
        unknown=_ms(unknown),
        down=_ms(down),
        excluded=_ms(intersection(down, union(proven, shut))),
        closed=_ms(shut),
        open_unreliable=_ms(difference(unreliable, shut)),
        open_unmeasured=_ms(difference(unmeasured, shut)),
        starts=sum(not (continues and at == time_of.observed.start) for at in begun),
        by_kind={kind: spent for kind, one in kinds.items() if (spent := _ms(one))},
        by_cause=_by_cause(down, kinds, causes),
    )


def _begun(down: Periods, day: Period) -> list[datetime]:
    """When outages of the day began."""
    first, last = (bisect_left(down, at, key=attrgetter("start")) for at in (day.start, day.end))
    return [one.start for one in down[first:last]]


def _by_cause(
    down: Periods, kinds: Mapping[str, Periods], causes: Sequence[CauseFact]
) -> dict[str, int]:
    """The down time by cause: as stated, the latest statement first, else by what told of it."""
    left = down
    found: dict[str, int] = {}
    stated = [(one.cause, (one.period,)) for one in reversed(causes)]
    derived = [(DEFAULT_CAUSE[kind], kinds[kind]) for kind in KINDS]
    for cause, periods in (*stated, *derived):
        spent = _ms(intersection(left, periods))
        if spent:
            found[cause] = found.get(cause, 0) + spent
            left = difference(left, periods)
    return found


def cause_of(period: Period, kind: str, causes: Iterable[CauseFact]) -> str:
    """The cause of one outage: the latest statement that touches it, else by its kind."""
    touching = [one.cause for one in causes if intersection((one.period,), (period,))]
    return touching[-1] if touching else DEFAULT_CAUSE[kind]


def _ms(periods: Iterable[Period]) -> int:
    return total(periods) // _MS
