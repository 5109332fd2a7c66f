"""Rows of several years at one place become one row with its history (pure).

Statistics of registrations come as a row for each area and year, or as a column for each year.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from planning.layers.facts import Spot
from planning.layers.numbers import number_of

YEARS: Final = range(1990, 2101)
HISTORY: Final = "history"
_YEAR: Final = re.compile(r"(?:19|20|21)\d\d")

Place = tuple[float, float, str]


def year_columns(names: Iterable[str]) -> list[str]:
    """Columns whose name is a year, in the order of the years."""
    found = [one for one in names if _YEAR.fullmatch(one.strip()) and int(one) in YEARS]
    return sorted(found, key=int)


def across(cells: Mapping[str, Any]) -> list[list[float]]:
    """The history that a row holds in columns of years; what is no number is left."""
    pairs = [[int(name), number_of(cells[name])] for name in year_columns(cells)]
    return [[year, number] for year, number in pairs if number >= 0 and math.isfinite(number)]


def gathered(spots: Sequence[Spot]) -> tuple[list[int], list[Spot], list[int]]:
    """One spot for each place, where rows have a ``year`` each: the latest one with the history of
    all. Returns the numbers of the rows kept, their spots, and the rows that tell of a place and
    year once more."""
    places: dict[Place, dict[int, int]] = {}
    twice: list[int] = []
    for at, spot in enumerate(spots):
        place = (round(spot.longitude, 5), round(spot.latitude, 5), spot.label)
        years = places.setdefault(place, {})
        year = int(spot.values["year"])
        if year in years:
            twice.append(at)
        years.setdefault(year, at)
    kept, found = [], []
    for years in places.values():
        latest = years[max(years)]
        history = [[year, spots[years[year]].weight] for year in sorted(years)]
        values = {name: one for name, one in spots[latest].values.items() if name != "year"}
        kept.append(latest)
        found.append(
            replace(spots[latest], values={**values, "year": max(years), HISTORY: history})
        )
    return kept, found, twice


def is_year(value: Any) -> bool:
    """Whether a cell holds a year."""
    number = number_of(value)
    return number == number // 1 and int(number) in YEARS if math.isfinite(number) else False
