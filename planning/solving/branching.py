"""Closes the gap of a p-median by branch and bound on Lagrangian bounds (pure).

Each branch leaves some sites and holds others open. Its bound starts from the prices of where it
came from, so a few rounds settle it; sites settle themselves by reduced costs. The branch with the
least bound comes first, so that bound holds for all.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass

import numpy as np

from planning.solving.interchange import Sites, improve, value
from planning.solving.lagrange import Relaxed
from planning.solving.paths import Matrix
from planning.solving.plan import Watch

_ROUNDS = 40
_PATIENCE = 6
_NEAR = 1.005


@dataclass(slots=True)
class Branch:
    """Sites held open come first in ``sites``, ``held`` of them; the rest may be taken.

    ``relaxed`` is the bound of ``prices`` and ``savings``; ``bound`` may come from above.
    """

    sites: Sites
    held: int
    prices: Matrix
    bound: float
    savings: Matrix
    relaxed: float


def branch(costs: Matrix, found: Relaxed, watch: Watch, whole: bool) -> tuple[Sites, float]:
    """The best sites, and the bound that is proven when time is out."""
    best, count = found, len(found.sites)
    root = Branch(
        np.arange(costs.shape[1]), 0, found.prices, found.bound, found.savings, found.bound
    )
    order = itertools.count()
    waiting = [(root.bound, next(order), root)]
    while waiting and not watch.over:
        bound, _, node = heapq.heappop(waiting)
        if bound > _goal(best, whole):
            break
        _settle(node, count, _goal(best, whole))
        for child in _children(node, count):
            _bound(costs, child, count, best, watch, whole)
            if child.bound <= _goal(best, whole):
                heapq.heappush(waiting, (child.bound, next(order), child))
    left = min((one[0] for one in waiting), default=best.value)
    return best.sites, best.value if left > _goal(best, whole) else left


def _goal(best: Relaxed, whole: bool) -> float:
    """What a better plan reaches at most."""
    return best.value - (1.0 - 1e-6 if whole else 1e-9 * best.value)


def _settle(node: Branch, count: int, goal: float) -> None:
    """Leave out sites that no better plan in this branch has; hold those that each has."""
    free = node.savings[node.held :]
    order = node.held + np.argsort(free, kind="stable")
    take = count - node.held
    if not 0 < take < len(order):
        return
    inside, outside = node.savings[order[take - 1]], node.savings[order[take]]
    top, others = order[:take], order[take:]
    must = node.relaxed - node.savings[top] + outside > goal
    may = others[node.relaxed + node.savings[others] - inside <= goal]
    places = np.concatenate([np.arange(node.held), top[must], top[~must], may])
    node.held += int(must.sum())
    node.sites, node.savings = node.sites[places], node.savings[places]


def _children(node: Branch, count: int) -> list[Branch]:
    """With and without the site that saves most of those still free."""
    if node.held >= count or len(node.sites) <= count:
        return [_child(node, node.sites[:count], count)] if len(node.sites) >= count else []
    pick = node.held + int(np.argmin(node.savings[node.held :]))
    rest = np.delete(node.sites, pick)
    with_it = np.insert(rest, node.held, node.sites[pick])
    return [_child(node, with_it, node.held + 1), _child(node, rest, node.held)]


def _child(node: Branch, sites: Sites, held: int) -> Branch:
    return Branch(sites, held, node.prices, node.bound, node.savings, node.relaxed)


def _bound(
    costs: Matrix, node: Branch, count: int, best: Relaxed, watch: Watch, whole: bool
) -> None:
    """Raise the branch's bound for a few rounds; better plans met on the way are kept."""
    among = costs[:, node.sites]
    if len(node.sites) == count:
        met = float(among.min(axis=1).sum())
        _keep(best, node.sites, met)
        node.bound = np.inf
        return
    node.relaxed = -np.inf
    u, scale, stale = node.prices, 0.6, 0
    for _ in range(_ROUNDS):
        savings = np.minimum(among - u[:, None], 0.0).sum(axis=0)
        free = np.argsort(savings[node.held :], kind="stable")[: count - node.held]
        taken = np.concatenate([np.arange(node.held), node.held + free])
        bound = float(u.sum() + savings[taken].sum())
        if bound > node.relaxed:
            node.relaxed, node.savings, node.prices, stale = bound, savings, u, 0
            node.bound = max(node.bound, bound)
        else:
            stale += 1
        if node.bound > _goal(best, whole):
            return
        _try(costs, node.sites[taken], best, watch)
        if stale >= _PATIENCE:
            scale, stale, u = scale / 2, 0, node.prices
            continue
        slope = 1.0 - (among[:, taken] < u[:, None]).sum(axis=1)
        norm = float(slope @ slope)
        if norm == 0:
            break
        u = u + scale * 1.05 * max(best.value - bound, 1e-6 * best.value) / norm * slope


def _try(costs: Matrix, sites: Sites, best: Relaxed, watch: Watch) -> None:
    met = value(costs, sites)
    if met < best.value * _NEAR and met != best.value:
        sites = improve(costs, sites, watch) if met < best.value else sites
        _keep(best, sites, value(costs, sites))


def _keep(best: Relaxed, sites: Sites, met: float) -> None:
    if met < best.value * (1 - 1e-12):
        best.sites, best.value = np.sort(sites), met
