"""What regulation (EU) 2023/1804 (AFIR) wants along a road: distances and power by date (pure).

Articles 3 and 4 ask for pools each way along the TEN-T core network: at most 60 km apart, with a
power that grows by date. What is judged here is one road as the layer tells it. A station at a
town or junction serves both directions; where a stretch has a row for each of them, the longer one
counts, so that a distance is only met when it is met both ways.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from planning.solving.problems import Edge
from planning.studies.roads import Roads

Along = list[tuple[int, float]]
"""Vertices in order, and how far along each is (km)."""
MOST_KM: Final = 60.0


@dataclass(frozen=True, slots=True)
class Target:
    """From a day on: a pool's power each way, and how many of its points have 150 kW."""

    since_on: date
    pool_kw: float
    strong: int


TARGETS: Final = (
    Target(date(2025, 12, 31), 400.0, 1),
    Target(date(2027, 12, 31), 600.0, 2),
)


def target_on(day: date) -> Target:
    """What counts on a day; before the first day the first one to come."""
    return next((one for one in reversed(TARGETS) if one.since_on <= day), TARGETS[0])


def power_of(worth: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """Whether a site of this size has the power of a pool each way."""
    evses, power = int(worth.get("evses") or 0), float(worth.get("power_kw") or 0.0)
    strong = evses if power >= 150 else 0
    wanted = 2 * target.pool_kw
    return {
        "power_kw": evses * power,
        "wanted_kw": wanted,
        "is_met": evses * power >= wanted and strong >= 2 * target.strong,
    }


def judged(roads: Roads, stations: Collection[int]) -> list[dict[str, Any]]:
    """Each named road: its length, stations, and its longest gap with the ends of it."""
    names = sorted({name for name in roads.roads if name})
    found = [_road(roads, name, set(stations)) for name in names]
    return sorted(found, key=lambda one: -one["gap_km"])


def _road(roads: Roads, name: str, stations: set[int]) -> dict[str, Any]:
    edges = [edge for edge, road in zip(roads.edges, roads.roads, strict=True) if road == name]
    parts = chains(edges)
    gap, begin, end = max(one for part in parts for one in _gaps(part, stations))
    passed = {number for part in parts for number, _km in part}
    return {
        "road": name,
        "km": round(sum(part[-1][1] for part in parts), 1),
        "stations": len(passed & stations),
        "gap_km": round(gap, 1),
        "from": roads.names[begin],
        "to": roads.names[end],
        "is_met": gap <= MOST_KM,
    }


def _gaps(part: Along, stations: set[int]) -> list[tuple[float, int, int]]:
    """Between stations that follow each other, and to the ends of the road: km, from, to."""
    stops = [part[0], *[one for one in part[1:-1] if one[0] in stations], part[-1]]
    return [(two[1] - one[1], one[0], two[0]) for one, two in pairwise(stops)]


def chains(edges: Sequence[Edge]) -> list[Along]:
    """The parts of a road: a long way through it, then what branches off and what lies apart."""
    left: dict[tuple[int, int], float] = {}
    for begin, end, km in edges:
        pair = (min(begin, end), max(begin, end))
        left[pair] = max(km, left.get(pair, 0.0))
    found = []
    while left:
        part = chain([(*pair, km) for pair, km in left.items()])
        found.append(part)
        for (one, _km), (two, _further) in pairwise(part):
            del left[min(one, two), max(one, two)]
    return found


def chain(edges: Sequence[Edge]) -> Along:
    """The vertices of a road in order with how far along they are: the longest of the ways that
    start at an end of it and go back over no stretch."""
    near: dict[int, list[tuple[int, int, float]]] = {}
    for number, (begin, end, km) in enumerate(edges):
        near.setdefault(begin, []).append((number, end, km))
        near.setdefault(end, []).append((number, begin, km))
    ends = [one for one, next_to in near.items() if len(next_to) == 1] or list(near)[:1]
    return max((_walked(near, begin) for begin in ends), key=lambda way: way[-1][1])


def _walked(near: Mapping[int, Sequence[tuple[int, int, float]]], begin: int) -> Along:
    way, used, here, km = [(begin, 0.0)], set[int](), begin, 0.0
    while True:
        ahead = [one for one in near[here] if one[0] not in used]
        if not ahead:
            return way
        number, here, step = max(ahead, key=lambda one: len(near[one[1]]))
        used.add(number)
        km += step
        way.append((here, km))
