"""Good solutions of a p-median within moments: greedy, then the best exchange of sites (pure)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from planning.solving.paths import Matrix
from planning.solving.plan import Watch

Sites = NDArray[np.intp]

_CELLS: Final = 4_000_000
_BETTER: Final = 1e-9


def value(costs: Matrix, sites: Sites) -> float:
    """What demand travels when each goes to the nearest of the sites (columns)."""
    return float(costs[:, sites].min(axis=1).sum())


def greedy(costs: Matrix, count: int, watch: Watch) -> Sites:
    """Site after site, each the one that saves most; unreached demand comes first."""
    nearest = np.full(len(costs), _far(costs))
    chosen: list[int] = []
    for _ in range(count):
        saved = _saved(costs, nearest) if not watch.over or not chosen else np.zeros(costs.shape[1])
        saved[chosen] = -1.0
        best = int(np.argmax(saved))
        chosen.append(best)
        nearest = np.minimum(nearest, costs[:, best])
    return np.array(chosen, dtype=np.intp)


def improve(costs: Matrix, sites: Sites, watch: Watch) -> Sites:
    """Exchange one site for another as long as the best exchange saves something."""
    sites = sites.copy()
    while not watch.over:
        delta = exchanges(costs, sites)
        delta[:, sites] = np.inf
        out, into = np.unravel_index(int(np.argmin(delta)), delta.shape)
        if not delta[out, into] < -_BETTER * max(1.0, value(costs, sites)):
            break
        sites[out] = into
    return np.sort(sites)


def exchanges(costs: Matrix, sites: Sites) -> Matrix:
    """What the sum changes by when site number r (row) is exchanged for column j.

    With the nearest site at d1 and the second at d2, j saves min(d - d1, 0) for everybody; those of
    r go to the nearer of j and their second instead.
    """
    among = costs[:, sites]
    rows = np.arange(len(costs))
    nearest = among.argmin(axis=1)
    first = among[rows, nearest]
    if len(sites) > 1:
        among[rows, nearest] = np.inf
        second = np.minimum(among.min(axis=1), _far(costs))
    else:
        second = np.full(len(costs), _far(costs))
    gain = np.zeros(costs.shape[1])
    extra = np.zeros((len(sites), costs.shape[1]))
    step = max(1, _CELLS // costs.shape[1])
    order = np.argsort(nearest, kind="stable")
    for begin in range(0, len(order), step):
        part = order[begin : begin + step]
        block, near = costs[part], first[part, None]
        capped = np.minimum(block, near)
        gain += (capped - near).sum(axis=0)
        moved = np.minimum(block, second[part, None]) - capped
        owners, starts = np.unique(nearest[part], return_index=True)
        extra[owners] += np.add.reduceat(moved, starts, axis=0)
    return extra + gain


def _saved(costs: Matrix, nearest: Matrix) -> Matrix:
    total = np.zeros(costs.shape[1])
    step = max(1, _CELLS // costs.shape[1])
    for begin in range(0, len(costs), step):
        limit = nearest[begin : begin + step, None]
        total += (limit - np.minimum(costs[begin : begin + step], limit)).sum(axis=0)
    return total


def _far(costs: Matrix) -> float:
    """More than any sum: costs hold it in place of infinity (see ``finite``)."""
    return float(costs.max(initial=0.0)) + 1.0
