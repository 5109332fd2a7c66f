"""Uptime of one charging port as 23 CFR 680.116(b) has it (pure).

    uptime = (525,600 - (T_outage - T_excluded)) / 525,600 x 100, to be greater than 97

T_outage: minutes of the previous twelve months in which the port was down. T_excluded: those of
them that an exclusion covers, the true intersection. The denominator is that of the rule in leap
years too. The rule is silent on a port younger than twelve months: there the minutes since it was
commissioned count, and the figure is marked as one of a part of a year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from core.periods import Period, Periods, clipped, intersection, union
from stations.uptime.figures import minutes, minutes_of

YEAR_MINUTES: Final = Fraction(525_600)
REQUIRED_PERCENT: Final = Fraction(97)


@dataclass(frozen=True, slots=True)
class NeviUptime:
    """Minutes down, minutes of them excluded, and the percentage; with the intervals behind
    them."""

    outage_minutes: Fraction
    excluded_minutes: Fraction
    denominator_minutes: Fraction
    outages: Periods
    excluded: Periods

    @property
    def percent(self) -> Fraction | None:
        """Between 0 and 100; None for a port that has not existed a minute."""
        if self.denominator_minutes <= 0:
            return None
        down = self.outage_minutes - self.excluded_minutes
        return max(100 * (1 - down / self.denominator_minutes), Fraction(0))

    @property
    def meets(self) -> bool:
        """Greater than 97, not equal; of the exact figure."""
        return self.percent is not None and self.percent > REQUIRED_PERCENT

    @property
    def is_partial_year(self) -> bool:
        """The port has not existed for twelve months."""
        return self.denominator_minutes < YEAR_MINUTES


def nevi_uptime(
    period: Period,
    outages: Iterable[Period],
    exclusions: Iterable[Period] = (),
    closed: Iterable[Period] = (),
    denominator_minutes: Fraction | None = None,
) -> NeviUptime:
    """The figure of one port over ``period``.

    ``exclusions``: where a cause outside the operator's control is proven; ``closed``: outside the
    hours of operation. Without a denominator it is a year, or the period where that is shorter.
    """
    down = clipped(outages, period)
    excluded = intersection(down, union(exclusions, closed))
    if denominator_minutes is None:
        denominator_minutes = min(YEAR_MINUTES, minutes_of(period.length))
    return NeviUptime(minutes(down), minutes(excluded), denominator_minutes, down, excluded)
