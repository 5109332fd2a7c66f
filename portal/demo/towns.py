"""Swedish towns with their true positions (pure)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "data" / "towns_se.csv"


@dataclass(frozen=True, slots=True)
class Town:
    """A place as GeoNames knows it (WGS 84 degrees)."""

    name: str
    latitude: float
    longitude: float
    population: int


@cache
def towns() -> dict[str, Town]:
    """Towns by name; of two with one name the larger."""
    found: dict[str, Town] = {}
    with _FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            town = Town(
                name=row["name"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                population=int(row["population"]),
            )
            found.setdefault(town.name, town)
    return found
