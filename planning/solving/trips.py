"""Which stations a trip needs so that it can be made again and again (pure).

A trip goes there and back on the shortest way. Each stretch from one vertex to the next, either
direction, needs a station behind it, no further than the range from its end: on this leg or, round
the turning point, on the one before. So the first station lies within half the range of an origin
without one, and the last within half the range of the destination.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from planning.solving.problems import Network, Refuelling

Needs = frozenset[frozenset[int]]

_EDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Way:
    """The vertices of a way, and how far along it each is."""

    vertices: tuple[int, ...]
    along: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trips:
    """Volume by what it needs (one station of each set); why others cannot be made at all."""

    volumes: dict[Needs, float]
    obstacles: tuple[str, ...]


def trips(problem: Refuelling) -> Trips:
    """The needs of all flows; those with the same needs are one."""
    near = neighbours(problem.network)
    trees: dict[int, tuple[list[float], list[int]]] = {}
    volumes: dict[Needs, float] = {}
    obstacles: list[str] = []
    for begin, end, volume in sorted(problem.flows, key=lambda flow: -flow[2]):
        if begin not in trees:
            trees[begin] = shortest(near, begin)
        path = way(trees[begin], begin, end)
        trouble = _obstacle(path, begin, end, problem.range)
        if trouble or path is None:
            obstacles.append(trouble)
        elif volume > 0:
            wanted = needs(path, problem.range)
            volumes[wanted] = volumes.get(wanted, 0.0) + volume
    return Trips(volumes, tuple(obstacles))


def needs(path: Way, reach: float) -> Needs:
    """One station of each of these sets; sets that hold another are left out."""
    if len(path.vertices) == 1:
        return frozenset({frozenset(path.vertices)})
    limit, length = reach * (1 + _EDGE), path.along[-1]
    there = [length - one for one in reversed(path.along)]
    sets = _one_way(path.along, path.vertices, limit)
    sets |= _one_way(tuple(there), path.vertices[::-1], limit)
    least: list[frozenset[int]] = []
    for one in sorted(sets, key=lambda found: (len(found), sorted(found))):
        if not any(kept <= one for kept in least):
            least.append(one)
    return frozenset(least)


def _one_way(
    along: tuple[float, ...], vertices: tuple[int, ...], limit: float
) -> set[frozenset[int]]:
    found = set()
    for place in range(len(vertices) - 1):
        end = along[place + 1]
        behind = {
            vertex
            for vertex, at in zip(vertices[: place + 1], along, strict=False)
            if end - at <= limit
        }
        before = {
            vertex
            for vertex, at in zip(vertices[place + 1 :], along[place + 1 :], strict=True)
            if end + at <= limit
        }
        found.add(frozenset(behind | before))
    return found


def neighbours(network: Network) -> list[list[tuple[int, float]]]:
    """Each vertex with those next to it, in the order of the input."""
    found: list[list[tuple[int, float]]] = [[] for _ in range(network.size)]
    for begin, end, cost in network.edges:
        found[begin].append((end, cost))
        found[end].append((begin, cost))
    return found


def shortest(near: list[list[tuple[int, float]]], begin: int) -> tuple[list[float], list[int]]:
    """How far each vertex is (Dijkstra), and from where it is reached; the first of equal ways."""
    far, before = [float("inf")] * len(near), [-1] * len(near)
    far[begin] = 0.0
    waiting = [(0.0, begin)]
    while waiting:
        at, vertex = heapq.heappop(waiting)
        if at > far[vertex]:
            continue
        for other, cost in near[vertex]:
            if at + cost < far[other]:
                far[other], before[other] = at + cost, vertex
                heapq.heappush(waiting, (at + cost, other))
    return far, before


def way(tree: tuple[list[float], list[int]], begin: int, end: int) -> Way | None:
    """The shortest way; None where there is none."""
    far, before = tree
    if far[end] == float("inf"):
        return None
    found = [end]
    while found[-1] != begin:
        found.append(before[found[-1]])
    vertices = tuple(reversed(found))
    return Way(vertices, tuple(far[vertex] for vertex in vertices))


def _obstacle(path: Way | None, begin: int, end: int, reach: float) -> str:
    if path is None:
        return f"no way leads from {begin + 1} to {end + 1}"
    for place in range(len(path.vertices) - 1):
        length = path.along[place + 1] - path.along[place]
        if length > reach * (1 + _EDGE):
            one, other = path.vertices[place] + 1, path.vertices[place + 1] + 1
            return f"the stretch from {one} to {other} is {length:g}, beyond the range of {reach:g}"
    return ""
