"""An S-curve fitted to a history of registrations, with an interval (pure).

share(t) = most / (1 + exp(-rate (t - middle))): slow, fast, slow. The least squares of Gauss and
Newton with Levenberg's and Marquardt's damping find the three numbers; the interval follows from
their covariance (the delta method) and what is left over.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from planning.layers.facts import Numbers

YEARS: Final = range(1990, 2101)
LEAST_YEARS: Final = 4
ROUNDS: Final = 300
NINETY: Final = 1.645
"""Of a normal distribution nine tenths lie within so many deviations."""


class GrowthError(ValueError):
    """A history that no curve can be fitted to; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Curve:
    """The fitted curve; ``spread`` is the covariance of (most, rate, middle), ``noise`` the
    deviation of what is left."""

    most: float
    rate: float
    middle: float
    spread: Numbers
    noise: float

    def at(self, year: float) -> float:
        """What the curve says of a year."""
        return self.most / (1 + math.exp(-_bounded(self.rate * (year - self.middle))))

    def between(self, year: float) -> tuple[float, float]:
        """What nine in ten years would lie between, not below zero nor above the most that is."""
        slope = _slopes(np.array([year]), np.array([self.most, self.rate, self.middle]))[0]
        apart = NINETY * math.sqrt(max(0.0, float(slope @ self.spread @ slope)) + self.noise**2)
        return max(0.0, self.at(year) - apart), self.at(year) + apart


def fitted(years: Sequence[float], values: Sequence[float], most: float | None = None) -> Curve:
    """The curve through a history. ``most``: what it can reach at best, when that is known (all
    cars); else it is fitted too. GrowthError for fewer than four years, values below zero, or a
    history that does not grow."""
    x, y = np.array(years, dtype=np.float64), np.array(values, dtype=np.float64)
    if len(x) < LEAST_YEARS or len(set(x.tolist())) < LEAST_YEARS:
        raise GrowthError("too_few_years")
    if not np.isfinite(y).all() or (y < 0).any():
        raise GrowthError("negative")
    if not y[np.argmax(x)] > y[np.argmin(x)]:
        raise GrowthError("no_growth")
    scale = float(y.max())
    best, left = None, math.inf
    tops = [most / scale] if most is not None else [1.1, 1.5, 3.0, 10.0]
    for top in tops:
        for rate in (0.1, 0.3, 0.8):
            start = np.array([top, rate, _start_middle(x, y / scale, top, rate)])
            found, rest = _levenberg(x, y / scale, start, free_top=most is None)
            if rest < left:
                best, left = found, rest
    assert best is not None
    free = [0, 1, 2] if most is None else [1, 2]
    noise = math.sqrt(left / max(1, len(x) - len(free)))
    spread = np.zeros((3, 3))
    slopes = _slopes(x, best)[:, free]
    spread[np.ix_(free, free)] = np.linalg.pinv(slopes.T @ slopes) * noise**2
    scaling = np.diag([scale, 1.0, 1.0])
    return Curve(
        float(best[0]) * scale, float(best[1]), float(best[2]), scaling @ spread @ scaling,
        noise * scale,
    )  # fmt: skip


def _start_middle(x: Numbers, y: Numbers, top: float, rate: float) -> float:
    """Where the curve through the last value would have its middle."""
    last = int(np.argmax(x))
    share = min(max(float(y[last]) / top, 1e-6), 1 - 1e-6)
    return float(x[last]) - math.log(share / (1 - share)) / rate


def _levenberg(x: Numbers, y: Numbers, start: Numbers, *, free_top: bool) -> tuple[Numbers, float]:
    found, damping = start, 1e-2
    rest = _rest(x, y, found)
    for _round in range(ROUNDS):
        slopes = _slopes(x, found)
        if not free_top:
            slopes[:, 0] = 0.0
        gram = slopes.T @ slopes
        damped = gram + damping * np.diag(np.diag(gram) + 1e-9)
        step = np.linalg.solve(damped, slopes.T @ (y - _curve(x, found)))
        new = found + step
        if new[0] > 0 and new[1] > 0 and _rest(x, y, new) < rest:
            gain = rest - _rest(x, y, new)
            found, rest, damping = new, rest - gain, max(damping / 5, 1e-9)
            if gain <= 1e-14 * max(rest, 1e-14):
                break
        else:
            damping *= 4
            if damping > 1e9:
                break
    return found, rest


def _rest(x: Numbers, y: Numbers, values: Numbers) -> float:
    apart = y - _curve(x, values)
    return float(apart @ apart)


def _curve(x: Numbers, values: Numbers) -> Numbers:
    most, rate, middle = values
    found: Numbers = most / (1 + np.exp(-np.clip(rate * (x - middle), -500, 500)))
    return found


def _slopes(x: Numbers, values: Numbers) -> Numbers:
    """How the curve moves with each of its three numbers."""
    most, rate, middle = values
    share = 1 / (1 + np.exp(-np.clip(rate * (x - middle), -500, 500)))
    bend = most * share * (1 - share)
    found: Numbers = np.column_stack([share, bend * (x - middle), -bend * rate])
    return found


def _bounded(value: float) -> float:
    return min(max(value, -500.0), 500.0)
