"""Boundaries of the local clock as instants, also on days when the clock changes (pure).

A restriction is judged by the wall clock: 02:00 to 03:00 does not exist on the spring day and
lasts two hours on the autumn day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from billing.rating.moments import SECOND, micros, moment, zone_of

DAY_MINUTES: Final = 1440
_DAY: Final = timedelta(days=1)


def clock_cuts(start: int, end: int, zone: str, minutes: tuple[int, ...]) -> list[int]:
    """Instants strictly inside at which the wall clock may pass one of ``minutes`` of the day.

    Midnight is among ``minutes`` where days matter. Instants at which the clock is changed are
    always there. Some may be superfluous, none is missing.
    """
    tz = zone_of(zone)
    day, last = moment(start).astimezone(tz).date(), moment(end).astimezone(tz).date()
    found: list[int] = []
    while day <= last:
        found += [at for at in _day_cuts(zone, day, minutes) if start < at < end]
        day += _DAY
    return found


@lru_cache(maxsize=4096)
def _day_cuts(zone: str, day: date, minutes: tuple[int, ...]) -> tuple[int, ...]:
    tz = zone_of(zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=tz)
    following = midnight + _DAY
    found: set[int] = set()
    for minute in minutes:
        at = midnight.replace(hour=minute // 60, minute=minute % 60)
        found |= {micros(at), micros(at.replace(fold=1))}
    if midnight.utcoffset() != following.utcoffset():
        found.add(_change(zone, micros(midnight), micros(following)))
    return tuple(sorted(found))


def _change(zone: str, low: int, high: int) -> int:
    """The instant between at which the zone's offset changes, by halving, to the second."""
    tz = zone_of(zone)
    before = moment(low).astimezone(tz).utcoffset()
    while high - low > SECOND:
        middle = (low + high) // 2 // SECOND * SECOND
        if moment(middle).astimezone(tz).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def wall_clock(at: int, zone: str) -> tuple[int, int, int]:
    """Minute of the day, day of the week (Monday 0) and ordinal of the local date."""
    local = moment(at).astimezone(zone_of(zone))
    return local.hour * 60 + local.minute, local.weekday(), local.toordinal()


def in_window(minute: int, start: int, end: int) -> bool:
    """Whether a minute of the day is in [start, end); an end of 0 is midnight, an earlier one
    wraps it."""
    if end == 0:
        return minute >= start
    if end < start:
        return minute >= start or minute < end
    return start <= minute < end


def day_minutes(times: Sequence[int | None]) -> tuple[int, ...]:
    """Distinct minutes of the day, in order."""
    return tuple(sorted({one for one in times if one is not None}))
