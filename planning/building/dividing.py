"""From the size of a site to the stations that make it up (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EVSES_EACH: Final = 2
"""EVSEs of a station: what most makers sell, with direct current and without."""
MOST_AC_KW: Final = 43.0
"""Above it a car is charged by direct current."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A station to be bought: its EVSEs, the power of each, and how it charges."""

    evses: int
    power_w: int
    is_dc: bool


def divided(evses: int, power_kw: float) -> list[Unit]:
    """Stations of two EVSEs each; the last has one where the number is odd."""
    power_w, is_dc = round(power_kw * 1000), power_kw > MOST_AC_KW
    whole, left = divmod(max(evses, 0), EVSES_EACH)
    sizes = [EVSES_EACH] * whole + ([left] if left else [])
    return [Unit(size, power_w, is_dc) for size in sizes]
