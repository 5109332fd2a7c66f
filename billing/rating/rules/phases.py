"""What went on when: the stretches of a session (pure).

Time that no interval tells of is neither charging nor idle: it costs nothing by time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.rating.facts import Interval, IntervalKind
from billing.rating.moments import micros


@dataclass(frozen=True, slots=True)
class Phase:
    """A half-open stretch [start, end) in microseconds; ``kind`` None: nothing is known."""

    start: int
    end: int
    kind: IntervalKind | None
    power_w: Decimal | None = None
    current_a: Decimal | None = None

    def continues(self, other: Phase) -> bool:
        """Whether ``other`` before this one is the same going on."""
        return (self.kind, self.power_w, self.current_a) == (
            other.kind,
            other.power_w,
            other.current_a,
        )


def find_phases(intervals: Sequence[Interval], start: int, end: int) -> list[Phase]:
    """The phases of [start, end], without gaps; neighbours that are alike are one."""
    found: list[Phase] = []
    at = start
    for one in intervals:
        low, high = max(micros(one.started_at), at), min(micros(one.ended_at), end)
        if high <= low:
            continue
        if low > at:
            _add(found, Phase(at, low, None))
        _add(found, Phase(low, high, one.kind, one.power_w, one.current_a))
        at = high
    if at < end or not found:
        _add(found, Phase(at, end, None))
    return found


def _add(found: list[Phase], phase: Phase) -> None:
    if found and phase.continues(found[-1]):
        found[-1] = Phase(found[-1].start, phase.end, phase.kind, phase.power_w, phase.current_a)
    else:
        found.append(phase)


def idle_stretches(phases: Sequence[Phase]) -> list[tuple[int, int]]:
    """Idle time without a break, whatever power was told of it."""
    found: list[tuple[int, int]] = []
    for one in phases:
        if one.kind != "idle":
            continue
        if found and found[-1][1] == one.start:
            found[-1] = (found[-1][0], one.end)
        else:
            found.append((one.start, one.end))
    return found
