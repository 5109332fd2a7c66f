"""Good covers within moments: greedy, then the best exchange of sites (pure)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.solving.cover_sets import Cover
from planning.solving.paths import Matrix
from planning.solving.plan import Watch

Columns = NDArray[np.intp]


def covered(cover: Cover, sites: Columns) -> NDArray[Any]:
    """How many of the sites cover each demand."""
    numbers, _ = cover.columns.of(sites)
    return np.bincount(numbers, minlength=len(cover.weights))


def value(cover: Cover, sites: Columns) -> float:
    """The weight that is covered."""
    return float(cover.weights[covered(cover, sites) > 0].sum())


def gains(cover: Cover, rows: NDArray[Any]) -> Matrix:
    """What each site covers of these demands."""
    numbers, owners = cover.rows.of(rows)
    return np.bincount(
        numbers, weights=cover.weights[rows][owners], minlength=len(cover.columns)
    ).astype(np.float64)


def greedy(cover: Cover, count: int) -> Columns:
    """Site after site, each the one that adds most."""
    left = np.ones(len(cover.weights), dtype=np.bool_)
    gain = gains(cover, np.flatnonzero(left))
    chosen: list[int] = []
    for _ in range(count):
        gain[chosen] = -1.0
        best = int(np.argmax(gain))
        chosen.append(best)
        own = cover.columns.one(best)
        new = own[left[own]]
        left[new] = False
        gain -= gains(cover, new)
    return np.array(chosen, dtype=np.intp)


def improve(cover: Cover, sites: Columns, watch: Watch) -> Columns:
    """Exchange one site for another as long as the best exchange adds something."""
    sites = sites.copy()
    total = float(cover.weights.sum())
    while not watch.over:
        delta = _exchanges(cover, sites)
        out, into = np.unravel_index(int(np.argmax(delta)), delta.shape)
        if not delta[out, into] > 1e-9 * max(1.0, total):
            break
        sites[out] = into
    return np.sort(sites)


def _exchanges(cover: Cover, sites: Columns) -> Matrix:
    """What each exchange of a site (row) for another (column) adds."""
    counts = covered(cover, sites)
    gain = gains(cover, np.flatnonzero(counts == 0))
    delta = np.empty((len(sites), len(gain)))
    for place, site in enumerate(sites.tolist()):
        own = cover.columns.one(site)
        alone = own[counts[own] == 1]
        delta[place] = gain - cover.weights[alone].sum() + gains(cover, alone)
    delta[:, sites] = -np.inf
    return delta
