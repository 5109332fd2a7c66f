"""The problems that can be solved, as facts (pure). Inside, everything counts from 0."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]
Edge = tuple[int, int, float]

EUCLIDEAN = "euclidean"
GREAT_CIRCLE = "great-circle"
METRICS = (EUCLIDEAN, GREAT_CIRCLE)
TIME_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Network:
    """Vertices and what it costs to go between two, either way; each pair stands once."""

    size: int
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Median:
    """Least travel: p sites so that demand goes the least way, by weight, to the nearest.

    Demand is at the vertices of a network or at points; sites can be at ``candidates`` (numbers of
    the same vertices or points) or at ``places`` apart. ``existing`` sites stand outside p.
    """

    p: int
    weights: tuple[float, ...]
    candidates: tuple[int, ...]
    existing: tuple[int, ...]
    network: Network | None = None
    points: tuple[Point, ...] = ()
    places: tuple[Point, ...] = ()
    metric: str = EUCLIDEAN
    integral: bool = False
    first: int = 0
    time_limit_s: float = TIME_LIMIT_S
    begin: tuple[int, ...] = ()
    """Places in ``candidates`` of an earlier plan to go on from."""


@dataclass(frozen=True, slots=True)
class Covering:
    """Most demand within a radius of p of the candidates, or of an existing one."""

    p: int
    radius: float
    demand: tuple[Point, ...]
    weights: tuple[float, ...]
    candidates: tuple[Point, ...]
    existing: tuple[int, ...]
    metric: str = EUCLIDEAN
    integral: bool = False
    time_limit_s: float = TIME_LIMIT_S


@dataclass(frozen=True, slots=True)
class Refuelling:
    """Most volume of trips that can be made again and again, with stations at p vertices.

    ``existing`` ones stand outside p; ``closed`` ones cannot have a station.
    """

    p: int
    range: float
    network: Network
    flows: tuple[Edge, ...]
    integral: bool = False
    time_limit_s: float = TIME_LIMIT_S
    existing: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    begin: tuple[int, ...] = ()
    """Vertices of an earlier plan to go on from."""


Problem = Median | Covering | Refuelling
