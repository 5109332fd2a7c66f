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
from operator import attrgetter, le

from billing.rating.facts import CurvePoint
from billing.rating.moments import Number, micros, moment

_AT = attrgetter("at")


def exact(value: Decimal) -> Number:
    """A decimal as a whole number where it is one, else as a fraction."""
    numerator, denominator = value.as_integer_ratio()
    return numerator if denominator == 1 else Fraction(numerator, denominator)


class Curve:
    """Energy so far, in Wh, at any instant of a session (microseconds)."""

    def __init__(self, points: Sequence[CurvePoint], start: int, end: int) -> None:
        self.start, self.end = start, end
        self.points, self.fell_wh = _rising(points)
        self.total: Number = exact(self.points[-1].energy_wh) if self.points else 0

    def at(self, at: Number) -> tuple[Number, bool]:
        """Energy at an instant, and whether it had to be worked out between two readings."""
        if at <= self.start and self.end > self.start:
            return 0, False
        if at >= self.end or not self.points:
            return self.total, False
        index = self._index(at)
        if index == len(self.points):
            return self.total, False
        first, second = self._node(index - 1), self._node(index)
        if first[0] == at and index:
            return first[1], self.points[index - 1].interpolated
        span = second[0] - first[0]
        if span <= 0 or second[1] == first[1]:
            return first[1], False
        share = Fraction(at - first[0]) / span
        return first[1] + (second[1] - first[1]) * share, True

    def segments(self) -> Iterator[tuple[int, Number, int, Number]]:
        """Stretches between readings that follow each other: (from, energy, to, energy)."""
        last: tuple[int, Number] = (self.start, 0)
        low, high = self.start, self.end
        for point in self.points:
            node = min(max(micros(point.at), low), high), exact(point.energy_wh)
            if node != last:
                yield (*last, *node)
            last = node
        if last[0] < self.end:
            yield (*last, self.end, last[1])

    def crossing(self, threshold: Number) -> tuple[Number, bool] | None:
        """When the energy reaches ``threshold``, and whether that was worked out; None: never."""
        if threshold <= 0 or threshold > self.total:
            return None
        low, high = 0, len(self.points) - 1
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
        return bisect_right(self.points, whole, key=_AT)

    def _node(self, index: int) -> tuple[int, Number]:
        """Time and energy of a reading, held inside the session; -1 is the start."""
        if index < 0:
            return self.start, 0
        point = self.points[index]
        return min(max(micros(point.at), self.start), self.end), exact(point.energy_wh)


def _rising(points: Sequence[CurvePoint]) -> tuple[Sequence[CurvePoint], Number]:
    """The points without falls, and the energy that went back."""
    values = [point.energy_wh for point in points]
    if not values or (values[0] >= 0 and all(map(le, values, values[1:]))):
        return points, 0
    fell = sum(
        (max(Decimal(0), one - two) for one, two in pairwise([Decimal(0), *values])), Decimal(0)
    )
    least, kept = values[-1], []
    for point in reversed(points):
        least = min(least, point.energy_wh)
        kept.append(CurvePoint(point.at, max(Decimal(0), least), point.interpolated))
    return tuple(reversed(kept)), exact(fell)
