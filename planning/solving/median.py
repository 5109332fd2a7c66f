"""Least travel: the p-median, by heuristics and bounds first, exactly on what is left (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from planning.solving.branching import branch
from planning.solving.highs import run
from planning.solving.interchange import Sites, greedy, improve, value
from planning.solving.lagrange import Relaxed, proven, relax
from planning.solving.paths import Matrix
from planning.solving.plan import Plan, Watch, impossible, settled
from planning.solving.problems import Median
from planning.solving.radius_model import gather, radius_model, start_columns
from planning.solving.travel import finite, obstacle, travel

Mask = NDArray[np.bool_]

MOST_BRANCHED: Final = 20
"""With few sites, branches of our own close the gap sooner than the exact model does."""
MOST_CELLS: Final = 3_000_000
"""Open sites times demands up to which the exact model is built."""


def solve_median(problem: Median, watch: Watch) -> Plan:
    """The best p sites, with the bound; none when some demand cannot be reached at all."""
    reach = travel(problem)
    reason = obstacle(problem, reach)
    if reason:
        return impossible(reason, watch)
    costs = finite(reach)
    if problem.p in (0, len(problem.candidates)) or not len(costs):
        sites: Sites = np.arange(problem.p, dtype=np.intp)
        total = value(costs, sites) if problem.p else float(reach[:, -1].sum())
        return _plan(problem, sites, total, total, watch)
    sites, bound = search(
        costs[:, : len(problem.candidates)], problem.p, watch, problem.integral, problem.begin
    )
    return _plan(problem, sites, value(costs, sites), bound, watch)


def search(
    costs: Matrix, count: int, watch: Watch, whole: bool, begin: Sequence[int] = ()
) -> tuple[Sites, float]:
    """The best sites (columns) and the bound. ``begin``: those of an earlier plan."""
    start = greedy(costs, count, watch)
    if len(begin) == count and value(costs, begun := np.array(begin)) < value(costs, start):
        start = begun
    start = improve(costs, start, watch)
    found = relax(costs, start, watch, whole=whole)
    if proven(found, whole=whole) or watch.over:
        return found.sites, found.bound
    if count <= MOST_BRANCHED:
        return branch(costs, found, watch, whole)
    return _finish(costs, found, watch, whole)


def _finish(costs: Matrix, found: Relaxed, watch: Watch, whole: bool) -> tuple[Sites, float]:
    """Leave out what cannot be in a better solution, keep what must, and solve the rest exactly."""
    left, opened = fixed(found, whole)
    if set(opened.tolist()) - set(found.sites.tolist()) or len(opened) == len(found.sites):
        return found.sites, found.value
    free = np.setdiff1d(np.union1d(np.flatnonzero(left), found.sites), opened)
    if len(free) * len(costs) > MOST_CELLS:
        return branch(costs, found, watch, whole)
    rest = costs[:, free]
    if len(opened):
        rest = np.minimum(rest, costs[:, opened].min(axis=1)[:, None])
    count = len(found.sites) - len(opened)
    radii = gather(rest, len(free) - count)
    at = np.searchsorted(free, np.setdiff1d(found.sites, opened))
    answer = run(
        radius_model(rest, count, radii),
        watch,
        start=start_columns(rest, radii, at),
        whole=whole,
    )
    bound = max(found.bound, min(answer.bound + radii.constant, found.value))
    if answer.columns is None:
        return found.sites, bound
    sites = np.union1d(opened, free[answer.columns[: len(free)] > 0.5])
    if len(sites) != len(found.sites) or value(costs, sites) >= found.value:
        sites = found.sites
    return sites, bound


def fixed(found: Relaxed, whole: bool) -> tuple[Mask, Sites]:
    """Which sites (mask) may be in a better solution, and which are in every better one."""
    order = np.argsort(found.savings, kind="stable")
    count = len(found.sites)
    goal = found.value - (1.0 - 1e-6 if whole else 1e-9 * abs(found.value))
    inside = found.savings[order[count - 1]]
    outside = found.savings[order[count]]
    left = found.bound + found.savings - inside <= goal
    left[order[:count]] = True
    best = order[:count]
    opened = best[found.bound - found.savings[best] + outside > goal]
    return left, np.sort(opened)


def _plan(problem: Median, sites: Sites, total: float, bound: float, watch: Watch) -> Plan:
    chosen = sorted(problem.candidates[one] + problem.first for one in sites)
    bound = settled(total, bound, integral=problem.integral, lowest=True)
    return Plan(tuple(chosen), total, max(bound, 0.0), watch.seconds, problem.integral)
