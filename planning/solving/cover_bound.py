"""How much p sites can cover at best: Lagrangian bound by subgradients (pure).

That a demand counts only if a chosen site covers it is relaxed at a price u, at most its weight;
what is left is to take the p sites whose demands' prices are highest in sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from planning.solving.cover_search import Columns, covered, improve, value
from planning.solving.cover_sets import Cover
from planning.solving.paths import Matrix
from planning.solving.plan import Watch

_ROUNDS: Final = 600
_PATIENCE: Final = 15
_LEAST_STEP: Final = 1e-3


@dataclass(slots=True)
class Bounded:
    """The least bound, the sites' sums of prices there, and the best cover met."""

    bound: float
    sums: Matrix
    sites: Columns
    value: float

    def proven(self, whole: bool) -> bool:
        """Whether nothing better can be."""
        return self.bound - self.value < (1.0 - 1e-6 if whole else 1e-9 * max(1.0, self.value))


def bounded(cover: Cover, start: Columns, watch: Watch, whole: bool) -> Bounded:
    """Lower the bound until it meets the best cover, steps get small or time is out."""
    weights, count = cover.weights, len(start)
    prices = weights / np.maximum(1.0, covered(cover, start) + 0.5)
    kept = prices
    best = Bounded(np.inf, np.zeros(len(cover.columns)), start, value(cover, start))
    scale, stale = 1.0, 0
    for _ in range(_ROUNDS):
        sums = np.add.reduceat(
            np.append(prices[cover.columns.numbers], 0.0), cover.columns.starts[:-1]
        )
        sites = np.argsort(-sums, kind="stable")[:count]
        bound = float((weights - prices).sum() + sums[sites].sum())
        if bound < best.bound - 1e-9 * abs(bound):
            best.bound, best.sums, kept, stale = bound, sums, prices, 0
        else:
            stale += 1
        _note(cover, sites, best, watch, thorough=stale == _PATIENCE)
        if stale >= _PATIENCE:
            scale, stale, prices = scale / 2, 0, kept
            continue
        slope = covered(cover, sites) - (prices < weights)
        norm = float(slope @ slope)
        if norm == 0 or scale < _LEAST_STEP or best.proven(whole) or watch.over:
            break
        step = scale * max(bound - best.value, 1e-6 * best.value) / norm
        prices = np.clip(prices - step * slope, 0.0, weights)
    return best


def _note(cover: Cover, sites: Columns, best: Bounded, watch: Watch, *, thorough: bool) -> None:
    met = value(cover, sites)
    if thorough or met > best.value:
        sites = improve(cover, sites, watch)
        met = value(cover, sites)
    if met > best.value * (1 + 1e-12):
        best.sites, best.value = np.sort(sites), met
