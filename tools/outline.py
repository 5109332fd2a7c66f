"""Cut countries out of a TopoJSON world and write them as GeoJSON (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def decode_arcs(topology: dict[str, Any]) -> list[Ring]:
    """Arcs in degrees; TopoJSON stores them as steps on an integer grid."""
    (scale_x, scale_y), (move_x, move_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        points: Ring = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(points)
    return arcs


def stitch(indexes: Iterable[int], arcs: Sequence[Ring]) -> Ring:
    """One ring of arcs; ``~index`` is an arc backwards, joints are not repeated."""
    ring: Ring = []
    for index in indexes:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(points[1:] if ring else points)
    return unwrap(ring)


def unwrap(ring: Ring) -> Ring:
    """Longitudes without jumps at the antimeridian (Russia then reaches beyond 180)."""
    straight: Ring = []
    turn = 0.0
    for index, (x, y) in enumerate(ring):
        if index and abs(x - ring[index - 1][0]) > 180:
            turn += 360 if x < ring[index - 1][0] else -360
        straight.append((x + turn, y))
    return straight


def _clip_side(
    ring: Ring, inside: Callable[[Point], bool], cross: Callable[[Point, Point], Point]
) -> Ring:
    """One step of Sutherland and Hodgman's clipping: keep what lies inside one edge."""
    kept: Ring = []
    for before, point in pairwise([ring[-1], *ring] if ring else []):
        if inside(point) != inside(before):
            kept.append(cross(before, point))
        if inside(point):
            kept.append(point)
    return kept


def _crossing(axis: int, edge: float) -> Callable[[Point, Point], Point]:
    def cross(a: Point, b: Point) -> Point:
        share = (edge - a[axis]) / (b[axis] - a[axis])
        other = a[1 - axis] + share * (b[1 - axis] - a[1 - axis])
        return (edge, other) if axis == 0 else (other, edge)

    return cross


def clip(ring: Ring, box: Box) -> Ring:
    """The part of a ring inside the box; empty when there is none."""
    west, south, east, north = box
    ring = _clip_side(ring, lambda p: p[0] >= west, _crossing(0, west))
    ring = _clip_side(ring, lambda p: p[1] >= south, _crossing(1, south))
    ring = _clip_side(ring, lambda p: p[0] <= east, _crossing(0, east))
    return _clip_side(ring, lambda p: p[1] <= north, _crossing(1, north))


def tidy(ring: Ring, decimals: int) -> Ring:
    """Rounded, without repeated points, closed; empty when no area is left."""
    rounded = [(round(x, decimals), round(y, decimals)) for x, y in ring]
    kept = rounded[:1] + [point for before, point in pairwise(rounded) if point != before]
    if kept and kept[0] != kept[-1]:
        kept.append(kept[0])
    return kept if len(kept) >= 4 else []


def cut_countries(topology: dict[str, Any], name: str, box: Box, decimals: int) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of the countries inside ``box`` (properties: name)."""
    arcs = decode_arcs(topology)
    features = []
    for geometry in topology["objects"][name]["geometries"]:
        shapes = geometry.get("arcs", [])
        polygons = shapes if geometry["type"] == "MultiPolygon" else [shapes]
        cut = [_cut_polygon(polygon, arcs, box, decimals) for polygon in polygons]
        coordinates = [polygon for polygon in cut if polygon]
        if coordinates:
            features.append(
                {
                    "type": "Feature",
                    "properties": {"name": geometry["properties"]["name"]},
                    "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
                }
            )
    return {"type": "FeatureCollection", "bbox": list(box), "features": features}


def _cut_polygon(
    rings: Iterable[Iterable[int]], arcs: Sequence[Ring], box: Box, decimals: int
) -> list[Ring]:
    cut = [tidy(clip(stitch(ring, arcs), box), decimals) for ring in rings]
    return [ring for ring in cut if ring] if cut and cut[0] else []
