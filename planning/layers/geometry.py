"""Geometries of files: their middles, and the same in WGS 84 (pure)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

Position = tuple[float, float]
MOST_POSITIONS: Final = 20_000
_DEPTHS: Final = {
    "Point": 0, "MultiPoint": 1, "LineString": 1,
    "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3,
}  # fmt: skip


def is_readable(geometry: Mapping[str, Any]) -> bool:
    """Whether a geometry is of a known kind with finite positions, and not too long."""
    depth = _DEPTHS.get(str(geometry.get("type")))
    if depth is None:
        return False
    try:
        count = sum(1 for _one in _positions(geometry.get("coordinates"), depth))
    except (TypeError, ValueError, IndexError, OverflowError):
        return False
    return 0 < count <= MOST_POSITIONS


def positions_of(geometry: Mapping[str, Any]) -> list[Position]:
    """Every position of a readable geometry, in order."""
    return list(_positions(geometry["coordinates"], _DEPTHS[str(geometry["type"])]))


def middle_of(geometry: Mapping[str, Any]) -> Position:
    """Where a readable geometry stands: halfway along its longest line, in the middle of its
    largest area, or the mean of its points."""
    kind, parts = str(geometry["type"]), geometry["coordinates"]
    if kind in ("Point", "MultiPoint"):
        return _mean(positions_of(geometry))
    if kind in ("LineString", "MultiLineString"):
        lines = [parts] if kind == "LineString" else parts
        return _halfway(max((list(_positions(one, 1)) for one in lines), key=_length))
    rings = [parts[0]] if kind == "Polygon" else [area[0] for area in parts if area]
    return _centroid(max((list(_positions(one, 1)) for one in rings), key=lambda r: abs(_area(r))))


def moved(geometry: Mapping[str, Any], move: Callable[[list[Position]], list[Position]]) -> Any:
    """The same geometry with all positions changed at once."""
    fresh = iter(move(positions_of(geometry)))
    depth = _DEPTHS[str(geometry["type"])]
    return {
        "type": geometry["type"],
        "coordinates": _rebuilt(geometry["coordinates"], depth, fresh),
    }


def _rebuilt(parts: Any, depth: int, fresh: Iterator[Position]) -> Any:
    if depth == 0:
        longitude, latitude = next(fresh)
        return [round(longitude, 6), round(latitude, 6)]
    return [_rebuilt(one, depth - 1, fresh) for one in parts]


def _positions(parts: Any, depth: int) -> Iterator[Position]:
    if depth == 0:
        east, north = float(parts[0]), float(parts[1])
        if not (math.isfinite(east) and math.isfinite(north)):
            raise ValueError
        yield east, north
        return
    if not isinstance(parts, list | tuple):
        raise TypeError
    for one in parts:
        yield from _positions(one, depth - 1)


def _mean(places: Sequence[Position]) -> Position:
    count = len(places)
    return math.fsum(one[0] for one in places) / count, math.fsum(one[1] for one in places) / count


def _length(line: Sequence[Position]) -> float:
    return math.fsum(math.dist(a, b) for a, b in pairwise(line))


def _halfway(line: Sequence[Position]) -> Position:
    left = _length(line) / 2
    for one, two in pairwise(line):
        step = math.dist(one, two)
        if step >= left and step > 0:
            part = left / step
            return one[0] + part * (two[0] - one[0]), one[1] + part * (two[1] - one[1])
        left -= step
    return line[0]


def _area(ring: Sequence[Position]) -> float:
    east, north = ring[0]
    return math.fsum(
        (a[0] - east) * (b[1] - north) - (b[0] - east) * (a[1] - north) for a, b in pairwise(ring)
    )


def _centroid(ring: Sequence[Position]) -> Position:
    area = _area(ring)
    if not area:
        return _mean(ring)
    east, north = ring[0]
    pairs = [((a[0] - east, a[1] - north), (b[0] - east, b[1] - north)) for a, b in pairwise(ring)]
    x = math.fsum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs)
    y = math.fsum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs)
    return east + x / (3 * area), north + y / (3 * area)
