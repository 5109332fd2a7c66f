"""Which share of a time EVSEs could be used, from statuses and gaps of the connection (pure).

A first look for pages: it knows no maintenance windows and no agreed exclusions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

UNUSABLE: Final = frozenset({"faulted", "unavailable"})


class SpanLike(Protocol):
    """A status over [start, end)."""

    @property
    def status(self) -> str:
        """The status."""

    @property
    def start(self) -> datetime:
        """When it began."""

    @property
    def end(self) -> datetime:
        """When it ended."""


@dataclass(frozen=True, slots=True)
class Away:
    """The station was not connected over [start, end)."""

    start: datetime
    end: datetime


def available_share(
    lanes: Sequence[Sequence[SpanLike]], away: Sequence[Away], start: datetime, end: datetime
) -> float | None:
    """The mean over EVSEs of the share of [start, end) in which one was connected and neither
    faulted nor unavailable. Time before the first status counts as usable; None without EVSEs."""
    length = (end - start).total_seconds()
    if length <= 0 or not lanes:
        return None
    shares = []
    for spans in lanes:
        lost = [(s.start, s.end) for s in spans if s.status in UNUSABLE]
        lost += [(gap.start, gap.end) for gap in away]
        shares.append(1 - _covered(lost, start, end) / length)
    return sum(shares) / len(shares)


def _covered(
    intervals: Sequence[tuple[datetime, datetime]], start: datetime, end: datetime
) -> float:
    """Seconds of [start, end) that any of the intervals covers."""
    total, reached = 0.0, start
    for first, last in sorted(intervals):
        begin, stop = max(first, reached), min(last, end)
        if stop > begin:
            total += (stop - begin).total_seconds()
            reached = stop
    return total
