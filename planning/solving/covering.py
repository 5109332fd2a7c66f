"""Most demand within a radius of p sites: maximal covering, with a bound (pure)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.solving.cover_bound import Bounded, bounded
from planning.solving.cover_search import Columns, greedy, improve, value
from planning.solving.cover_sets import Cover, cover, cover_of
from planning.solving.highs import INFINITE, Model, run
from planning.solving.neighbours import Numbers, within
from planning.solving.plan import Plan, Watch, impossible, settled
from planning.solving.problems import Covering

MOST_NONZEROS: Final = 3_000_000
"""Pairs of demand and site up to which the exact model is built; above, the bound stands."""


def solve_covering(problem: Covering, watch: Watch) -> Plan:
    """The p candidates that cover most beside the existing ones."""
    standing = np.zeros(len(problem.candidates), dtype=np.bool_)
    standing[list(problem.existing)] = True
    free = np.flatnonzero(~standing)
    if problem.p > len(free):
        return impossible(
            f"{problem.p} sites are asked for, and there are {len(free)} candidates", watch
        )
    near = within(problem.demand, problem.candidates, problem.radius, problem.metric)
    open_rows = [place for place, row in enumerate(near) if not standing[row].any()]
    parts = [near[place] for place in open_rows]
    weights = [problem.weights[place] for place in open_rows]
    found = cover(parts, weights, free, len(standing))
    sites, bound = search(found, problem.p, watch, problem.integral)
    chosen = _filled(found.sites[sites].tolist(), free.tolist(), problem.p)
    known = _served(problem, near, standing)
    standing[chosen] = True
    objective = _served(problem, near, standing)
    bound = settled(objective, known + bound, integral=problem.integral, lowest=False)
    return Plan(tuple(chosen), objective, bound, watch.seconds, problem.integral)


def search(
    found: Cover,
    count: int,
    watch: Watch,
    whole: bool,
    *,
    known: float = 0.0,
    thorough: bool = True,
    begin: Sequence[int] = (),
) -> tuple[Columns, float]:
    """The best sites (columns) and the bound.

    ``known`` is what is covered besides, for those who watch; without ``thorough`` the best of
    the heuristic and its bound are enough. ``begin``: sites (numbers) of an earlier plan.
    """
    if count >= len(found.sites):
        return np.arange(len(found.sites), dtype=np.intp), float(found.weights.sum())
    if count == 0:
        return np.empty(0, dtype=np.intp), 0.0
    start = greedy(found, count)
    if len(begin):
        start = max(start, _begun(found, begin, start), key=lambda one: value(found, one))
    start = improve(found, start, watch)
    best = bounded(found, start, watch, whole)
    watch.tell(known + best.value, known + best.bound)
    if best.proven(whole) or watch.over or not thorough:
        return best.sites, best.bound
    return _finish(found, best, watch, whole, known)


def _begun(found: Cover, begin: Sequence[int], spare: Columns) -> Columns:
    """An earlier plan's sites as columns, made up to the number by others: of sites that are as
    good as each other only one is a column."""
    kept = np.flatnonzero(np.isin(found.sites, np.array(begin)))[: len(spare)]
    more = np.setdiff1d(spare, kept)[: len(spare) - len(kept)]
    return np.sort(np.concatenate([kept, more]))


def _finish(
    found: Cover, best: Bounded, watch: Watch, whole: bool, before: float
) -> tuple[Columns, float]:
    """Leave out what no better cover has, keep what each has, and solve the rest exactly."""
    left, opened = _fixed(best, whole)
    if np.setdiff1d(opened, best.sites).size or len(opened) == len(best.sites):
        return best.sites, best.value
    free = np.setdiff1d(np.union1d(left, best.sites), opened)
    done = np.zeros(len(found.weights), dtype=np.bool_)
    done[found.columns.of(opened)[0]] = True
    rows = np.flatnonzero(~done)
    rest = cover_of(
        [found.rows.one(row) for row in rows.tolist()],
        found.weights[rows].tolist(), free, len(found.sites),
    )  # fmt: skip
    if len(rest.rows.numbers) > MOST_NONZEROS:
        return best.sites, best.bound
    at = np.searchsorted(free, np.setdiff1d(best.sites, opened))
    count = len(best.sites) - len(opened)
    known = float(found.weights[done].sum())
    model = replace(_model(rest, count), constant=known + before)
    answer = run(model, watch, start=_columns(rest, at), whole=whole)
    bound = min(best.bound, max(answer.bound + known, best.value))
    if answer.columns is None:
        return best.sites, bound
    sites = np.union1d(opened, free[answer.columns[: len(free)] > 0.5])
    if len(sites) != len(best.sites) or value(found, sites) <= best.value:
        sites = best.sites
    return sites, bound


def _fixed(best: Bounded, whole: bool) -> tuple[Columns, Columns]:
    """The sites that may be in a better cover, and those that are in every better one."""
    order = np.argsort(-best.sums, kind="stable")
    count = len(best.sites)
    goal = best.value + (1.0 - 1e-6 if whole else 1e-9 * best.value)
    inside, outside = best.sums[order[count - 1]], best.sums[order[count]]
    top, others = order[:count], order[count:]
    left = others[best.bound - inside + best.sums[others] >= goal]
    opened = top[best.bound - best.sums[top] + outside < goal]
    return np.union1d(top, left), np.sort(opened)


def _model(rest: Cover, count: int) -> Model:
    """Columns: sites, then what share of each demand counts; rows: sites - share >= 0, sum p."""
    width, height = len(rest.sites), len(rest.weights)
    sizes = np.diff(rest.rows.starts)
    ends = np.cumsum(sizes)
    return Model(
        costs=np.concatenate([np.zeros(width), rest.weights]),
        upper=np.ones(width + height),
        integers=width,
        row_lower=np.zeros(height + 1),
        row_upper=np.array([INFINITE] * height + [float(count)]),
        starts=np.concatenate([[0], np.cumsum(np.append(sizes + 1, width))]),
        indices=np.concatenate(
            [np.insert(rest.rows.numbers, ends, width + np.arange(height)), np.arange(width)]
        ),
        values=np.concatenate(
            [np.insert(np.ones(len(rest.rows.numbers)), ends, -1.0), np.ones(width)]
        ),
        maximise=True,
    )


def _columns(rest: Cover, sites: Columns) -> NDArray[Any]:
    columns = np.zeros(len(rest.sites) + len(rest.weights))
    columns[sites] = 1.0
    columns[len(rest.sites) + np.unique(rest.columns.of(sites)[0])] = 1.0
    return columns


def _served(problem: Covering, near: list[Numbers], standing: NDArray[np.bool_]) -> float:
    return math.fsum(
        weight for row, weight in zip(near, problem.weights, strict=True) if standing[row].any()
    )


def _filled(chosen: list[int], free: list[int], count: int) -> list[int]:
    """Sites that add nothing make up the number, the first of them."""
    taken = set(chosen)
    spare = (one for one in free if one not in taken)
    return sorted(
        [*chosen, *(one for one, _ in zip(spare, range(count - len(chosen)), strict=False))]
    )
