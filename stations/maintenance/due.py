"""When preventive work is due, and which sites make one trip (pure)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What comes first counts; None: does not count."""

    months: int | None = None
    kwh: int | None = None
    cycles: int | None = None
    lead_days: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """What a station did since its last visit."""

    since_on: date
    kwh: Decimal = Decimal(0)
    cycles: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """By when, and what made it so: months, kwh or cycles."""

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A site with its place, if that is known."""

    key: int
    latitude: float | None
    longitude: float | None


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    month = day.month - 1 + months
    year, number = day.year + month // 12, month % 12 + 1
    return date(year, number, min(day.day, calendar.monthrange(year, number)[1]))


def due(interval: Interval, use: Use, today: date) -> Due | None:
    """What is due by the end of the time ahead; None where nothing is."""
    found: list[Due] = []
    if interval.kwh is not None and use.kwh >= interval.kwh:
        found.append(Due(today, "kwh"))
    if interval.cycles is not None and use.cycles >= interval.cycles:
        found.append(Due(today, "cycles"))
    if interval.months is not None:
        on = months_later(use.since_on, interval.months)
        if on <= today + timedelta(days=interval.lead_days):
            found.append(Due(on, "months"))
    return min(found, key=lambda one: (one.on, one.reason), default=None)


def distance_km(one: Spot, other: Spot) -> float | None:
    """Along the surface; None where a place is not known."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    values = (one.latitude, one.longitude, other.latitude, other.longitude)
    lat1, lon1, lat2, lon2 = (radians(value or 0.0) for value in values)
    part = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(part)))


def trips(spots: Iterable[Spot], within_km: float) -> list[list[int]]:
    """Sites in trips: each site of a trip lies within ``within_km`` of its first one, which is the
    one with the lowest key that is left; its neighbours follow by distance."""
    left: Sequence[Spot] = sorted(spots, key=lambda one: one.key)
    found: list[list[int]] = []
    while left:
        first = left[0]
        near = [(distance_km(first, one), one) for one in left[1:]]
        taken = sorted(
            ((km, one.key) for km, one in near if within_km and km is not None and km <= within_km)
        )
        keys = [first.key, *(key for _km, key in taken)]
        found.append(keys)
        left = [one for one in left if one.key not in keys]
    return found
