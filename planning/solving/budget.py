"""Covering within a budget: greedy by gain for money, exchanges, the exact model (pure)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.solving.cover_search import Columns, gains, value
from planning.solving.cover_sets import Array, Cover, cover_of
from planning.solving.highs import INFINITE, Model, run
from planning.solving.paths import Matrix
from planning.solving.plan import Watch

MOST_NONZEROS: Final = 3_000_000


@dataclass(frozen=True, slots=True)
class Means:
    """What each candidate costs, the money there is, how many may be chosen at most, and an
    earlier plan to go on from."""

    costs: Matrix
    budget: float
    most: int | None
    begin: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Purse:
    """What each site (column) costs, the money there is, and how many may be chosen at most."""

    price: Matrix
    budget: float
    most: int | None

    def left(self, sites: Columns) -> float:
        """The money that is left, with what rounding may take."""
        return self.budget * (1 + 1e-12) - float(self.price[sites].sum())

    def holds(self, sites: Columns) -> bool:
        """Whether they can be paid and are not too many."""
        return self.left(sites) >= -1e-9 * self.budget and (
            self.most is None or len(sites) <= self.most
        )

    def full(self, count: int) -> bool:
        """Whether no more may be chosen."""
        return self.most is not None and count >= self.most


def within_budget(
    rows: tuple[list[Array], list[float]],
    free: Array,
    means: Means,
    watch: Watch,
    *,
    known: float,
    thorough: bool,
) -> tuple[list[int], float]:
    """The candidates (by number) that cover most for the money, and the bound."""
    affordable = free[means.costs[free] <= means.budget * (1 + 1e-12)]
    found = cover_of(*rows, affordable, len(means.costs))
    purse = Purse(means.costs[affordable], means.budget, means.most)
    start = _best_greedy(found, purse)
    begun = np.flatnonzero(np.isin(affordable, np.array(means.begin)))
    if len(begun) and purse.holds(begun) and value(found, begun) > value(found, start):
        start = begun
    start = _improved(found, purse, start, watch)
    bound = _bound(found, purse)
    watch.tell(known + value(found, start), known + bound)
    small = len(found.rows.numbers) <= MOST_NONZEROS
    if thorough and small and len(found.weights) and not watch.over:
        start, bound = _exactly(found, purse, start, bound, watch, known)
    return affordable[start].tolist(), bound


def _best_greedy(found: Cover, purse: Purse) -> Columns:
    """The better of gain for the money and gain alone."""
    nothing = np.empty(0, dtype=np.intp)
    plans = [_filled_up(found, purse, nothing, by_money=way) for way in (True, False)]
    return max(plans, key=lambda plan: value(found, plan))


def _improved(found: Cover, purse: Purse, sites: Columns, watch: Watch) -> Columns:
    """Give up one site for others that can be paid, while that helps."""
    best = value(found, sites)
    better = True
    while better and not watch.over:
        better = False
        for out in sites.tolist():
            rest = _filled_up(found, purse, sites[sites != out])
            met = value(found, rest)
            if met > best * (1 + 1e-12):
                sites, best, better = rest, met, True
                break
    return sites


def _filled_up(found: Cover, purse: Purse, sites: Columns, *, by_money: bool = False) -> Columns:
    """With what adds most (for the money), as long as there is some."""
    chosen = sites.tolist()
    done = np.zeros(len(found.weights), dtype=np.bool_)
    done[found.columns.of(sites)[0]] = True
    gain = gains(found, np.flatnonzero(~done))
    money = purse.left(sites)
    while not purse.full(len(chosen)):
        worth = gain / np.maximum(purse.price, 1e-9) if by_money else gain.copy()
        worth[(purse.price > money) | (gain <= 1e-12)] = -1.0
        worth[chosen] = -1.0
        if not len(worth) or worth.max() <= 0:
            break
        best = int(np.argmax(worth))
        chosen.append(best)
        money -= float(purse.price[best])
        new = found.columns.one(best)
        new = new[~done[new]]
        done[new] = True
        gain -= gains(found, new)
    return np.array(sorted(chosen), dtype=np.intp)


def _bound(found: Cover, purse: Purse) -> float:
    """What the money buys at most if each site kept all it covers, parts of sites included."""
    if not len(found.weights):
        return 0.0
    gain = gains(found, np.arange(len(found.weights)))
    order = np.argsort(-gain / np.maximum(purse.price, 1e-9), kind="stable")
    prices = purse.price[order]
    share = np.clip(
        (purse.budget - (np.cumsum(prices) - prices)) / np.maximum(prices, 1e-9), 0.0, 1.0
    )
    return min(float(gain[order] @ share), float(found.weights.sum()))


def _exactly(
    found: Cover, purse: Purse, start: Columns, bound: float, watch: Watch, known: float
) -> tuple[Columns, float]:
    width = len(found.sites)
    model = _model(found, purse, known)
    answer = run(model, watch, start=_columns(found, start), whole=False)
    if math.isfinite(answer.bound):
        bound = min(bound, answer.bound)
    if answer.columns is not None:
        sites = np.flatnonzero(answer.columns[:width] > 0.5)
        fits = purse.left(sites) >= -1e-9 * purse.budget
        if fits and value(found, sites) > value(found, start):
            start = sites
    return start, max(bound, value(found, start))


def _model(found: Cover, purse: Purse, known: float) -> Model:
    """Columns: sites, then shares of rows; rows: sites - share >= 0, the money, the number."""
    width, height = len(found.sites), len(found.weights)
    sizes = np.diff(found.rows.starts)
    ends = np.cumsum(sizes)
    scale = max(1.0, purse.budget)
    number = float(width if purse.most is None else purse.most)
    return Model(
        costs=np.concatenate([np.zeros(width), found.weights]),
        upper=np.ones(width + height),
        integers=width,
        row_lower=np.concatenate([np.zeros(height), [-INFINITE, 0.0]]),
        row_upper=np.concatenate([np.full(height, INFINITE), [purse.budget / scale, number]]),
        starts=np.concatenate([[0], np.cumsum(np.concatenate([sizes + 1, [width, width]]))]),
        indices=np.concatenate(
            [
                np.insert(found.rows.numbers, ends, width + np.arange(height)),
                np.arange(width),
                np.arange(width),
            ]
        ),
        values=np.concatenate(
            [
                np.insert(np.ones(len(found.rows.numbers)), ends, -1.0),
                purse.price / scale,
                np.ones(width),
            ]
        ),
        maximise=True,
        constant=known,
    )


def _columns(found: Cover, sites: Columns) -> NDArray[Any]:
    columns = np.zeros(len(found.sites) + len(found.weights))
    columns[sites] = 1.0
    columns[len(found.sites) + np.unique(found.columns.of(sites)[0])] = 1.0
    return columns
