"""What regulation (EU) 2023/1804 (AFIR) wants along a road: distances and power by date (pure).

Article 3 asks for pools in each direction of travel at most 60 km apart: along the TEN-T core
network from the end of 2025, along the comprehensive network from the end of 2027 on half of its
length and from 2030 on all of it. A station at a town or junction serves both directions unless it
is told to serve only the one ``towards`` a town; a stretch may have a row, and so a length, for
each.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from planning.solving.problems import Edge
from planning.solving.trips import neighbours, shortest
from planning.studies.roads import COMPREHENSIVE, CORE, NO_NETWORK, Roads

Along = list[tuple[int, float]]
"""Vertices in order, and how far along each is (km)."""
MOST_KM: Final = 60.0
STRONG_KW: Final = 150.0
MOST_STRETCHES: Final = 200
STRICTEST_FIRST: Final = (CORE, COMPREHENSIVE, NO_NETWORK)
ONE_POOL, FARTHER = "one_pool", "farther"
EASES: Final = ((3_000.0, FARTHER), (8_500.0, ONE_POOL))
"""With fewer light vehicles a day a member state may allow 100 km, or one pool for both ways."""


@dataclass(frozen=True, slots=True)
class Target:
    """From a day on: a pool's power each way, how many of its points have 150 kW, and on what
    share of the length."""

    since_on: date
    pool_kw: float
    strong: int
    share: float = 1.0


TARGETS: Final[Mapping[str, tuple[Target, ...]]] = {
    CORE: (Target(date(2025, 12, 31), 400.0, 1), Target(date(2027, 12, 31), 600.0, 2)),
    COMPREHENSIVE: (
        Target(date(2027, 12, 31), 300.0, 1, 0.5),
        Target(date(2030, 12, 31), 300.0, 1),
        Target(date(2035, 12, 31), 600.0, 2),
    ),
}


@dataclass(frozen=True, slots=True)
class Pool:
    """A station at a vertex. ``towards`` empty: it serves both ways; ``power_kw`` None: not
    known; ``strong``: points of 150 kW or more."""

    vertex: int
    name: str
    towards: str = ""
    power_kw: float | None = None
    strong: int = 0
    stands: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is one for the distance: not when it is known to have no point of 150 kW."""
        return self.power_kw is None or self.strong > 0 or not self.stands


def pool_at(vertex: int, name: str, towards: str, evses: float | None, power_kw: float | None,
            *, stands: bool) -> Pool:  # fmt: skip
    """A pool of so many EVSEs of a power, where both are known."""
    if not evses or power_kw is None:
        return Pool(vertex, name, towards, stands=stands)
    strong = int(evses) if power_kw >= STRONG_KW else 0
    return Pool(vertex, name, towards, evses * power_kw, strong, stands=stands)


def pools_judged(roads: Roads, pools: Iterable[Pool]) -> list[dict[str, Any]]:
    """What each pool of known power lacks by each date, on the strictest network it lies at."""
    networks = _networks_at(roads)
    found = []
    for one in pools:
        network = networks.get(one.vertex, "")
        if one.power_kw is None or network not in TARGETS:
            continue
        ways = 1 if one.towards else 2
        found.append(
            {
                "name": one.name,
                "stands": one.stands,
                "towards": one.towards,
                "network": network,
                "power_kw": one.power_kw,
                "dates": [_power(one, ways, target) for target in TARGETS[network]],
            }
        )
    return found


def _power(pool: Pool, ways: int, target: Target) -> dict[str, Any]:
    wanted = ways * target.pool_kw
    missing = max(0.0, wanted - (pool.power_kw or 0.0))
    strong = max(0, ways * target.strong - pool.strong)
    return {
        "since_on": target.since_on.isoformat(),
        "wanted_kw": wanted,
        "missing_kw": missing,
        "missing_strong": strong,
        "is_met": not missing and not strong,
    }


def _networks_at(roads: Roads) -> dict[int, str]:
    found: dict[int, str] = {}
    for (begin, end, _km), network in zip(roads.edges, roads.judged_as, strict=True):
        for vertex in (begin, end):
            if found.get(vertex) != CORE and network:
                found[vertex] = network
    return found


def judged(roads: Roads, pools: Collection[Pool]) -> list[dict[str, Any]]:
    """Each named road by network and direction: the length of it in the network, pools, the
    longest gap with the ends of it, and whether the distance is met by each date. A gap goes on
    where the network changes; it counts for each network it holds a stretch of. The longest gap
    comes first."""
    directions = Directions(roads)
    found = [
        way
        for road in sorted(set(roads.roads))
        if road
        for way in _road(roads, road, pools, directions)
    ]
    return sorted(
        found, key=lambda one: (-one["gap_km"], one["road"], one["towards"], one["network"])
    )


def _road(
    roads: Roads, road: str, pools: Collection[Pool], directions: Directions
) -> list[dict[str, Any]]:
    rows = [at for at, name in enumerate(roads.roads) if name == road]
    edges = [roads.edges[at] for at in rows]
    judged_as = roads.judged_as
    lengths, networks = _lengths(edges), _strictest(roads, rows, judged_as)
    ways = [
        _Driven.along([one for one, _km in way], lengths, networks, pools, directions)
        for part in chains(edges)
        for way in (part, part[::-1])
    ]
    eases = {
        network: _eases_of(roads, [at for at in rows if judged_as[at] == network])
        for network in set(networks.values())
    }
    return [
        {
            "road": road,
            "network": network,
            "is_told": any(one is not None for one in roads.networks),
            "eases": eases[network],
            **judgement,
            "dates": [
                {
                    "since_on": target.since_on.isoformat(),
                    "share": target.share,
                    "is_met": judgement["met_share"] >= target.share - 1e-9,
                }
                for target in TARGETS.get(network, ())
            ],
        }
        for way in ways
        for network in sorted(set(way.networks))
        for judgement in [way.judged(roads, network)]
    ]


def _strictest(
    roads: Roads, rows: Iterable[int], judged_as: Sequence[str]
) -> dict[tuple[int, int], str]:
    """The network of each stretch, whichever way it is driven; of several rows the strictest."""
    found: dict[tuple[int, int], str] = {}
    for at in rows:
        begin, end, _km = roads.edges[at]
        for pair in ((begin, end), (end, begin)):
            told = (found.get(pair, NO_NETWORK), judged_as[at])
            found[pair] = min(told, key=STRICTEST_FIRST.index)
    return found


def _eases_of(roads: Roads, rows: Iterable[int]) -> str:
    """What few light vehicles ease, where all rows tell how many."""
    light = [roads.light[at] for at in rows] if roads.light else []
    known = [one for one in light if one is not None]
    return _eases(max(known)) if known and len(known) == len(light) else ""


def _eases(light: float) -> str:
    return next((name for most, name in EASES if light < most), "")


def _lengths(edges: Sequence[Edge]) -> dict[tuple[int, int], float]:
    """Of each stretch in each direction; a row counts the other way too where that has none."""
    found: dict[tuple[int, int], float] = {}
    for begin, end, km in edges:
        found[begin, end] = max(km, found.get((begin, end), 0.0))
    return found | {
        (end, begin): km for (begin, end), km in found.items() if (end, begin) not in found
    }


class Directions:
    """Whether who drives on from a vertex drives towards a town: it lies ahead on the way, or, of
    a town beside it, the next vertex is nearer."""

    def __init__(self, roads: Roads) -> None:
        self.numbers = {name.casefold(): at for at, name in enumerate(roads.names)}
        self._near = neighbours(roads.network)
        self._far: dict[int, list[float]] = {}

    def leads(self, way: Sequence[int], at: int, towards: str) -> bool:
        """Whether the way leads from its vertex ``at`` towards the town."""
        town = self.numbers.get(towards.casefold())
        if town is None or at + 1 == len(way):
            return False
        if town in way:
            return town in way[at + 1 :]
        far = self.far_from(town)
        return far[way[at + 1]] < far[way[at]]

    def far_from(self, town: int) -> list[float]:
        """How far each vertex is from a town."""
        if town not in self._far:
            self._far[town], _before = shortest(self._near, town)
        return self._far[town]

    def knows(self, vertices: Iterable[int], towards: str) -> bool:
        """Whether roads lead from one of the vertices to another that is called so."""
        town = self.numbers.get(towards.casefold())
        return town is not None and any(
            one != town and self.far_from(town)[one] < math.inf for one in vertices
        )


@dataclass(frozen=True, slots=True)
class _Driven:
    """One direction of a part of a road: vertices, how far along each is, the network of each
    stretch between two, and which vertices have a pool for this direction."""

    vertices: Sequence[int]
    km: Sequence[float]
    networks: Sequence[str]
    serving: Sequence[int]

    @classmethod
    def along(
        cls,
        vertices: Sequence[int],
        lengths: Mapping[tuple[int, int], float],
        networks: Mapping[tuple[int, int], str],
        pools: Collection[Pool],
        directions: Directions,
    ) -> _Driven:
        km = [0.0]
        for pair in pairwise(vertices):
            km.append(km[-1] + lengths[pair])
        serving = [at for at in range(len(vertices)) if _serves(vertices, at, pools, directions)]
        return cls(vertices, km, [networks[pair] for pair in pairwise(vertices)], serving)

    def judged(self, roads: Roads, network: str) -> dict[str, Any]:
        """The gaps that hold a stretch of the network; only its own km count as met or not."""
        last = len(self.vertices) - 1
        stops = [0, *[at for at in self.serving if 0 < at < last], last]
        every = [
            (self.km[two] - self.km[one], one, two, self._km_of(network, one, two))
            for one, two in pairwise(stops)
        ]
        gaps = [one for one in every if network in self.networks[one[1] : one[2]]]
        gap, begin, end, _own = max(gaps)
        total = math.fsum(own for _long, _begin, _end, own in gaps)
        good = math.fsum(own for long, _begin, _end, own in gaps if long <= MOST_KM)
        return {
            "towards": roads.names[self.vertices[-1]],
            "km": round(total, 1),
            "stations": sum(
                network in self.networks[max(0, at - 1) : at + 1] for at in self.serving
            ),
            "gap_km": round(gap, 1),
            "from": roads.names[self.vertices[begin]],
            "to": roads.names[self.vertices[end]],
            "misses_km": round(max(0.0, gap - MOST_KM), 1),
            "is_met": gap <= MOST_KM,
            "met_share": good / total if total else 1.0,
            "stretches": [
                {
                    "from": roads.names[self.vertices[start]],
                    "to": roads.names[self.vertices[stop]],
                    "km": round(long, 1),
                    "misses_km": round(long - MOST_KM, 1),
                }
                for long, start, stop, _own in gaps
                if long > MOST_KM
            ],
        }

    def _km_of(self, network: str, begin: int, end: int) -> float:
        return math.fsum(
            self.km[at + 1] - self.km[at]
            for at in range(begin, end)
            if self.networks[at] == network
        )


def _serves(way: Sequence[int], at: int, pools: Collection[Pool], directions: Directions) -> bool:
    """Whether a pool stands there for those who drive this way."""
    return any(
        one.counts and (not one.towards or directions.leads(way, at, one.towards))
        for one in pools
        if one.vertex == way[at]
    )


def too_long(ways: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every stretch between pools that is too long, of roads on which a distance is wanted, those
    that miss most first; one that lies in two networks once."""
    found = {
        (way["road"], way["towards"], stretch["from"], stretch["to"]): {
            "road": way["road"], "towards": way["towards"], **stretch,
        }
        for way in ways
        if way.get("network")
        for stretch in way.get("stretches", ())
    }  # fmt: skip
    return sorted(found.values(), key=lambda one: -one["misses_km"])[:MOST_STRETCHES]


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
