"""Growth of electric cars by area: an S-curve through each area's own history (pure).

The same least squares as planning/demand/growth.py, for all areas at once: 290 municipalities take
a second, where one after another would take a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.demand.growth import LEAST_YEARS, NINETY
from planning.layers.facts import Numbers, Points
from planning.layers.histories import HISTORY

TOPS: Final = (1.1, 1.5, 3.0, 10.0)
RATES: Final = (0.1, 0.3, 0.8)
ROUNDS: Final = 200
LEAST_FACTOR, MOST_FACTOR = 0.01, 100.0
"""What a factor of growth can be."""


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of some areas, by number: (most, rate, middle), their covariance, and what is
    left over."""

    areas: NDArray[np.int64]
    numbers: Numbers
    spread: Numbers
    noise: Numbers

    def at(self, year: float) -> Numbers:
        """What each curve says of a year."""
        return _curve(self.numbers, np.full((len(self.areas), 1), year))[:, 0]

    def apart(self, year: float) -> Numbers:
        """How far above and below it nine in ten years would lie."""
        slopes = _slopes(self.numbers, np.full((len(self.areas), 1), year))[:, 0, :]
        bent = np.einsum("ai,aij,aj->a", slopes, self.spread, slopes)
        found: Numbers = NINETY * np.sqrt(np.maximum(bent, 0.0) + self.noise**2)
        return found


@dataclass(frozen=True, slots=True)
class AreaGrowth:
    """An area: its last known number, and the curve in the year meant."""

    label: str
    last_year: int
    last: float
    value: float
    low: float
    high: float
    growth: float


@dataclass(frozen=True, slots=True)
class Grown:
    """Cars with a ``growth`` in the rows that have a history; the areas, the most cars first, and
    their sum by year (known, curve, low, high)."""

    vehicles: Points
    areas: tuple[AreaGrowth, ...] = ()
    years: tuple[dict[str, Any], ...] = ()
    curves: Curves | None = None

    @property
    def factor(self) -> float | None:
        """The growth of all areas with a curve together; None without any."""
        last = sum(one.last for one in self.areas)
        return sum(one.last * one.growth for one in self.areas) / last if last else None


def grown(vehicles: Points, target: int, ahead: int = 5) -> Grown:
    """Give every row with a history of four years that grows the growth of its own curve from its
    last year to the year meant; a row's own ``growth`` stays."""
    curves = fitted_all(vehicles)
    if not len(curves.areas):
        return Grown(vehicles)
    values = list(vehicles.values)
    last_years = np.array([values[one][HISTORY][-1][0] for one in curves.areas])
    now = _curve(curves.numbers, last_years[:, None].astype(np.float64))[:, 0]
    then, apart = curves.at(target), curves.apart(target)
    growth = np.clip(then / np.maximum(now, 1e-9), LEAST_FACTOR, MOST_FACTOR)
    areas = []
    for at, one in enumerate(curves.areas.tolist()):
        values[one] = {"growth": round(float(growth[at]), 6), **values[one]}
        areas.append(
            AreaGrowth(
                vehicles.labels[one],
                int(last_years[at]),
                float(values[one][HISTORY][-1][1]),
                float(then[at]),
                max(0.0, float(then[at] - apart[at])),
                float(then[at] + apart[at]),
                float(growth[at]),
            )
        )
    return Grown(
        replace(vehicles, values=tuple(values)),
        tuple(sorted(areas, key=lambda one: -one.value)),
        tuple(_years(curves, [values[one][HISTORY] for one in curves.areas], target, ahead)),
        curves,
    )


def _years(
    curves: Curves, histories: Sequence[Sequence[Sequence[float]]], target: int, ahead: int
) -> list[dict[str, Any]]:
    """All areas together. Their errors are taken to go the same way, so that the interval is
    rather too wide; a year is known where all of them know it."""
    known = [{int(year): number for year, number in one} for one in histories]
    past = {year for one in known for year in one}
    last = max(max(one) for one in known)
    years = sorted({*past, *range(last + 1, last + ahead + 1), target})
    found = []
    for year in years:
        values, apart = curves.at(year), curves.apart(year)
        every = [one.get(year) for one in known]
        found.append(
            {
                "year": year,
                "known": None if None in every else sum(one for one in every if one is not None),
                "value": float(values.sum()),
                "low": float(np.maximum(values - apart, 0.0).sum()),
                "high": float((values + apart).sum()),
            }
        )
    return found


def fitted_all(vehicles: Points) -> Curves:
    """A curve for every row whose history has four years and grows; ``all_cars`` of a row is the
    most that its curve can reach."""
    areas = [one for one, row in enumerate(vehicles.values) if _tells(row.get(HISTORY))]
    if not areas:
        return Curves(np.zeros(0, np.int64), np.zeros((0, 3)), np.zeros((0, 3, 3)), np.zeros(0))
    histories = [vehicles.values[one][HISTORY] for one in areas]
    width = max(len(one) for one in histories)
    x, y, mask = (np.zeros((len(areas), width)) for _ in range(3))
    for at, rows in enumerate(histories):
        count = len(rows)
        x[at, :count], y[at, :count], mask[at, :count] = [*np.array(rows, float).T, 1.0]
    scale = y.max(axis=1)
    tops = vehicles.numbers("all_cars", np.nan)[areas]
    fixed = np.where(tops > scale, tops / scale, np.nan)
    numbers, left = _best(x, y / scale[:, None], mask, fixed)
    free = 2 + np.isnan(fixed)
    noise = np.sqrt(left / np.maximum(1, mask.sum(axis=1) - free))
    slopes = _slopes(numbers, x) * mask[:, :, None]
    slopes[~np.isnan(fixed), :, 0] = 0.0
    spread = np.linalg.pinv(np.einsum("ayi,ayj->aij", slopes, slopes), hermitian=True)
    spread *= (noise**2)[:, None, None]
    numbers[:, 0] *= scale
    spread[:, 0, :] *= scale[:, None]
    spread[:, :, 0] *= scale[:, None]
    return Curves(np.array(areas, np.int64), numbers, spread, noise * scale)


def _tells(history: Any) -> bool:
    """Four years, in order, with growth."""
    if not isinstance(history, list) or len(history) < LEAST_YEARS:
        return False
    ordered = all(one[0] < two[0] for one, two in pairwise(history))
    return ordered and history[-1][1] > history[0][1] >= 0


def _best(x: Numbers, y: Numbers, mask: Numbers, fixed: Numbers) -> tuple[Numbers, Numbers]:
    """Of several starts for each area the one with least left over."""
    best, least = np.zeros((len(x), 3)), np.full(len(x), np.inf)
    last_at = mask.sum(axis=1).astype(int) - 1
    rows = np.arange(len(x))
    for top in TOPS:
        tops = np.where(np.isnan(fixed), top, fixed)
        share = np.clip(y[rows, last_at] / tops, 1e-6, 1 - 1e-6)
        for rate in RATES:
            middle = x[rows, last_at] - np.log(share / (1 - share)) / rate
            start = np.column_stack([tops, np.full(len(x), rate), middle])
            found, rest = _levenberg(x, y, mask, start, ~np.isnan(fixed))
            better = rest < least
            best[better], least[better] = found[better], rest[better]
    return best, least


def _levenberg(
    x: Numbers, y: Numbers, mask: Numbers, start: Numbers, is_fixed: NDArray[np.bool_]
) -> tuple[Numbers, Numbers]:
    found, rest = start.copy(), _rest(x, y, mask, start)
    damping, busy = np.full(len(x), 1e-2), np.arange(len(x))
    unit = np.eye(3)
    for _round in range(ROUNDS):
        if not len(busy):
            break
        now, known = found[busy], mask[busy]
        slopes = _slopes(now, x[busy]) * known[:, :, None]
        slopes[is_fixed[busy], :, 0] = 0.0
        gram = np.einsum("ayi,ayj->aij", slopes, slopes)
        diagonal = np.einsum("aii->ai", gram) + 1e-9
        damped = gram + damping[busy, None, None] * diagonal[:, :, None] * unit
        apart = (y[busy] - _curve(now, x[busy])) * known
        step = np.linalg.solve(damped, np.einsum("ayi,ay->ai", slopes, apart)[:, :, None])[:, :, 0]
        new = now + step
        left = _rest(x[busy], y[busy], known, new)
        good = (new[:, 0] > 0) & (new[:, 1] > 0) & (left < rest[busy])
        gain = np.where(good, rest[busy] - left, np.inf)
        found[busy[good]], rest[busy[good]] = new[good], left[good]
        damping[busy] = np.where(good, np.maximum(damping[busy] / 5, 1e-9), damping[busy] * 4)
        settled = gain <= 1e-9 * np.maximum(rest[busy], 1e-9)
        busy = busy[~settled & (damping[busy] <= 1e9)]
    return found, rest


def _rest(x: Numbers, y: Numbers, mask: Numbers, numbers: Numbers) -> Numbers:
    found: Numbers = (((y - _curve(numbers, x)) * mask) ** 2).sum(axis=1)
    return found


def _shares(numbers: Numbers, x: Numbers) -> Numbers:
    bent = np.clip(numbers[:, 1:2] * (x - numbers[:, 2:3]), -500, 500)
    found: Numbers = 1 / (1 + np.exp(-bent))
    return found


def _curve(numbers: Numbers, x: Numbers) -> Numbers:
    found: Numbers = numbers[:, 0:1] * _shares(numbers, x)
    return found


def _slopes(numbers: Numbers, x: Numbers) -> Numbers:
    """How each curve moves with its three numbers, in each year."""
    share = _shares(numbers, x)
    bend = numbers[:, 0:1] * share * (1 - share)
    found: Numbers = np.stack(
        [share, bend * (x - numbers[:, 2:3]), -bend * numbers[:, 1:2]], axis=-1
    )
    return found
