"""Availability weighted by the energy that would have flowed (pure).

An hour down at rush hour hurts more than one at night. Each hour of the week weighs as much as the
EVSE delivered in it over the time it was up; the figure is the share of the expected energy that
fell in up time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from typing import Final

from core.periods import Period, intersection, merged
from stations.uptime.figures import minutes_of, percent

HOURS: Final = 7 * 24
_HOUR: Final = timedelta(hours=1)
_EVEN: Final = (Fraction(1),) * HOURS


@dataclass(frozen=True, slots=True)
class EnergyAvailability:
    """Expected energy of the assessed time and of the outages in it, in one unit."""

    expected: Fraction
    lost: Fraction

    @property
    def percent(self) -> Fraction | None:
        """Between 0 and 100; None where nothing was expected."""
        return percent(self.expected - self.lost, self.expected)


def hour_of_week(instant: datetime, zone: tzinfo) -> int:
    """0 is Monday from midnight in the place's zone."""
    local = instant.astimezone(zone)
    return local.weekday() * 24 + local.hour


def energy_weighted(
    assessed: Iterable[Period],
    outages: Iterable[Period],
    weights: Sequence[Fraction],
    zone: tzinfo,
) -> EnergyAvailability:
    """The figure with one weight an hour of the week; all zero: every hour counts alike."""
    if len(weights) != HOURS or any(one < 0 for one in weights):
        raise ValueError("One weight of at least 0 for each hour of the week")
    used = tuple(weights) if any(weights) else _EVEN
    time = merged(assessed)
    down = intersection(time, outages)
    return EnergyAvailability(_weighed(time, used, zone), _weighed(down, used, zone))


def _weighed(periods: Iterable[Period], weights: Sequence[Fraction], zone: tzinfo) -> Fraction:
    return sum(
        (
            minutes_of(piece.length) * weights[hour_of_week(piece.start, zone)]
            for period in periods
            for piece in _by_hour(period)
        ),
        Fraction(0),
    )


def _by_hour(period: Period) -> Iterator[Period]:
    at = period.start.astimezone(UTC)
    end = period.end.astimezone(UTC)
    while at < end:
        following = min(at.replace(minute=0, second=0, microsecond=0) + _HOUR, end)
        yield Period(at, following)
        at = following
