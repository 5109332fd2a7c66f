"""Corridor studies: most trips between towns with stations along the roads (pure)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any, Final

import numpy as np

from planning.demand.needs import DAYS
from planning.demand.profiles import NEEDS, PROFILES, TRIP
from planning.solving.neighbours import within
from planning.solving.plan import Plan, Watch
from planning.solving.problems import GREAT_CIRCLE, Refuelling
from planning.solving.refuelling import solve_refuelling
from planning.solving.trips import Way, needs, neighbours, shortest, way
from planning.studies.afir import Directions, Pool, judged, pool_at, pools_judged
from planning.studies.explaining import DOTS, NEIGHBOURS, UNSERVED
from planning.studies.parameters import Parameters
from planning.studies.question import Answer, Chosen, Neighbour, Place, Question, StudyRefused
from planning.studies.roads import Roads
from planning.studies.worth import worth_of

STANDS_KM: Final = 10.0
"""A station so near to a town or junction serves the roads through it."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A flow with its way and what it needs, by numbers of the network."""

    begin: int
    end: int
    kwh: float
    way: Way
    needs: frozenset[frozenset[int]]

    def is_served(self, stations: set[int]) -> bool:
        """Whether it can be made again and again."""
        return all(one & stations for one in self.needs)


def problem_of(question: Question, roads: Roads) -> Refuelling:
    """The question as the solver takes it."""
    parameters = question.parameters
    fixed, closed = chosen_ends(parameters, roads)
    if parameters.sites is not None and len(fixed) > parameters.sites:
        raise StudyRefused("too_many_fixed", fixed=len(fixed), asked=parameters.sites)
    standing = stands(question.existing, roads)
    taken = {*standing, *fixed, *closed}
    wanted = (parameters.sites or 0) - len(fixed)
    free = len(roads.names) - len(taken)
    if wanted > free:
        raise StudyRefused("too_few_candidates", asked=parameters.sites, there=free + len(fixed))
    return Refuelling(
        p=wanted,
        range=parameters.range_km,
        network=roads.network,
        flows=roads.flows,
        existing=tuple(sorted({*standing, *fixed})),
        closed=tuple(sorted(set(closed) - set(standing))),
        time_limit_s=parameters.time_limit_s,
        begin=tuple(sorted(set(question.begin) - set(fixed))),
    )


def chosen_ends(parameters: Parameters, roads: Roads) -> tuple[list[int], list[int]]:
    """Numbers of the fixed and the forbidden ones (those outside of areas too, unless they are
    fixed); StudyRefused for a name nobody has."""
    numbers = {name.casefold(): at for at, name in enumerate(roads.names)}
    for name in (*parameters.fixed, *parameters.forbidden):
        if name.casefold() not in numbers:
            raise StudyRefused("unknown_candidate", name=name)
    fixed = {numbers[name.casefold()] for name in parameters.fixed}
    closed = {numbers[name.casefold()] for name in parameters.forbidden}
    if both := fixed & closed:
        raise StudyRefused("fixed_and_forbidden", name=roads.names[min(both)])
    return sorted(fixed), sorted(closed | (set(roads.closed) - fixed))


def stands(existing: Sequence[Place], roads: Roads) -> list[int]:
    """Towns and junctions that have a station nearby already."""
    if not existing:
        return []
    there = tuple(one.point for one in existing)
    near = within(roads.points, there, STANDS_KM * 1000, GREAT_CIRCLE)
    return [number for number, found in enumerate(near) if len(found)]


def solve_corridor(question: Question, watch: Watch) -> Plan:
    """The plan with the fixed ones in it; StudyRefused with the stretch that is too long."""
    roads = _roads(question)
    if not roads.flows:
        if (parts := roads.parts) > 1:
            raise StudyRefused("falls_apart", parts=parts)
        raise StudyRefused("no_trips")
    _check_directions(question, roads)
    problem = problem_of(question, roads)
    plan = solve_refuelling(problem, watch)
    if plan.chosen is None:
        raise _refusal(roads, problem.range)
    fixed, _closed = chosen_ends(question.parameters, roads)
    chosen = tuple(sorted({*(one - 1 for one in plan.chosen), *fixed}))
    return replace(plan, chosen=chosen)


def _check_directions(question: Question, roads: Roads) -> None:
    """StudyRefused for a station or candidate at the roads that serves the direction towards a
    town which they do not lead to from there: it would serve nobody."""
    directions = Directions(roads)
    told = tuple(one for one in question.existing if one.towards)
    points = tuple(one.point for one in told)
    near = within(roads.points, points, STANDS_KM * 1000, GREAT_CIRCLE) if told else []
    at: dict[Place, list[int]] = {}
    for vertex, numbers in enumerate(near):
        for number in numbers:
            at.setdefault(told[number], []).append(vertex)
    for one in question.candidates:
        name = one.label.casefold()
        if one.towards and name in directions.numbers:
            at[one] = [directions.numbers[name]]
    for one, vertices in at.items():
        if not directions.knows(vertices, one.towards):
            raise StudyRefused("unknown_towards", name=one.towards, place=one.label)


def _refusal(roads: Roads, reach: float) -> StudyRefused:
    """Of every trip the longest stretch binds; the shortest of those is what the range misses."""
    near = neighbours(roads.network)
    binding: list[tuple[float, int, int]] = []
    for begin in sorted({one[0] for one in roads.flows}):
        tree = shortest(near, begin)
        for one in roads.flows:
            path = way(tree, begin, one[1]) if one[0] == begin else None
            if path is not None and len(path.vertices) > 1:
                steps = zip(path.along, path.along[1:], pairwise(path.vertices), strict=False)
                binding.append(max((two - one, *pair) for one, two, pair in steps))
    if not binding:
        return StudyRefused("no_way")
    km, begin, end = min(binding)
    return StudyRefused(
        "stretch_too_long",
        begin=roads.names[begin], end=roads.names[end], km=round(km, 1), range=reach,
    )  # fmt: skip


def _roads(question: Question) -> Roads:
    assert question.roads is not None
    return question.roads


def trips_of(roads: Roads, reach: float) -> list[Trip]:
    """Every flow that stations could serve."""
    near = neighbours(roads.network)
    trees = {begin: shortest(near, begin) for begin in {one[0] for one in roads.flows}}
    found = []
    for begin, end, kwh in roads.flows:
        path = way(trees[begin], begin, end)
        if path is not None and all(
            two - one <= reach * (1 + 1e-9) for one, two in pairwise(path.along)
        ):
            found.append(Trip(begin, end, kwh, path, needs(path, reach)))
    return found


def explain_corridor(question: Question, chosen: Sequence[int], plan: Plan) -> Answer:
    """The answer: sites by what each adds, roads by their longest gap, trips not served."""
    roads = _roads(question)
    trips = trips_of(roads, question.parameters.range_km)
    before = set(stands(question.existing, roads))
    after = before | set(chosen)
    total = math.fsum(one[2] for one in roads.flows)
    sites = [
        _chosen(question, roads, trips, number, before | set(earlier), after)
        for number, earlier in _ordered(trips, list(chosen), before)
    ]
    pools = _pools(question, roads, sites)
    return Answer(
        objective=plan.objective or 0.0,
        bound=plan.bound or 0.0,
        gap=plan.gap or 0.0,
        seconds=plan.seconds,
        total_kwh=total,
        before_kwh=_served(trips, before),
        after_kwh=_served(trips, after),
        before_km=None,
        after_km=None,
        sites=sites,
        unserved=_unserved(roads, trips, after),
        dots=_dots(roads, trips, before, after),
        roads=judged(roads, pools),
        pools=pools_judged(roads, pools),
    )


def _pools(question: Question, roads: Roads, sites: Sequence[Chosen]) -> list[Pool]:
    """What stands near the vertices, and what the plan builds at them."""
    there = tuple(one.point for one in question.existing)
    near = within(roads.points, there, STANDS_KM * 1000, GREAT_CIRCLE) if there else ()
    found = [
        pool_at(vertex, one.label, one.towards, one.evses, one.power_kw, stands=True)
        for vertex, numbers in enumerate(near)
        for one in (question.existing[number] for number in numbers)
    ]
    numbers = {name.casefold(): vertex for vertex, name in enumerate(roads.names)}
    return found + [
        pool_at(
            numbers[one.place.label.casefold()], one.place.label, one.place.towards,
            float(one.worth.get("evses") or 0), float(one.worth.get("power_kw") or 0.0),
            stands=False,
        )
        for one in sites
    ]  # fmt: skip


def _served(trips: Sequence[Trip], stations: set[int]) -> float:
    return math.fsum(one.kwh for one in trips if one.is_served(stations))


def _ordered(
    trips: Sequence[Trip], chosen: list[int], before: set[int]
) -> list[tuple[int, list[int]]]:
    """Stations by what each adds to those before it; where none adds anything alone, the one that
    most unserved energy passes."""
    left, done, found = list(chosen), list[int](), []
    while left:
        worth = _worth(trips, left, before | set(done))
        best = max(left, key=lambda number: worth[number])
        found.append((best, list(done)))
        done.append(best)
        left.remove(best)
    return found


def _worth(
    trips: Sequence[Trip], stations: Sequence[int], have: set[int]
) -> dict[int, tuple[float, float]]:
    """What each station alone would serve besides, and the unserved energy of trips it is on."""
    asked = frozenset(stations)
    serves, passes = dict.fromkeys(stations, 0.0), dict.fromkeys(stations, 0.0)
    for trip in trips:
        missing = [one for one in trip.needs if not one & have]
        if missing:
            for number in asked.intersection(*missing):
                serves[number] += trip.kwh
            for number in asked.intersection(chain.from_iterable(trip.needs)):
                passes[number] += trip.kwh
    return {number: (serves[number], passes[number]) for number in stations}


def _chosen(
    question: Question,
    roads: Roads,
    trips: Sequence[Trip],
    number: int,
    before: set[int],
    after: set[int],
) -> Chosen:
    place = _place(question, roads, number)
    kwh = question.parameters.captured * math.fsum(
        one.kwh / max(1, len(after & set(one.way.vertices)))
        for one in trips
        if number in one.way.vertices and one.is_served(after)
    )
    hours = (PROFILES[NEEDS.index(TRIP)] * kwh / DAYS).tolist()
    return Chosen(
        place=place,
        adds_kwh=_served(trips, before | {number}) - _served(trips, before),
        only_kwh=_served(trips, after) - _served(trips, after - {number}),
        gets_kwh=kwh,
        hours=hours,
        neighbours=_neighbours(question, roads, trips, number, after),
        worth=worth_of(question.parameters, place, hours, 0.0),
    )


def _place(question: Question, roads: Roads, number: int) -> Place:
    """A candidate of the same name tells its cost and grid."""
    name = roads.names[number]
    known = {one.label.casefold(): one for one in question.candidates}
    longitude, latitude = roads.points[number]
    return known.get(name.casefold(), Place(longitude, latitude, name))


def _neighbours(
    question: Question, roads: Roads, trips: Sequence[Trip], number: int, after: set[int]
) -> list[Neighbour]:
    """The next ones along the roads that could be chosen, and what that would lose."""
    now = _served(trips, after)
    taken = after.union(*chosen_ends(question.parameters, roads))
    near = sorted(neighbours(roads.network)[number], key=lambda one: one[1])
    return [
        Neighbour(roads.names[other], km, now - _served(trips, (after - {number}) | {other}))
        for other, km in [one for one in near if one[0] not in taken][:NEIGHBOURS]
    ]


def _unserved(roads: Roads, trips: Sequence[Trip], after: set[int]) -> list[dict[str, Any]]:
    """Trips of most energy that cannot be made; they are drawn where they begin."""
    served = {(one.begin, one.end) for one in trips if one.is_served(after)}
    return [
        {
            "label": f"{roads.names[begin]} – {roads.names[end]}",
            "longitude": roads.points[begin][0],
            "latitude": roads.points[begin][1],
            "kwh": round(kwh),
            "km": None,
        }
        for begin, end, kwh in roads.flows
        if (begin, end) not in served and kwh >= 1
    ][:UNSERVED]


def _dots(
    roads: Roads, trips: Sequence[Trip], before: set[int], after: set[int]
) -> list[list[float]]:
    """Towns by the energy of their trips: longitude, latitude, kWh, share served before, after."""
    columns = np.zeros((len(roads.names), 3))
    for begin, end, kwh in roads.flows:
        columns[[begin, end], 0] += kwh / 2
    for at, stations in ((1, before), (2, after)):
        for one in trips:
            if one.is_served(stations):
                columns[[one.begin, one.end], at] += one.kwh / 2
    return [
        [*roads.points[one], round(columns[one, 0]), *(columns[one, 1:] / columns[one, 0]).round(4)]
        for one in np.argsort(-columns[:, 0], kind="stable")[:DOTS].tolist()
        if columns[one, 0] >= 1
    ]
