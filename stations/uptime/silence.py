"""Outages that a station's silence tells of (pure).

A gap between two messages that is longer than the threshold is an outage. It starts at the last
message (the station was surely there only then); the other convention starts a threshold later. A
gap of exactly the threshold is none. The edges of the period count as seen where no message lies
beyond them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from core.periods import Period, Periods, clipped

LEAST_THRESHOLD: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Silence:
    """The outages under both conventions; there are as many of each."""

    from_last_seen: Periods
    from_threshold: Periods


def threshold_for(heartbeat: timedelta) -> timedelta:
    """Two heartbeats, but never less than ten minutes."""
    return max(2 * heartbeat, LEAST_THRESHOLD)


def silences(messages: Iterable[datetime], period: Period, threshold: timedelta) -> Silence:
    """The outages in ``period`` of a station that sent these messages."""
    seen = sorted(set(messages))
    if not seen or seen[0] > period.start:
        seen.insert(0, period.start)
    if seen[-1] < period.end:
        seen.append(period.end)
    gaps = [
        Period(last, following)
        for last, following in pairwise(seen)
        if following - last > threshold and last < period.end and following > period.start
    ]
    late = [Period(gap.start + threshold, gap.end) for gap in gaps]
    return Silence(clipped(gaps, period), clipped(late, period))
