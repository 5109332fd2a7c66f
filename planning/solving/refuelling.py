"""Most volume of trips with stations at p vertices: flow refuelling, with a bound (pure).

The model is that of arc covers (Capar and others, 2013): a trip counts when each of its stretches
has a station in reach.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.solving.cover_sets import Lists, lists
from planning.solving.highs import INFINITE, Model, run
from planning.solving.plan import Plan, Watch, impossible, settled
from planning.solving.problems import Refuelling
from planning.solving.trips import Needs, Trips, trips

Mask = NDArray[np.bool_]

EXCHANGE_WORK: Final = 400_000_000


@dataclass(frozen=True, slots=True)
class Corridors:
    """Sets of vertices of which one is needed, and which trips need which sets."""

    holds: Mask
    """Sets as rows, vertices as columns."""
    needs: Lists
    volumes: NDArray[np.float64]
    free: Mask
    """Vertices where a station may be built."""

    @property
    def sizes(self) -> NDArray[Any]:
        """How many sets each trip needs."""
        return np.diff(self.needs.starts)


def solve_refuelling(problem: Refuelling, watch: Watch) -> Plan:
    """The p vertices whose stations serve most volume."""
    free = _free(problem)
    if problem.p > free.sum():
        return impossible(
            f"{problem.p} stations are asked for, and there are {free.sum()} vertices", watch
        )
    found = trips(problem)
    if not found.volumes and found.obstacles:
        return impossible(f"No flow can be served: {found.obstacles[0]}", watch)
    known, left = _left(found, problem)
    corridors = _corridors(left, free)
    stations = greedy(corridors, problem.p, watch)
    begun = np.zeros(len(free), dtype=np.bool_)
    begun[list(problem.begin)] = True
    usable = begun.sum() == problem.p and not (begun & ~free).any()
    if usable and volume(corridors, begun) > volume(corridors, stations):
        stations = begun
    stations = improve(corridors, stations, watch)
    bound = float(corridors.volumes.sum())
    best = volume(corridors, stations)
    watch.tell(known + best, known + bound)
    if best < bound and not watch.over and stations.any() and not (stations == free).all():
        stations, bound = _exactly(corridors, stations, watch, problem.integral)
    objective = math.fsum([known, *corridors.volumes[served(corridors, stations)].tolist()])
    bound = settled(objective, known + bound, integral=problem.integral, lowest=False)
    if problem.p == 0 or (stations == free).all():
        bound = objective
    chosen = tuple(int(one) + 1 for one in np.flatnonzero(stations))
    return Plan(chosen, objective, bound, watch.seconds, problem.integral)


def _free(problem: Refuelling) -> Mask:
    free = np.ones(problem.network.size, dtype=np.bool_)
    free[[*problem.existing, *problem.closed]] = False
    return free


def _left(found: Trips, problem: Refuelling) -> tuple[float, dict[Needs, float]]:
    """What stands serves already, and what the rest needs besides; without what nothing serves."""
    standing, closed = set(problem.existing), frozenset(problem.closed)
    known: list[float] = []
    left: dict[Needs, float] = {}
    for wanted, much in found.volumes.items():
        rest = frozenset(one - closed for one in wanted if not one & standing)
        if not rest:
            known.append(much)
        elif frozenset() not in rest:
            left[rest] = left.get(rest, 0.0) + much
    return math.fsum(known), left


def _corridors(volumes: dict[Needs, float], free: Mask) -> Corridors:
    size = len(free)
    numbers: dict[frozenset[int], int] = {}
    needs = [
        np.array(
            sorted(numbers.setdefault(one, len(numbers)) for one in sorted(wanted, key=sorted)),
            dtype=np.int32,
        )
        for wanted in volumes
    ]
    holds = np.zeros((len(numbers), size), dtype=np.bool_)
    for one, number in numbers.items():
        holds[number, list(one)] = True
    return Corridors(holds, lists(needs), np.array(list(volumes.values()), dtype=np.float64), free)


def served(corridors: Corridors, stations: Mask) -> Mask:
    """Which trips can be made."""
    return _shares(corridors, _hit(corridors, stations)) >= 1.0


def volume(corridors: Corridors, stations: Mask) -> float:
    """What they add up to."""
    return float(corridors.volumes[served(corridors, stations)].sum())


def greedy(corridors: Corridors, count: int, watch: Watch) -> Mask:
    """Station after station, by volume served and, less, by what brings trips nearer to it."""
    size = corridors.holds.shape[1]
    stations = np.zeros(size, dtype=np.bool_)
    hit = np.zeros(len(corridors.holds), dtype=np.bool_)
    for _ in range(count):
        worth = np.full(size, -1.0)
        for vertex in np.flatnonzero(corridors.free & ~stations).tolist():
            worth[vertex] = 0.0 if watch.over else _worth(corridors, hit, vertex)
        best = int(np.argmax(worth))
        stations[best] = True
        hit |= corridors.holds[:, best]
    return stations


def improve(corridors: Corridors, stations: Mask, watch: Watch) -> Mask:
    """Move one station as long as that serves more, where the network is small enough."""
    pairs = len(corridors.needs.numbers) * int(stations.sum()) * len(stations)
    best = volume(corridors, stations)
    better = pairs <= EXCHANGE_WORK
    while better and not watch.over:
        better = False
        for out in np.flatnonzero(stations).tolist():
            rest = stations.copy()
            rest[out] = False
            hit = _hit(corridors, rest)
            for into in np.flatnonzero(corridors.free & ~stations).tolist():
                whole = _shares(corridors, hit | corridors.holds[:, into]) >= 1.0
                met = float(corridors.volumes[whole].sum())
                if met > best * (1 + 1e-12):
                    stations, best, better = rest.copy(), met, True
                    stations[into] = True
                    break
            if better:
                break
    return stations


def _hit(corridors: Corridors, stations: Mask) -> Mask:
    return np.asarray(corridors.holds[:, stations].any(axis=1), dtype=np.bool_)


def _worth(corridors: Corridors, hit: Mask, vertex: int) -> float:
    share = _shares(corridors, hit | corridors.holds[:, vertex])
    return float(corridors.volumes @ ((share >= 1.0) + 0.2 * share**3))


def _shares(corridors: Corridors, hit: Mask) -> NDArray[np.float64]:
    """What share of its sets each trip has."""
    if not len(corridors.volumes):
        return np.zeros(0)
    met = np.add.reduceat(
        hit[corridors.needs.numbers].astype(np.int64), corridors.needs.starts[:-1]
    )
    found: NDArray[np.float64] = met / corridors.sizes
    return found


def _exactly(corridors: Corridors, stations: Mask, watch: Watch, whole: bool) -> tuple[Mask, float]:
    size = len(stations)
    start = np.concatenate([stations, served(corridors, stations)]).astype(np.float64)
    answer = run(_model(corridors, int(stations.sum())), watch, start=start, whole=whole)
    bound = min(answer.bound, float(corridors.volumes.sum()))
    if answer.columns is None:
        return stations, bound
    found: Mask = answer.columns[:size] > 0.5
    better = found.sum() == stations.sum() and volume(corridors, found) > volume(
        corridors, stations
    )
    return (found if better else stations), bound


def _model(corridors: Corridors, count: int) -> Model:
    """Columns: stations, then trips; rows: stations of a set - trip >= 0, and the sum p."""
    sets, size = corridors.holds.shape
    height = len(corridors.needs.numbers)
    members = lists([np.flatnonzero(corridors.holds[one]) for one in range(sets)])
    numbers, owners = members.of(corridors.needs.numbers)
    trip_of = np.repeat(np.arange(len(corridors.volumes)), corridors.sizes)
    ends = np.cumsum(np.bincount(owners, minlength=height))
    return Model(
        costs=np.concatenate([np.zeros(size), corridors.volumes]),
        upper=np.append(corridors.free.astype(np.float64), np.ones(len(corridors.volumes))),
        integers=size,
        row_lower=np.append(np.zeros(height), count),
        row_upper=np.array([INFINITE] * height + [float(count)]),
        starts=np.concatenate([[0], ends + np.arange(1, height + 1), [0]])[:-1],
        indices=np.concatenate([np.insert(numbers, ends, size + trip_of), np.arange(size)]),
        values=np.concatenate([np.insert(np.ones(len(numbers)), ends, -1.0), np.ones(size)]),
        maximise=True,
    )
