"""Candidate sites on a hexagonal grid (H3), near demand and near roads (pure)."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
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
AT_ONCE: Final = 2_000

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
    """Middles of hexagons by the demand around them, the most first; none at sea. All demand
    must be in one unit.

    GridError when the hexagons are too fine for the distances, or when roads are asked for and
    there is no line of one.
    """
    if grid.road_km is not None and not lines:
        raise GridError("no_lines")
    weights, names = _around(grid, demand)
    cells = list(weights) if grid.road_km is None else _near_roads(grid, lines, weights)
    cells.sort(key=lambda cell: (-weights[cell], cell))
    return [
        Spot(
            round(longitude, 6),
            round(latitude, 6),
            round(weights[cell], 3),
            f"{names[cell]} {cell.rstrip('f')[-6:]}".strip(),
            {"h3": cell},
        )
        for cell, longitude, latitude in islice(_ashore(cells), grid.most)
    ]


def _ashore(cells: Sequence[str]) -> Iterator[tuple[str, float, float]]:
    """Those not at sea with their middles; of many no more are looked at than are asked for."""
    for begin in range(0, len(cells), AT_ONCE):
        part = cells[begin : begin + AT_ONCE]
        latitude, longitude = np.array([h3.cell_to_latlng(one) for one in part]).T
        wet = bundled().is_at_sea(longitude, latitude)
        for cell, east, north, is_wet in zip(part, longitude, latitude, wet, strict=True):
            if not is_wet:
                yield cell, float(east), float(north)


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


def _near_roads(grid: Grid, lines: Sequence[Line], among: Collection[str]) -> list[str]:
    """Those of some hexagons that lie near a line."""
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
    near = {one for cell in along for one in h3.grid_disk(cell, rings) if one in among}
    return list(near)


def lines_in(geometries: Sequence[Mapping[str, Any] | None]) -> list[Line]:
    """The lines among geometries (GeoJSON)."""
    found: list[Line] = []
    for one in geometries:
        if one and one.get("type") == "LineString":
            found.append(one["coordinates"])
        elif one and one.get("type") == "MultiLineString":
            found.extend(one["coordinates"])
    return found
