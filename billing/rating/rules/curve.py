"""The register between its readings (pure): linear, never falling, exact.

The energy that counts at an instant is the least that any later reading leaves: energy that went
back is neither billed nor credited, and the session's total is its last reading.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from operator import le

from billing.rating.facts import CurvePoint, Readings
from billing.rating.moments import EPOCH, MICRO, Number, micros, moment

_ZERO = Decimal(0)


def exact(value: Decimal) -> Number:
    """A decimal as a whole number where it is one, else as a fraction."""
    numerator, denominator = value.as_integer_ratio()
    return numerator if denominator == 1 else Fraction(numerator, denominator)


class Curve:
    """Energy so far, in Wh, at any instant of a session (microseconds)."""

    def __init__(self, points: Sequence[CurvePoint], start: int, end: int) -> None:
        self.start, self.end = start, end
        readings, self.fell_wh = _rising(Readings.of(points))
        self.times, self.energies = readings.at, readings.energy_wh
        self.guessed = readings.interpolated
        self.total: Number = exact(self.energies[-1]) if self.energies else 0

    def at(self, at: Number) -> tuple[Number, bool]:
        """Energy at an instant, and whether it had to be worked out between two readings."""
        if at <= self.start and self.end > self.start:
            return 0, False
        if at >= self.end or not self.times:
            return self.total, False
        index = self._index(at)
        if index == len(self.times):
            return self.total, False
        first, second = self._node(index - 1), self._node(index)
        if first[0] == at and index:
            return first[1], self.guessed[index - 1]
        span = second[0] - first[0]
        if span <= 0 or second[1] == first[1]:
            return first[1], False
        share = Fraction(at - first[0]) / span
        return first[1] + (second[1] - first[1]) * share, True

    def segments(self) -> Iterator[tuple[int, Number, int, Number]]:
        """Stretches between readings that follow each other: (from, energy, to, energy)."""
        at: int = self.start
        energy: Number = 0
        low, high = self.start, self.end
        times = [(one - EPOCH) // MICRO for one in self.times]
        if times and (min(times) < low or max(times) > high):
            times = [min(max(one, low), high) for one in times]
        for later, more in zip(times, all_exact(self.energies), strict=True):
            if later != at or more != energy:
                yield at, energy, later, more
            at, energy = later, more
        if at < self.end:
            yield at, energy, self.end, energy

    def crossing(self, threshold: Number) -> tuple[Number, bool] | None:
        """When the energy reaches ``threshold``, and whether that was worked out; None: never."""
        if threshold <= 0 or threshold > self.total:
            return None
        low, high = 0, len(self.times) - 1
        while low < high:
            middle = (low + high) // 2
            if self._node(middle)[1] >= threshold:
                high = middle
            else:
                low = middle + 1
        first, second = self._node(low - 1), self._node(low)
        if second[1] == threshold or second[0] == first[0]:
            return second[0], second[1] != threshold
        share = Fraction(threshold - first[1]) / (second[1] - first[1])
        return first[0] + (second[0] - first[0]) * share, True

    def _index(self, at: Number) -> int:
        """How many readings are not after ``at``."""
        whole = moment(at)
        return bisect_right(self.times, whole)

    def _node(self, index: int) -> tuple[int, Number]:
        """Time and energy of a reading, held inside the session; -1 is the start."""
        if index < 0:
            return self.start, 0
        at = min(max(micros(self.times[index]), self.start), self.end)
        return at, exact(self.energies[index])


def all_exact(values: Sequence[Decimal]) -> list[Number]:
    """As ``exact``, of many at once."""
    return [whole if (whole := int(one)) == one else exact(one) for one in values]


def _rising(points: Readings) -> tuple[Readings, Number]:
    """The points without falls, and the energy that went back."""
    values = points.energy_wh
    if not values or (values[0] >= 0 and all(map(le, values, values[1:]))):
        return points, 0
    fell = sum((max(_ZERO, one - two) for one, two in pairwise([_ZERO, *values])), _ZERO)
    least, kept = values[-1], []
    for value in reversed(values):
        least = min(least, value)
        kept.append(max(_ZERO, least))
    return Readings(points.at, kept[::-1], points.interpolated), exact(fell)
