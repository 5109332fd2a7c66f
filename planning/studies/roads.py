"""Roads between towns as a network, and trips between towns by a gravity model (pure).

Where nobody has counted who drives where, trips go with the sizes of two towns and fall with the
distance between them to the power 1.5; all of them together use what cars use on long trips.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import Any, Final

import numpy as np

from planning.demand.assumptions import Values
from planning.layers.facts import Points
from planning.solving.paths import coordinates, haversine
from planning.solving.problems import Edge, Network
from planning.solving.trips import neighbours, shortest
from planning.studies.question import StudyRefused

POWER: Final = 1.5
LONG_KM: Final = 50.0
"""Shorter trips are no long ones."""
MOST_FLOWS: Final = 4_000
MOST_ENDS: Final = 2_000

CORE, COMPREHENSIVE, NO_NETWORK = "core", "comprehensive", ""
"""What of the trans-European network a stretch belongs to."""
_NETWORKS: Final = (
    (("extended", "utvidgat"), COMPREHENSIVE),
    (("core", "stom"), CORE),
    (("compr", "överg", "overg", "allmän", "allman"), COMPREHENSIVE),
)
_BOTH: Final = frozenset(
    {"both", "both directions", "both ways", "båda", "båda riktningarna", "båda riktningar"}
    | {"båda hållen", "båda håll", "bägge", "bägge riktningarna", "bägge riktningar"}
    | {"bägge hållen", "bägge håll"}
)

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A row of a layer of roads; ends are names, or positions of its line. ``network``: core,
    comprehensive, empty for none of the two, None where the row does not tell; ``light``: light
    vehicles a day."""

    begin: str
    end: str
    km: float
    road: str
    line: tuple[Position, ...] = ()
    network: str | None = None
    light: float | None = None


@dataclass(frozen=True, slots=True)
class Roads:
    """The network: towns and junctions by number, stretches, and a year's kWh of trips. None may
    be built at the ``closed`` ones."""

    names: tuple[str, ...]
    points: tuple[Position, ...]
    edges: tuple[Edge, ...]
    roads: tuple[str, ...]
    flows: tuple[Edge, ...]
    closed: tuple[int, ...] = ()
    networks: tuple[str | None, ...] = ()
    light: tuple[float | None, ...] = ()

    @property
    def judged_as(self) -> tuple[str, ...]:
        """The network of each stretch; where no row tells any, all are taken as core."""
        if all(one is None for one in self.networks):
            return (CORE,) * len(self.edges)
        return tuple(one or NO_NETWORK for one in self.networks)

    @property
    def parts(self) -> int:
        """Into how many parts that nothing joins the roads fall."""
        heads = list(range(len(self.names)))

        def head(one: int) -> int:
            while heads[one] != one:
                heads[one] = heads[heads[one]]
                one = heads[one]
            return one

        for begin, end, _km in self.edges:
            heads[head(begin)] = head(end)
        return sum(head(one) == one for one in range(len(heads)))

    @property
    def network(self) -> Network:
        """As the solver takes it: of several stretches between two ends the shortest."""
        best: dict[tuple[int, int], float] = {}
        for begin, end, km in self.edges:
            pair = (min(begin, end), max(begin, end))
            best[pair] = min(km, best.get(pair, math.inf))
        edges = tuple((begin, end, km) for (begin, end), km in best.items() if begin != end)
        return Network(len(self.names), edges)


def roads_of(
    stretches: Sequence[Stretch], places: Sequence[Points], towns: Points, values: Values
) -> Roads:
    """The network of stretches. ``places``: layers whose names tell where ends are; ``towns``
    have inhabitants. StudyRefused for an end that nobody knows, and without any stretch."""
    if not stretches:
        raise StudyRefused("no_stretch")
    at = _positions(stretches, places)
    names: dict[str, int] = {}
    edges: list[Edge] = []
    for one in stretches:
        for name in (one.begin, one.end):
            if name.casefold() not in at:
                raise StudyRefused("unknown_end", name=name)
            names.setdefault(name.casefold(), len(names))
        begin, end = names[one.begin.casefold()], names[one.end.casefold()]
        km = (
            one.km
            or _line_km(one.line)
            or _line_km((at[one.begin.casefold()], at[one.end.casefold()]))
        )
        edges.append((begin, end, km))
    if len(names) > MOST_ENDS:
        raise StudyRefused("too_many_ends", there=len(names), most=MOST_ENDS)
    shown = {one.casefold(): one for two in stretches for one in (two.begin, two.end)}
    empty = Roads(
        tuple(shown[name] for name in names),
        tuple(at[name] for name in names),
        tuple(edges),
        tuple(one.road for one in stretches),
        (),
        networks=tuple(one.network for one in stretches),
        light=tuple(one.light for one in stretches),
    )
    return replace(empty, flows=gravity(empty, _people(towns, names), values))


def stretch_of(
    label: str, km: float, values: Mapping[str, Any], geometry: Mapping[str, Any] | None
) -> Stretch:
    """A row of a layer."""
    line: tuple[Position, ...] = ()
    if geometry and geometry.get("type") in ("LineString", "MultiLineString"):
        parts = geometry["coordinates"]
        flat = (
            parts if geometry["type"] == "LineString" else [one for part in parts for one in part]
        )
        line = tuple((float(one[0]), float(one[1])) for one in flat)
    ends = [str(values.get(name) or "").strip() for name in ("from", "to")]
    if line:
        ends = [
            name or f"{where[1]:.4f}, {where[0]:.4f}"
            for name, where in zip(ends, (line[0], line[-1]), strict=True)
        ]
    road = str(values.get("road") or label or "").strip()
    light = values.get("light_vehicles")
    return Stretch(
        ends[0], ends[1], km, road, line, network_of(values.get("network")),
        float(light) if isinstance(light, int | float) else None,
    )  # fmt: skip


def towards_of(told: Any) -> str:
    """The town that a station serves the direction towards; empty where it serves both."""
    plain = " ".join(str(told or "").split())
    return "" if plain.casefold() in _BOTH else plain


def network_of(told: Any) -> str | None:
    """Core or comprehensive by what a row tells; empty for anything else, None for nothing."""
    plain = str(told or "").strip().casefold()
    if not plain:
        return None
    return next(
        (network for words, network in _NETWORKS if any(one in plain for one in words)), NO_NETWORK
    )


def _positions(stretches: Sequence[Stretch], places: Sequence[Points]) -> dict[str, Position]:
    """By folded name; of places with the same name the heaviest counts."""
    found: dict[str, Position] = {}
    for one in stretches:
        if one.line:
            found[one.begin.casefold()] = one.line[0]
            found[one.end.casefold()] = one.line[-1]
    for points in places:
        for row in np.argsort(points.weight, kind="stable").tolist():
            if points.labels[row]:
                where = (float(points.longitude[row]), float(points.latitude[row]))
                found[points.labels[row].casefold()] = where
    return found


def _people(towns: Points, names: Mapping[str, int]) -> dict[int, float]:
    found: dict[int, float] = {}
    for label, weight in zip(towns.labels, towns.weight.tolist(), strict=True):
        number = names.get(label.casefold())
        if number is not None and weight > found.get(number, 0.0):
            found[number] = weight
    return found


def gravity(roads: Roads, people: Mapping[int, float], values: Values) -> tuple[Edge, ...]:
    """Trips between towns, a year's kWh each, those of most energy."""
    pull = nlargest(MOST_FLOWS, _pulls(roads, people), key=lambda one: one[2])
    total = math.fsum(one[2] for one in pull)
    kwh = long_trip_kwh(math.fsum(people.values()), values)
    return tuple((begin, end, kwh * pulled / total) for begin, end, pulled in pull if total > 0)


def _pulls(roads: Roads, people: Mapping[int, float]) -> Iterator[Edge]:
    """Every two towns that are far enough apart, with what their trips weigh."""
    near = neighbours(roads.network)
    for begin in sorted(people):
        far, _before = shortest(near, begin)
        for end in sorted(people):
            km = far[end]
            if end > begin and LONG_KM <= km < math.inf:
                yield begin, end, people[begin] * people[end] * km ** (1 - POWER)


def long_trip_kwh(people: float, values: Values) -> float:
    """What so many people's electric cars use on long trips in a year."""
    cars = people * values["cars_per_inhabitant"] * values["ev_share"]
    driven = cars * values["km_per_year"] * values["long_trip_share"]
    return (
        driven * values["kwh_per_km"] * values["season"] * values["growth"] * values["calibration"]
    )


def _line_km(line: Sequence[Position]) -> float:
    if len(line) < 2:
        return 0.0
    every = coordinates(tuple(line))
    steps = [
        float(haversine(every[at : at + 1], every[at + 1 : at + 2])[0, 0])
        for at in range(len(every) - 1)
    ]
    return math.fsum(steps) / 1000
