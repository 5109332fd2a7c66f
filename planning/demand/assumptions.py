"""The assumptions of the demand model as data, with what they may be and how unsure they are.

Pure: names and numbers. The words stand in words.py and in the form of studies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


class AssumptionError(ValueError):
    """A value that an assumption cannot have; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number: its default, a low and a high case, and the range it may be in."""

    name: str
    default: float
    low: float
    high: float
    least: float
    most: float


ASSUMPTIONS: Final = (
    # The cars
    Assumption("ev_share", 0.12, 0.08, 0.18, 0, 1),
    Assumption("cars_per_inhabitant", 0.47, 0.42, 0.52, 0, 2),
    Assumption("kwh_per_km", 0.19, 0.16, 0.22, 0.05, 2),
    Assumption("season", 1.08, 1.03, 1.15, 1, 2),
    # Owners who cannot charge at home
    Assumption("km_per_year", 11_500, 9_500, 13_500, 0, 200_000),
    Assumption("without_parking", 0.22, 0.15, 0.32, 0, 1),
    Assumption("public_share", 0.6, 0.4, 0.8, 0, 1),
    # Stays at destinations
    Assumption("visits_by_car", 0.55, 0.4, 0.7, 0, 1),
    Assumption("plugs_in", 0.06, 0.03, 0.12, 0, 1),
    Assumption("kwh_per_stay", 12, 8, 18, 0, 200),
    # Trips on corridors
    Assumption("long_trip_share", 0.2, 0.12, 0.3, 0, 1),
    Assumption("stretch_km", 10, 5, 20, 0, 500),
    # From now to the year meant
    Assumption("growth", 1, 0.8, 1.25, 0.01, 100),
    # Against what was measured
    Assumption("calibration", 1, 0.8, 1.25, 0.01, 100),
)
BY_NAME: Final = {one.name: one for one in ASSUMPTIONS}
Values = Mapping[str, float]


def defaults() -> dict[str, float]:
    """Every assumption as it is unless somebody says otherwise."""
    return {one.name: one.default for one in ASSUMPTIONS}


def with_changes(changes: Values) -> dict[str, float]:
    """The defaults with changes; AssumptionError for an unknown name or a number out of range."""
    values = defaults()
    for name, value in changes.items():
        known = BY_NAME.get(name)
        if known is None or not math.isfinite(value) or not known.least <= value <= known.most:
            raise AssumptionError(name)
        values[name] = float(value)
    return values
