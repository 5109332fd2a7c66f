"""Which candidates lie within a radius of which demand, by a grid of buckets (pure)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.solving.paths import EARTH_RADIUS_M, Matrix, coordinates, haversine
from planning.solving.problems import GREAT_CIRCLE, Point

Numbers = NDArray[np.int32]

MOST_PAIRS: Final = 60_000_000
"""Pairs of demand and candidate in reach up to which a cover stays within 2 GiB."""
_CELLS: Final = 2_000_000
_BUCKETS: Final = 64
_EDGE: Final = 1e-12
"""What lies on the edge is covered, whatever the last digit of its distance."""
_EDGE_ON_GLOBE: Final = 1e-9


class TooManyPairs(ValueError):
    """More candidates in reach than memory holds."""


def within(
    demand: tuple[Point, ...],
    candidates: tuple[Point, ...],
    radius: float,
    metric: str,
    kept: int = 0,
) -> list[Numbers]:
    """For each demand the numbers of the candidates at no more than ``radius``, ascending.

    TooManyPairs when there are more than 60 million, with the ``kept`` ones of other radii.
    """
    here, there = coordinates(demand), coordinates(candidates)
    found: list[Numbers] = [np.empty(0, dtype=np.int32)] * len(here)
    pairs = kept
    for rows, columns in _near(here, there, radius, metric):
        step = max(1, _CELLS // len(columns))
        for begin in range(0, len(rows), step):
            part = rows[begin : begin + step]
            hits = _hits(here[part], there[columns], radius, metric)
            for row, mask in zip(part.tolist(), hits, strict=True):
                found[row] = columns[mask]
                pairs += len(found[row])
            if pairs > MOST_PAIRS:
                raise TooManyPairs(pairs)
    return found


def _hits(here: Matrix, there: Matrix, radius: float, metric: str) -> NDArray[np.bool_]:
    if metric == GREAT_CIRCLE:
        return haversine(here, there) <= radius * (1 + _EDGE_ON_GLOBE)
    across = here[:, None, 0] - there[None, :, 0]
    along = here[:, None, 1] - there[None, :, 1]
    found: NDArray[np.bool_] = across**2 + along**2 <= radius**2 * (1 + _EDGE)
    return found


def _near(
    here: Matrix, there: Matrix, radius: float, metric: str
) -> Iterator[tuple[NDArray[Any], Numbers]]:
    """Demands of each bucket with the candidates of that and the buckets around."""
    if metric == GREAT_CIRCLE:
        here, there = _on_sphere(here), _on_sphere(there)
        radius = 2 * math.sin(min(radius / (2 * EARTH_RADIUS_M), math.pi / 2))
    low = np.minimum(here.min(axis=0), there.min(axis=0))
    extent = float((np.maximum(here.max(axis=0), there.max(axis=0)) - low).max())
    size = max(radius * (1 + 1e-6), extent / _BUCKETS) or 1.0
    buckets = _buckets(there, low, size)
    around = list(itertools.product((-1, 0, 1), repeat=here.shape[1]))
    for cell, rows in _buckets(here, low, size).items():
        parts = [
            buckets[near]
            for step in around
            if (near := tuple(a + b for a, b in zip(cell, step, strict=True))) in buckets
        ]
        if parts:
            yield rows, np.sort(np.concatenate(parts)).astype(np.int32)


def _buckets(points: Matrix, low: Matrix, size: float) -> dict[tuple[int, ...], NDArray[Any]]:
    cells = np.floor((points - low) / size).astype(np.int64)
    kinds, which = np.unique(cells, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(which.ravel()))[:-1])
    return {
        tuple(int(one) for one in cell): group for cell, group in zip(kinds, groups, strict=True)
    }


def _on_sphere(points: Matrix) -> Matrix:
    longitude, latitude = np.radians(points).T
    level = np.cos(latitude)
    found: Matrix = np.stack(
        [level * np.cos(longitude), level * np.sin(longitude), np.sin(latitude)], axis=1
    )
    return found
