"""How good a p-median can be at best: a Lagrangian bound by subgradients (pure).

Each demand's duty to be served is relaxed at a price u; what is left is to take the p sites whose
savings, the sum of min(0, cost - u), are greatest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from planning.solving.interchange import Sites, improve, value
from planning.solving.paths import Matrix
from planning.solving.plan import Watch

_ROUNDS: Final = 1500
_PATIENCE: Final = 25
_LEAST_STEP: Final = 1e-4
_CELLS: Final = 4_000_000


@dataclass(slots=True)
class Relaxed:
    """The best bound, the savings of each site there, and the best solution met."""

    bound: float
    savings: Matrix
    prices: Matrix
    sites: Sites
    value: float


def relax(
    costs: Matrix, start: Sites, watch: Watch, *, whole: bool, prices: Matrix | None = None
) -> Relaxed:
    """Raise the bound until it meets the best solution, steps get small or time is out."""
    count = len(start)
    u = _first_prices(costs, start) if prices is None else prices.copy()
    best = Relaxed(-np.inf, np.zeros(costs.shape[1]), u, start, value(costs, start))
    tried: set[bytes] = set()
    scale, stale = 1.0, 0
    for _ in range(_ROUNDS):
        savings, slope, sites = _subproblem(costs, u, count)
        bound = float(u.sum() + savings[sites].sum())
        if bound > best.bound + 1e-9 * abs(best.bound) if np.isfinite(best.bound) else True:
            best.bound, best.savings, best.prices, stale = bound, savings, u.copy(), 0
            _note(costs, sites, best, tried, watch)
        else:
            stale += 1
        if stale >= _PATIENCE:
            scale, stale, u = scale / 2, 0, best.prices.copy()
            _note(costs, sites, best, tried, watch, force=True)
            continue
        norm = float(slope @ slope)
        if norm == 0 or scale < _LEAST_STEP or proven(best, whole=whole) or watch.over:
            break
        u = u + scale * 1.05 * max(best.value - bound, 1e-6 * best.value) / norm * slope
    return best


def proven(found: Relaxed, *, whole: bool) -> bool:
    """Whether nothing better can be."""
    step = 1.0 - 1e-6 if whole else 1e-9 * max(1.0, abs(found.value))
    return found.value - found.bound < step


def _subproblem(costs: Matrix, u: Matrix, count: int) -> tuple[Matrix, Matrix, Sites]:
    """Savings of all sites, 1 minus how often each demand is served, and the best sites."""
    savings = np.zeros(costs.shape[1])
    step = max(1, _CELLS // costs.shape[1])
    for begin in range(0, len(costs), step):
        part = costs[begin : begin + step] - u[begin : begin + step, None]
        savings += np.minimum(part, 0.0, out=part).sum(axis=0)
    sites = np.argsort(savings, kind="stable")[:count]
    slope = 1.0 - (costs[:, sites] < u[:, None]).sum(axis=1)
    return savings, slope.astype(np.float64), sites


def _first_prices(costs: Matrix, start: Sites) -> Matrix:
    """Between the nearest and the second site of a good solution."""
    among = np.sort(costs[:, start], axis=1)
    if len(start) == 1:
        return among[:, 0].copy()
    second = np.minimum(among[:, 1], 2 * among[:, 0] + 1.0)
    found: Matrix = (among[:, 0] + second) / 2
    return found


def _note(
    costs: Matrix, sites: Sites, best: Relaxed, tried: set[bytes], watch: Watch, force: bool = False
) -> None:
    """Keep the solution if it is better; exchange sites in those that are near the best."""
    key = np.sort(sites).tobytes()
    if key in tried:
        return
    met = value(costs, sites)
    if not force and met > best.value * 1.02:
        return
    tried.add(key)
    better = improve(costs, sites, watch)
    met = value(costs, better)
    if met < best.value * (1 - 1e-12):
        best.sites, best.value = better, met
