"""Most demand reached where cover fades with distance, by number or by budget (pure).

Cover falls in rings: what lies within the first distance counts whole, further out less. A demand
of weight w with shares c1 > c2 > … is as good as one demand a ring, of weight w (c1 - c2) within
the first distance, w (c2 - c3) within the second, and so on; so the model is that of covering.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from planning.solving.budget import Means, within_budget
from planning.solving.cover_sets import Array, cover
from planning.solving.covering import search
from planning.solving.neighbours import within
from planning.solving.paths import Matrix, coordinates, haversine, plane
from planning.solving.plan import Plan, Watch, impossible, settled
from planning.solving.problems import GREAT_CIRCLE, Point

RINGS: Final = 6


@dataclass(frozen=True, slots=True)
class Ring:
    """Up to this distance this share of a demand is reached."""

    distance: float
    share: float


@dataclass(frozen=True, slots=True)
class Fading:
    """Where cover fades: ``existing`` and ``fixed`` are numbers of candidates; existing ones stand
    outside the count and the budget, fixed ones inside both; ``forbidden`` ones are never chosen.
    """

    demand: tuple[Point, ...]
    weights: tuple[float, ...]
    candidates: tuple[Point, ...]
    rings: tuple[Ring, ...]
    p: int | None = None
    budget: float | None = None
    costs: tuple[float, ...] = ()
    existing: tuple[int, ...] = ()
    fixed: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()
    metric: str = GREAT_CIRCLE
    time_limit_s: float = 60.0
    begin: tuple[int, ...] = ()
    """An earlier plan to go on from."""


@dataclass(slots=True)
class Reach:
    """Which candidates reach which row (demand and ring), and what the rows weigh."""

    rows: list[Array] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


def rings(whole: float, last: float, count: int = RINGS) -> tuple[Ring, ...]:
    """Cover that is whole up to one distance and falls evenly to nothing at the last."""
    if last <= whole:
        return (Ring(whole, 1.0),)
    step = (last - whole) / count
    fading = (Ring(whole + step * k, 1 - k / (count + 1)) for k in range(1, count + 1))
    return (Ring(whole, 1.0), *fading) if whole > 0 else tuple(fading)


def reach_of(problem: Fading) -> Reach:
    """A row for each demand and ring that some candidate reaches; rows of no weight are left.

    TooManyPairs when all rings together have more than memory holds.
    """
    found, pairs = Reach(), 0
    shares = [*(ring.share for ring in problem.rings), 0.0]
    for place, ring in enumerate(problem.rings):
        share = ring.share - shares[place + 1]
        near = within(problem.demand, problem.candidates, ring.distance, problem.metric, pairs)
        pairs += sum(len(row) for row in near)
        for row, weight in zip(near, problem.weights, strict=True):
            if len(row) and weight * share > 0:
                found.rows.append(row)
                found.weights.append(weight * share)
    return found


def solve_fading(problem: Fading, watch: Watch, *, thorough: bool = True) -> Plan:
    """The candidates that reach most; ``thorough`` False gives the first answer with no proof.

    Impossible when more are fixed than may be chosen, when the fixed ones cost more than the
    budget, or when the budget is too small for any candidate.
    """
    free = _free(problem)
    reason = _obstacle(problem, free)
    if reason:
        return impossible(reason, watch)
    reach = reach_of(problem)
    standing = np.zeros(len(problem.candidates), dtype=np.bool_)
    standing[[*problem.existing, *problem.fixed]] = True
    open_rows = [place for place, row in enumerate(reach.rows) if not standing[row].any()]
    known = math.fsum(reach.weights) - math.fsum(reach.weights[row] for row in open_rows)
    parts = [reach.rows[row] for row in open_rows]
    weights = [reach.weights[row] for row in open_rows]
    new, bound = _chosen(problem, (parts, weights), free, watch, known, thorough)
    chosen = sorted({*problem.fixed, *new})
    standing[chosen] = True
    objective = math.fsum(
        weight for row, weight in zip(reach.rows, reach.weights, strict=True) if standing[row].any()
    )
    bound = settled(objective, known + bound, integral=False, lowest=False)
    return Plan(tuple(chosen), objective, bound, watch.seconds)


def _chosen(
    problem: Fading,
    rows: tuple[list[Array], list[float]],
    free: Array,
    watch: Watch,
    known: float,
    thorough: bool,
) -> tuple[list[int], float]:
    size = len(problem.candidates)
    if problem.budget is not None:
        left = problem.budget - math.fsum(problem.costs[one] for one in problem.fixed)
        costs = np.array(problem.costs, dtype=np.float64)
        most = None if problem.p is None else problem.p - len(problem.fixed)
        means = Means(costs, left, most, _new(problem))
        return within_budget(rows, free, means, watch, known=known, thorough=thorough)
    count = (problem.p or 0) - len(problem.fixed)
    found = cover(*rows, free, size)
    sites, bound = search(
        found, count, watch, False, known=known, thorough=thorough, begin=_new(problem)
    )
    return _filled(found.sites[sites].tolist(), free, count), bound


def _new(problem: Fading) -> tuple[int, ...]:
    """The earlier plan without the fixed ones."""
    return tuple(one for one in problem.begin if one not in set(problem.fixed))


def _filled(chosen: list[int], free: Array, count: int) -> list[int]:
    spare = [one for one in free.tolist() if one not in set(chosen)]
    return [*chosen, *spare[: count - len(chosen)]]


def _free(problem: Fading) -> Array:
    taken = {*problem.existing, *problem.fixed, *problem.forbidden}
    return np.array([one for one in range(len(problem.candidates)) if one not in taken], np.intp)


def _obstacle(problem: Fading, free: Array) -> str:
    if problem.p is not None and len(problem.fixed) > problem.p:
        return f"{len(problem.fixed)} sites are fixed, more than the {problem.p} asked for"
    if problem.budget is None:
        wanted = (problem.p or 0) - len(problem.fixed)
        if wanted > len(free):
            return f"{problem.p} sites are asked for, and there are {len(free)} candidates"
        return ""
    spent = math.fsum(problem.costs[one] for one in problem.fixed)
    if spent > problem.budget:
        return f"The fixed sites cost {spent:g}, more than the budget of {problem.budget:g}"
    cheapest = min((problem.costs[one] for one in free.tolist()), default=math.inf)
    if not problem.fixed and cheapest > problem.budget:
        return (
            f"The budget of {problem.budget:g} is too small for anything: "
            f"the cheapest site costs {cheapest:g}"
        )
    return ""


def shares(problem: Fading, sites: Sequence[int]) -> Matrix:
    """What share of each demand these candidates reach (the best of them counts)."""
    best = np.zeros(len(problem.demand))
    far = nearest(problem, sites)
    for ring in reversed(problem.rings):
        best[far <= ring.distance * (1 + 1e-9)] = ring.share
    return best


def nearest(problem: Fading, sites: Sequence[int]) -> Matrix:
    """How far each demand is from the nearest of these candidates; infinite without any."""
    here = coordinates(problem.demand)
    best = np.full(len(here), np.inf)
    for one in sites:
        there = coordinates((problem.candidates[one],))
        far = haversine(here, there) if problem.metric == GREAT_CIRCLE else plane(here, there)
        np.minimum(best, far[:, 0], out=best)
    return best
