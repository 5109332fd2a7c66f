"""What regulation (EU) 2023/1804 (AFIR) wants along a road: distances and power by date (pure).

Articles 3 and 4 ask for pools each way along the TEN-T core network: at most 60 km apart, with a
power that grows by date. What is judged here is one road as the layer tells it, both ways alike.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from planning.studies.roads import Roads

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
    return sorted((one for one in found if one), key=lambda one: -one["gap_km"])


def _road(roads: Roads, name: str, stations: set[int]) -> dict[str, Any]:
    edges = [edge for edge, road in zip(roads.edges, roads.roads, strict=True) if road == name]
    along = chain(edges)
    stops = [along[0], *[one for one in along[1:-1] if one[0] in stations], along[-1]]
    gaps = [(two[1] - one[1], one[0], two[0]) for one, two in pairwise(stops)] or [
        (0.0, along[0][0], along[0][0])
    ]
    gap, begin, end = max(gaps)
    return {
        "road": name,
        "km": round(along[-1][1], 1),
        "stations": sum(1 for number, _km in along if number in stations),
        "gap_km": round(gap, 1),
        "from": roads.names[begin],
        "to": roads.names[end],
        "is_met": gap <= MOST_KM,
    }


def chain(edges: Sequence[tuple[int, int, float]]) -> list[tuple[int, float]]:
    """The vertices of a road in order with how far along they are: the longest way without going
    back over a stretch, from an end of it."""
    near: dict[int, list[tuple[int, int, float]]] = {}
    for number, (begin, end, km) in enumerate(edges):
        near.setdefault(begin, []).append((number, end, km))
        near.setdefault(end, []).append((number, begin, km))
    ends = [one for one, next_to in near.items() if len(next_to) == 1] or list(near)[:1]
    return max((_walked(near, begin) for begin in ends), key=lambda way: way[-1][1])


def _walked(
    near: Mapping[int, Sequence[tuple[int, int, float]]], begin: int
) -> list[tuple[int, float]]:
    way, used, here, km = [(begin, 0.0)], set[int](), begin, 0.0
    while True:
        ahead = [one for one in near[here] if one[0] not in used]
        if not ahead:
            return way
        number, here, step = max(ahead, key=lambda one: len(near[one[1]]))
        used.add(number)
        km += step
        way.append((here, km))
