"""What grid and areas say of candidates (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.layers.facts import Numbers, Points
from planning.solving.paths import coordinates, haversine
from planning.solving.problems import Point
from planning.studies.question import Place

GRID_KM: Final = 5.0


def connected(candidates: tuple[Place, ...], grid: Points) -> tuple[Place, ...]:
    """Candidates that tell nothing of the grid take capacity and cost of the nearest point within
    5 km."""
    if not len(grid) or not candidates:
        return candidates
    there = np.column_stack([grid.longitude, grid.latitude])
    costs = grid.numbers("connection_cost", 0.0)
    return tuple(
        place if place.grid_kw is not None else _fed(place, grid, there, costs)
        for place in candidates
    )


def _fed(place: Place, grid: Points, there: Numbers, costs: Numbers) -> Place:
    far = haversine(coordinates((place.point,)), there)[0]
    nearest = int(np.argmin(far))
    if far[nearest] > GRID_KM * 1000:
        return place
    cost = place.connection or float(costs[nearest])
    return replace(place, grid_kw=float(grid.weight[nearest]), connection=cost)


def inside(candidates: tuple[Place, ...], areas: Sequence[Mapping[str, Any]]) -> tuple[Place, ...]:
    """Candidates that lie in one of the areas; all of them without any area."""
    if not areas or not candidates:
        return candidates
    kept = lying_in(tuple(one.point for one in candidates), areas)
    return tuple(one for one, keep in zip(candidates, kept.tolist(), strict=True) if keep)


def lying_in(points: tuple[Point, ...], areas: Sequence[Mapping[str, Any]]) -> NDArray[np.bool_]:
    """Which positions lie in one of the areas."""
    every = coordinates(points)
    found = np.zeros(len(every), dtype=np.bool_)
    for geometry in areas:
        found |= within_area(geometry, every[:, 0], every[:, 1])
    return found


def within_area(
    geometry: Mapping[str, Any], longitude: Numbers, latitude: Numbers
) -> NDArray[np.bool_]:
    """Which positions lie in a Polygon or MultiPolygon, by even and odd crossings."""
    parts = geometry["coordinates"]
    found = np.zeros(len(longitude), dtype=np.bool_)
    for rings in parts if geometry["type"] == "MultiPolygon" else [parts]:
        odd = np.zeros(len(longitude), dtype=np.bool_)
        for ring in rings:
            odd ^= _crossed(np.array(ring, dtype=np.float64)[:, :2], longitude, latitude)
        found |= odd
    return found


def _crossed(ring: Numbers, longitude: Numbers, latitude: Numbers) -> NDArray[np.bool_]:
    odd = np.zeros(len(longitude), dtype=np.bool_)
    for (x1, y1), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        between = (y1 > latitude) != (y2 > latitude)
        odd ^= between & (longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1)
    return odd
