"""Hours of the week in a zone, right when clocks change (pure).

A week has 168 hours (weekday, hour), Monday first. Where clocks go forward an hour is missing,
where they go back one is there twice: both are counted as they were, so shares stay true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

Slot = tuple[int, int]
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
SLOTS: Final[tuple[Slot, ...]] = tuple((day, hour) for day in range(7) for hour in range(24))


@dataclass(frozen=True, slots=True)
class InUse:
    """``count`` EVSEs of a zone that could be used from a day to a day, both included."""

    zone: str
    from_on: date
    to_on: date
    count: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """Seconds that cars stood at EVSEs of a zone within the local hour from ``begin_at``."""

    zone: str
    begin_at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the week: seconds occupied of seconds there were, over all EVSEs."""

    weekday: int
    hour: int
    occupied_s: float
    available_s: float

    @property
    def share(self) -> float | None:
        """Share of the time that was occupied; None when there was no such time."""
        return min(self.occupied_s / self.available_s, 1.0) if self.available_s else None


def local_hours(
    from_on: date, to_on: date, zone: ZoneInfo, until: datetime
) -> Iterator[tuple[Slot, float]]:
    """Each local hour of the days with its seconds, up to ``until``."""
    at = datetime.combine(from_on, time(), zone).astimezone(UTC)
    end = min(datetime.combine(to_on + DAY, time(), zone).astimezone(UTC), until)
    while at < end:
        local = at.astimezone(zone)
        rest = HOUR - timedelta(minutes=local.minute, seconds=local.second)
        following = min(at + rest, end)
        yield (local.weekday(), local.hour), (following - at).total_seconds()
        at = following


def week(
    in_use: Iterable[InUse], buckets: Iterable[Bucket], from_on: date, to_on: date, until: datetime
) -> list[Hour]:
    """The 168 hours with how much of them was occupied; buckets outside the days are left out."""
    available: defaultdict[Slot, float] = defaultdict(float)
    for one in in_use:
        begin, end = max(one.from_on, from_on), min(one.to_on, to_on)
        for slot, seconds in local_hours(begin, end, ZoneInfo(one.zone), until):
            available[slot] += seconds * one.count
    occupied: defaultdict[Slot, float] = defaultdict(float)
    for bucket in buckets:
        local = bucket.begin_at.astimezone(ZoneInfo(bucket.zone))
        if from_on <= local.date() <= to_on:
            occupied[local.weekday(), local.hour] += bucket.seconds
    return [Hour(*slot, occupied[slot], available[slot]) for slot in SLOTS]
