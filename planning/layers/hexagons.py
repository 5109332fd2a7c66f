"""Candidate sites on a hexagonal grid (H3), near demand and near roads (pure)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import h3
import numpy as np

from planning.layers.facts import Points, Spot
from planning.layers.land import bundled

FINEST, COARSEST = 8, 5
EDGES_KM: Final = {5: 9.85, 6: 3.72, 7: 1.41, 8: 0.53}
"""The mean edge of a hexagon by resolution."""
MOST_RINGS: Final = 40
MOST_CELLS: Final = 400_000

Line = Sequence[Sequence[float]]


class GridError(ValueError):
    """A grid that cannot be; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Grid:
    """How fine, and how near to demand and to roads (None: anywhere) a hexagon must be."""

    resolution: int = 7
    demand_km: float = 5.0
    road_km: float | None = None
    most: int = 2_000

    def rings(self, km: float) -> int:
        """Rings of neighbours within so many km; hexagons lie 1.73 edges apart."""
        found = math.floor(km / (EDGES_KM[self.resolution] * math.sqrt(3)))
        if found > MOST_RINGS:
            raise GridError("too_fine")
        return found


def candidates_on(grid: Grid, demand: Points, lines: Sequence[Line]) -> list[Spot]:
    """Middles of hexagons by the demand around them, the most first; none at sea.

    GridError when the hexagons are too fine for the distances, or when roads are asked for and
    there is no line of one.
    """
    if grid.road_km is not None and not lines:
        raise GridError("no_lines")
    weights, names = _around(grid, demand)
    cells = sorted(weights, key=lambda cell: (-weights[cell], cell))
    if grid.road_km is not None:
        near = _near_roads(grid, lines)
        cells = [cell for cell in cells if cell in near]
    kept: list[Spot] = []
    middles = [h3.cell_to_latlng(cell) for cell in cells]
    longitude = np.array([one[1] for one in middles], dtype=np.float64)
    latitude = np.array([one[0] for one in middles], dtype=np.float64)
    wet = bundled().is_at_sea(longitude, latitude) if cells else np.zeros(0, dtype=np.bool_)
    for at, cell in enumerate(cells):
        if not wet[at] and len(kept) < grid.most:
            label = f"{names[cell]} {cell.rstrip('f')[-6:]}".strip()
            place = round(middles[at][1], 6), round(middles[at][0], 6)
            kept.append(Spot(*place, round(weights[cell], 3), label, {"h3": cell}))
    return kept


def _around(grid: Grid, demand: Points) -> tuple[dict[str, float], dict[str, str]]:
    """The demand around each hexagon, and the name of its heaviest place."""
    own: dict[str, float] = {}
    named: dict[str, tuple[float, str]] = {}
    rows = zip(
        demand.latitude.tolist(),
        demand.longitude.tolist(),
        demand.weight.tolist(),
        demand.labels,
        strict=True,
    )
    for latitude, longitude, weight, label in rows:
        if weight > 0:
            cell = h3.latlng_to_cell(latitude, longitude, grid.resolution)
            own[cell] = own.get(cell, 0.0) + weight
            named[cell] = max(named.get(cell, (0.0, "")), (weight, label))
    rings = grid.rings(grid.demand_km)
    if len(own) * (3 * rings * (rings + 1) + 1) > MOST_CELLS * 4:
        raise GridError("too_fine")
    weights: dict[str, float] = {}
    best: dict[str, tuple[float, str]] = {}
    for cell, weight in own.items():
        for other in h3.grid_disk(cell, rings):
            weights[other] = weights.get(other, 0.0) + weight
            best[other] = max(best.get(other, (0.0, "")), named[cell])
    return weights, {cell: label for cell, (_weight, label) in best.items()}


def _near_roads(grid: Grid, lines: Sequence[Line]) -> set[str]:
    step = EDGES_KM[grid.resolution]
    along: set[str] = set()
    for line in lines:
        for one, two in pairwise(line):
            km = math.hypot(
                (two[0] - one[0]) * math.cos(math.radians(one[1])) * 111.3,
                (two[1] - one[1]) * 111.3,
            )
            for share in np.linspace(0, 1, max(2, math.ceil(km / step) + 1)).tolist():
                longitude = one[0] + share * (two[0] - one[0])
                latitude = one[1] + share * (two[1] - one[1])
                along.add(h3.latlng_to_cell(latitude, longitude, grid.resolution))
                if len(along) > MOST_CELLS:
                    raise GridError("too_fine")
    rings = grid.rings(grid.road_km or 0.0)
    if len(along) * (3 * rings * (rings + 1) + 1) > MOST_CELLS * 10:
        raise GridError("too_fine")
    return {near for cell in along for near in h3.grid_disk(cell, rings)}


def lines_in(geometries: Sequence[Mapping[str, Any] | None]) -> list[Line]:
    """The lines among geometries (GeoJSON)."""
    found: list[Line] = []
    for one in geometries:
        if one and one.get("type") == "LineString":
            found.append(one["coordinates"])
        elif one and one.get("type") == "MultiLineString":
            found.extend(one["coordinates"])
    return found
