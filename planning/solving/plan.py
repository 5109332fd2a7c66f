"""What a solver answers, and the watch that tells it when to stop (pure)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

SAME = 1e-9
"""Objective and bound that differ by less, relatively, are one number with errors of rounding."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Chosen sites by the numbers of the input, or None and a ``reason``."""

    chosen: tuple[int, ...] | None
    objective: float | None
    bound: float | None
    seconds: float
    integral: bool = False
    reason: str = ""

    @property
    def gap(self) -> float | None:
        """How far the objective may be from the best, as a share of the objective."""
        if self.objective is None or self.bound is None:
            return None
        if self.objective == self.bound:
            return 0.0
        return abs(self.bound - self.objective) / max(abs(self.objective), SAME)


@dataclass(slots=True)
class Watch:
    """Time that is left, and whether somebody cancelled."""

    limit_s: float
    cancelled: Callable[[], bool] = lambda: False
    started: float = field(default_factory=time.monotonic)
    tell: Callable[[float, float], None] = lambda _incumbent, _bound: None
    """Called now and then with what is found and what is proven so far."""
    seed: int = 1
    """Of the exact solver, for what it decides by chance."""

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def left_s(self) -> float:
        """Seconds until the limit; none when cancelled."""
        return 0.0 if self.cancelled() else max(0.0, self.limit_s - self.seconds)

    @property
    def over(self) -> bool:
        """Whether to answer now with what was found."""
        return self.left_s <= 0.0

    def soon(self, limit_s: float) -> Watch:
        """Another one that begins now, ends within so many seconds and tells nobody."""
        return Watch(min(limit_s, self.left_s), self.cancelled, seed=self.seed)


def impossible(reason: str, watch: Watch) -> Plan:
    """The plan that says why there is none."""
    return Plan(None, None, None, watch.seconds, reason=reason)


def settled(value: float, bound: float, *, integral: bool, lowest: bool) -> float:
    """The bound as it is told: of whole numbers a whole one, never beyond the value found."""
    if integral:
        bound = math.ceil(bound - 1e-6) if lowest else math.floor(bound + 1e-6)
    bound = min(bound, value) if lowest else max(bound, value)
    return value if abs(bound - value) <= SAME * abs(value) else bound
