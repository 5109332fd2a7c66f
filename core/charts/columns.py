"""Columns over a row of days or things, and a week as a map of heat (pure geometry)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column in percent of the figure: left edge, width, top and height."""

    x: float
    width: float
    y: float
    height: float


def rounded_top(highest: float) -> float:
    """A round number that no column exceeds: 1, 2, 2.5 or 5 times a power of ten."""
    if highest <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(highest))
    return next(unit * step for step in (1, 2, 2.5, 5, 10) if unit * step >= highest)


def columns(values: Sequence[float], top: float, bottom: float = 0.0) -> list[Column]:
    """Columns of equal width with a fifth of it between them, from the line of zero up, or down
    to ``bottom``; beyond either end they are cut."""
    if not values:
        return []
    slot, whole = 100.0 / len(values), top - bottom
    zero = zero_line(top, bottom)
    found = []
    for index, value in enumerate(values):
        height = abs(min(max(value, bottom), top)) / whole * 100.0 if whole > 0 else 0.0
        y = zero - height if value > 0 else zero
        found.append(Column(index * slot + slot * 0.1, slot * 0.8, y, height))
    return found


def zero_line(top: float, bottom: float) -> float:
    """Where zero is, in percent from above."""
    return top / (top - bottom) * 100.0 if top > bottom else 100.0


def level(share: float | None, levels: int) -> int:
    """Which of ``levels`` shades a share of 0 to 1 has; 0 for none at all, -1 for not known."""
    if share is None:
        return -1
    return math.ceil(min(max(share, 0.0), 1.0) * levels)
