"""Disturbances of the past: faults of EVSEs, gaps in connections, our own outage (pure)."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

OUTAGE_DAYS_AGO: Final = 23
OUTAGE_LENGTH: Final = timedelta(minutes=7)

# (OCPP 1.6 error code, words of the station, weight)
FAULTS: Final = (
    ("GroundFailure", "Residual current device open", 3),
    ("ConnectorLockFailure", "Lock did not reach its end position", 4),
    ("HighTemperature", "Inlet above 85 C", 2),
    ("PowerMeterFailure", "No answer from meter on bus 1", 2),
    ("EVCommunicationError", "Control pilot out of range", 4),
    ("OverCurrentFailure", "Phase L2 above limit", 1),
    ("InternalError", "Power module 3 does not answer", 2),
    ("ReaderFailure", "Card reader restarted too often", 1),
)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open interval [began_at, ended_at) with what was wrong."""

    began_at: datetime
    ended_at: datetime
    code: str = ""
    info: str = ""


class Gaps:
    """Sorted connection gaps of one station; says when a message of then arrived."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = list(spans)
        self._begins = [span.began_at for span in spans]

    def around(self, at: datetime) -> Span | None:
        """The gap that holds ``at``, if one does."""
        place = bisect_right(self._begins, at) - 1
        if place >= 0 and at < self.spans[place].ended_at:
            return self.spans[place]
        return None

    def arrival(self, at: datetime, delay_ms: int) -> datetime:
        """When a message made at ``at`` reached us: at once, or after the gap."""
        gap = self.around(at)
        base = gap.ended_at + timedelta(seconds=4) if gap else at
        return base + timedelta(milliseconds=delay_ms)


def build_gaps(rng: random.Random, begin: datetime, now: datetime) -> Gaps:
    """About one gap in ten days: mostly seconds, at times hours, rarely a day."""
    spans: list[Span] = []
    at = begin + timedelta(days=rng.expovariate(1 / 10))
    while at < now - timedelta(hours=1):
        seconds = rng.choices(
            (rng.uniform(5, 90), rng.uniform(120, 2400), rng.uniform(3600, 90_000)), (70, 24, 6)
        )[0]
        end = min(at + timedelta(seconds=seconds), now - timedelta(minutes=20))
        reason = rng.choice(("ping timeout", "closed by the station", "no close frame"))
        spans.append(Span(at, end, "1006" if reason == "ping timeout" else "1001", reason))
        at = end + timedelta(days=rng.expovariate(1 / 10))
    return Gaps(spans)


def build_faults(rng: random.Random, begin: datetime, now: datetime) -> list[Span]:
    """About one fault in 45 days, minutes to two days long; the last may still be open."""
    spans: list[Span] = []
    at = begin + timedelta(days=rng.expovariate(1 / 45))
    while at < now - timedelta(minutes=10):
        lengths = (rng.uniform(0.1, 0.8), rng.uniform(1, 8), rng.uniform(9, 50))
        hours = rng.choices(lengths, (5, 4, 2))[0]
        code, info, _weight = rng.choices(FAULTS, [weight for *_words, weight in FAULTS])[0]
        end = at + timedelta(hours=hours)
        spans.append(Span(at, end, code, info))
        at = end + timedelta(days=rng.expovariate(1 / 45))
    return spans


def own_outage(now: datetime) -> Span:
    """The night in which we, not the stations, were away."""
    day = (now - timedelta(days=OUTAGE_DAYS_AGO)).replace(hour=1, minute=4, second=0, microsecond=0)
    return Span(day, day + OUTAGE_LENGTH, "", "database moved to a new host")
