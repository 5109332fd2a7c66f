"""Where there is land: a grid over the bundled outline tells positions in the sea (pure).

Lines of the outline are generalised, so that a position counts as at sea only some kilometres
off the coast. Outside the outline's box nothing is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.layers.facts import Numbers

OUTLINE: Final = Path(__file__).resolve().parents[2] / "static" / "map" / "outline.geojson"
_STEP_LONGITUDE: Final = 0.04
_STEP_LATITUDE: Final = 0.02
_COAST: Final = 3
"""Cells by which land is widened: some 7 km."""


@dataclass(frozen=True, slots=True)
class Land:
    """A grid of cells, true where there is land or the coast is near."""

    west: float
    south: float
    cells: NDArray[np.bool_]

    def is_at_sea(self, longitude: Numbers, latitude: Numbers) -> NDArray[np.bool_]:
        """Which positions lie in the sea; never one outside the grid."""
        rows, columns = self.cells.shape
        with np.errstate(invalid="ignore"):
            row = np.floor((latitude - self.south) / _STEP_LATITUDE)
            column = np.floor((longitude - self.west) / _STEP_LONGITUDE)
            within = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found = np.zeros(len(longitude), dtype=np.bool_)
        found[within] = ~self.cells[row[within].astype(int), column[within].astype(int)]
        return found


@lru_cache(maxsize=1)
def bundled() -> Land:
    """The land of the outline that maps are drawn on."""
    return land_of(json.loads(OUTLINE.read_bytes()))


def land_of(outline: Mapping[str, Any]) -> Land:
    """A grid over the box of an outline (GeoJSON with ``bbox``)."""
    west, south, east, north = outline["bbox"]
    rows = round((north - south) / _STEP_LATITUDE)
    columns = round((east - west) / _STEP_LONGITUDE)
    cells = np.zeros((rows, columns), dtype=np.bool_)
    for polygon in _polygons(outline):
        _fill(cells, polygon, west, south)
    return Land(west, south, _widened(cells))


def _polygons(outline: Mapping[str, Any]) -> Iterator[list[Numbers]]:
    for feature in outline["features"]:
        geometry = feature["geometry"]
        parts = geometry["coordinates"]
        for rings in parts if geometry["type"] == "MultiPolygon" else [parts]:
            yield [np.array(ring, dtype=np.float64)[:, :2] for ring in rings]


def _fill(cells: NDArray[np.bool_], rings: list[Numbers], west: float, south: float) -> None:
    """Even-odd, row by row: a cell is land when an odd number of edges lie west of its middle."""
    begin = np.concatenate([ring[:-1] for ring in rings])
    end = np.concatenate([ring[1:] for ring in rings])
    low, high = np.minimum(begin[:, 1], end[:, 1]), np.maximum(begin[:, 1], end[:, 1])
    first = max(int((low.min() - south) / _STEP_LATITUDE) - 1, 0)
    last = min(int((high.max() - south) / _STEP_LATITUDE) + 2, cells.shape[0])
    middles = west + (np.arange(cells.shape[1]) + 0.5) * _STEP_LONGITUDE
    for row in range(first, last):
        latitude = south + (row + 0.5) * _STEP_LATITUDE
        crossed = (low <= latitude) & (high > latitude)
        if not crossed.any():
            continue
        one, two = begin[crossed], end[crossed]
        along = (latitude - one[:, 1]) / (two[:, 1] - one[:, 1])
        crossings = np.sort(one[:, 0] + along * (two[:, 0] - one[:, 0]))
        cells[row] |= np.searchsorted(crossings, middles) % 2 == 1


def _widened(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wide = cells.copy()
    for _turn in range(_COAST):
        grown = wide.copy()
        grown[1:] |= wide[:-1]
        grown[:-1] |= wide[1:]
        grown[:, 1:] |= wide[:, :-1]
        grown[:, :-1] |= wide[:, 1:]
        wide = grown
    return wide
