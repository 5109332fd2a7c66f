"""Intervals of time and their algebra (pure).

A period is half-open, [start, end). What the functions return is *normal*: sorted, without overlap,
neighbours that touch joined, nothing empty. So the order and the number of times that a period is
given never matter, and two sets of periods that cover the same time are equal.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from operator import attrgetter


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The time from ``start`` until just before ``end``; ValueError when it ends before it
    starts."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("A period cannot end before it starts")

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    def holds(self, instant: datetime) -> bool:
        """Whether the instant lies in it."""
        return self.start <= instant < self.end


Periods = tuple[Period, ...]


def merged(periods: Iterable[Period]) -> Periods:
    """The time that any of the periods covers, normal."""
    found: list[Period] = []
    for one in sorted(periods):
        if one.start == one.end:
            continue
        if found and one.start <= found[-1].end:
            if one.end > found[-1].end:
                found[-1] = Period(found[-1].start, one.end)
        else:
            found.append(one)
    return tuple(found)


def union(*groups: Iterable[Period]) -> Periods:
    """The time that any of the groups covers."""
    return merged(one for group in groups for one in group)


def intersection(first: Iterable[Period], second: Iterable[Period]) -> Periods:
    """The time that both cover."""
    return tuple(_common(merged(first), merged(second)))


def _common(left: Periods, right: Periods) -> Iterator[Period]:
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i].start, right[j].start)
        end = min(left[i].end, right[j].end)
        if start < end:
            yield Period(start, end)
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1


def common_to_all(groups: Iterable[Iterable[Period]]) -> Periods:
    """The time that every group covers; no group: no time."""
    found: Periods | None = None
    for group in groups:
        found = merged(group) if found is None else intersection(found, group)
    return found or ()


def difference(first: Iterable[Period], second: Iterable[Period]) -> Periods:
    """The time of the first that the second does not cover."""
    kept = merged(first)
    if not kept:
        return ()
    return intersection(kept, gaps(second, Period(kept[0].start, kept[-1].end)))


def gaps(periods: Iterable[Period], within: Period) -> Periods:
    """The time of ``within`` that no period covers."""
    free: list[Period] = []
    at = within.start
    for one in clipped(periods, within):
        if one.start > at:
            free.append(Period(at, one.start))
        at = one.end
    if at < within.end:
        free.append(Period(at, within.end))
    return tuple(free)


def clipped(periods: Iterable[Period], within: Period) -> Periods:
    """What of the periods lies in ``within``."""
    return intersection(periods, (within,))


def cut(normal: Periods, within: Period) -> Periods:
    """As ``clipped``, of periods that are normal already: they are not looked at one by one, so
    that each day of a long time costs little."""
    first = bisect_right(normal, within.start, key=attrgetter("end"))
    found: list[Period] = []
    for one in islice(normal, first, None):
        if one.start >= within.end:
            break
        found.append(Period(max(one.start, within.start), min(one.end, within.end)))
    return tuple(found) if within.start < within.end else ()


def total(periods: Iterable[Period]) -> timedelta:
    """How much time is covered; what is covered twice counts once."""
    return sum((one.length for one in merged(periods)), timedelta())
