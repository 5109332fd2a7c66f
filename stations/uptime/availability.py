"""Plain time-based availability: the share of the known time in which it was up (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.periods import Period, difference, intersection, merged
from stations.uptime.figures import minutes, percent


@dataclass(frozen=True, slots=True)
class Availability:
    """Minutes of which something is known, and those of them down."""

    known_minutes: Fraction
    outage_minutes: Fraction

    @property
    def percent(self) -> Fraction | None:
        """Between 0 and 100; None where nothing is known."""
        return percent(self.known_minutes - self.outage_minutes, self.known_minutes)


def availability(
    known: Iterable[Period], outages: Iterable[Period], excluded: Iterable[Period] = ()
) -> Availability:
    """The figure over the known time. What is excluded counts on neither side."""
    counted = difference(known, merged(excluded))
    return Availability(minutes(counted), minutes(intersection(counted, outages)))
