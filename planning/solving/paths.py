"""Shortest paths in a network, and distances between points (pure)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.solving.problems import GREAT_CIRCLE, Network, Point

Matrix = NDArray[np.float64]

EARTH_RADIUS_M: Final = 6_378_100.0
_ROWS: Final = 2_000_000
"""Cells that are worked on at once, so that memory stays small."""


def all_distances(network: Network) -> Matrix:
    """The least cost between every two vertices (Floyd, Warshall); infinite without a way."""
    found = np.full((network.size, network.size), np.inf)
    np.fill_diagonal(found, 0.0)
    for begin, end, cost in network.edges:
        found[begin, end] = found[end, begin] = cost
    detour = np.empty_like(found)
    for middle in range(network.size):
        reached = np.flatnonzero(np.isfinite(found[middle]))
        if len(reached) == network.size:
            np.add(found[:, middle, None], found[middle], out=detour)
            np.minimum(found, detour, out=found)
        else:
            among = np.ix_(reached, reached)
            through = found[reached, middle, None] + found[middle, reached]
            found[among] = np.minimum(found[among], through)
    return found


def distances(points: tuple[Point, ...], places: tuple[Point, ...], metric: str) -> Matrix:
    """From each point (row) to each place (column): plane, or metres on the globe."""
    here, there = coordinates(points), coordinates(places)
    found = np.empty((len(here), len(there)))
    step = max(1, _ROWS // max(1, len(there)))
    for begin in range(0, len(here), step):
        part = here[begin : begin + step]
        found[begin : begin + step] = (
            haversine(part, there) if metric == GREAT_CIRCLE else plane(part, there)
        )
    return found


def coordinates(points: tuple[Point, ...]) -> Matrix:
    """Rows of x and y."""
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def plane(here: Matrix, there: Matrix) -> Matrix:
    """Straight lines."""
    return np.hypot(here[:, None, 0] - there[None, :, 0], here[:, None, 1] - there[None, :, 1])


def haversine(here: Matrix, there: Matrix) -> Matrix:
    """Great circles in metres; x is longitude, y latitude, in degrees."""
    near, far = np.radians(here), np.radians(there)
    across = np.sin((near[:, None, 0] - far[None, :, 0]) / 2) ** 2
    along = np.sin((near[:, None, 1] - far[None, :, 1]) / 2) ** 2
    turn = along + np.cos(near[:, 1])[:, None] * np.cos(far[:, 1])[None, :] * across
    found: NDArray[Any] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(turn, 0.0, 1.0)))
    return found
