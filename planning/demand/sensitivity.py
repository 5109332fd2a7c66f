"""How a year's energy moves with each assumption alone (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.demand.assumptions import ASSUMPTIONS, Assumption, Values
from planning.demand.needs import Part


@dataclass(frozen=True, slots=True)
class Sway:
    """One assumption: its value, a low and a high one, and a year's kWh under each."""

    name: str
    value: float
    low: float
    high: float
    low_kwh: float
    high_kwh: float

    @property
    def spread(self) -> float:
        """How much there is between the two."""
        return abs(self.high_kwh - self.low_kwh)


def sways(parts: Sequence[Part], values: Values) -> list[Sway]:
    """Every assumption that moves anything, the one that moves most first."""
    found = [_sway(parts, one, values[one.name]) for one in ASSUMPTIONS]
    return sorted((one for one in found if one.spread > 0), key=lambda one: -one.spread)


def _sway(parts: Sequence[Part], one: Assumption, value: float) -> Sway:
    """The low and the high case stand to the value as they do to the default."""
    low, high = (
        min(max(value * case / one.default, one.least), one.most) for case in (one.low, one.high)
    )
    return Sway(
        one.name, value, low, high,
        *(sum(_total(part, one.name, value, other) for part in parts) for other in (low, high)),
    )  # fmt: skip


def _total(part: Part, name: str, value: float, other: float) -> float:
    """The part's energy with another value; rows that tell their own figure keep it."""
    column = part.factors.get(name)
    if column is None:
        return float(part.kwh.sum())
    kwh = np.where(column == value, other, column)
    for factor, numbers in part.factors.items():
        if factor != name:
            kwh = kwh * numbers
    return float(kwh.sum())
