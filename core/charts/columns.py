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


def columns(values: Sequence[float], top: float) -> list[Column]:
    """Columns of equal width with a fifth of it between them; negative values count as nothing."""
    if not values:
        return []
    slot = 100.0 / len(values)
    found = []
    for index, value in enumerate(values):
        height = min(max(value, 0.0) / top, 1.0) * 100.0 if top > 0 else 0.0
        found.append(Column(index * slot + slot * 0.1, slot * 0.8, 100.0 - height, height))
    return found


def level(share: float | None, levels: int) -> int:
    """Which of ``levels`` shades a share of 0 to 1 has; 0 for none at all, -1 for not known."""
    if share is None:
        return -1
    return math.ceil(min(max(share, 0.0), 1.0) * levels)
