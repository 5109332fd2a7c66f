"""Columns and heat maps as contexts of their templates (``figure`` in templates/components/charts).

A page shows the same numbers as a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.charts.columns import Column, columns, level, rounded_top, zero_line
from core.charts.draw import Text
from core.ui import units

MOST_TICKS: Final = 6
LONGEST_TICK: Final = 10
_ISO_DAY: Final = re.compile(r"^\d{4}-(\d\d-\d\d)$")


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: its name, its value as it is written, where it stands."""

    label: str
    shown: str
    column: Column
    is_below: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a heat map and its shade (0: nothing, -1: not known)."""

    label: str
    shown: str
    level: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a heat map."""

    label: str
    cells: Sequence[Cell]


def column_chart(
    values: Sequence[tuple[str, float, str]],
    label: Text,
    *,
    shown_top: Callable[[float], str],
    tone: str = "active",
) -> dict[str, Any]:
    """Columns of (name, value, value as written); ``shown_top`` writes the ends of the axis, which
    goes below zero where a value does."""
    numbers = [value for _name, value, _shown in values]
    top, lowest = rounded_top(max(numbers, default=0.0)), min(numbers, default=0.0)
    bottom = -rounded_top(-lowest) if lowest < 0 else 0.0
    places = columns(numbers, top, bottom)
    bars = [
        Bar(name, shown, place, value < 0)
        for (name, value, shown), place in zip(values, places, strict=True)
    ]
    return {
        "template": "components/charts/column_chart.html",
        "bars": bars, "label": label, "tone": tone, "top": shown_top(top),
        "bottom": shown_top(bottom) if bottom else "", "zero": zero_line(top, bottom),
        "ticks": _ticks([bar.label for bar in bars]),
    }  # fmt: skip


def _ticks(names: Sequence[str]) -> list[str]:
    """The first, the last and some names between, evenly; days without their year, and nothing
    where names are too long to stand side by side."""
    if any(len(name) > LONGEST_TICK for name in names):
        return []
    names = [_ISO_DAY.sub(r"\1", name) for name in names]
    if len(names) <= MOST_TICKS:
        return list(names)
    step = (len(names) - 1) / (MOST_TICKS - 1)
    return [names[round(step * n)] for n in range(MOST_TICKS)]


def heat_map(
    rows: Sequence[tuple[str, Sequence[tuple[str, float | None, str]]]],
    label: Text,
    *,
    top: float,
    shades: int,
    ticks: Sequence[str],
) -> dict[str, Any]:
    """Rows of cells (name, share, share as written); the darkest of ``shades`` ends at ``top``."""

    def shade(share: float | None) -> int:
        return level(None if share is None else share / top, shades)

    drawn = [
        Row(name, [Cell(text, shown, shade(share)) for text, share, shown in cells])
        for name, cells in rows
    ]
    keys = [(0, units.percent(0))]
    keys += [(n, f"≤ {units.percent(top * n / shades, 1)}") for n in range(1, shades + 1)]
    return {
        "template": "components/charts/heat_map.html",
        "rows": drawn, "label": label, "ticks": ticks, "shades": keys,
    }  # fmt: skip
