"""The calibration of a demand model against what own stations sold (pure).

A model says what is wanted within reach of a site; the site sold what drivers of ours took. Their
ratio, over all sites, is the factor; the spread over sites tells how far it may be off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from planning.demand.needs import Demand
from planning.solving.paths import coordinates, haversine

LEAST_SITES: Final = 3
REACH_KM: Final = 10.0


@dataclass(frozen=True, slots=True)
class Sold:
    """A site of ours: where it is, and what it sold in a year (kWh)."""

    name: str
    longitude: float
    latitude: float
    kwh: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A site's year beside what the model says comes to it."""

    sold: Sold
    model_kwh: float

    @property
    def ratio(self) -> float | None:
        """Sold of what the model says."""
        return self.sold.kwh / self.model_kwh if self.model_kwh > 0 else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The factor by which the model's own is to be multiplied, and between what nine in ten such
    factors would lie; None when fewer than three sites tell."""

    sites: tuple[Compared, ...]
    factor: float | None
    low: float | None
    high: float | None


def calibrated(demand: Demand, sites: Sequence[Sold], captured: float) -> Calibration:
    """Each place's demand goes to the nearest of the sites within 10 km; ``captured`` is the part
    of it that comes to us. Sites without sales or demand tell nothing."""
    compared = _compared(demand, sites, captured)
    ratios = [one.ratio for one in compared if one.ratio and one.sold.kwh > 0]
    if len(ratios) < LEAST_SITES:
        return Calibration(compared, None, None, None)
    told = [one for one in compared if one.ratio and one.sold.kwh > 0]
    factor = sum(one.sold.kwh for one in told) / sum(one.model_kwh for one in told)
    logs = [math.log(one) for one in ratios]
    mean = sum(logs) / len(logs)
    deviation = math.sqrt(sum((one - mean) ** 2 for one in logs) / (len(logs) - 1))
    apart = math.exp(1.645 * deviation / math.sqrt(len(logs)))
    return Calibration(compared, factor, factor / apart, factor * apart)


def _compared(demand: Demand, sites: Sequence[Sold], captured: float) -> tuple[Compared, ...]:
    if not sites or not len(demand):
        return tuple(Compared(one, 0.0) for one in sites)
    here = coordinates(tuple(zip(demand.longitude, demand.latitude, strict=True)))
    best = [math.inf] * len(here)
    nearest = [-1] * len(here)
    for number, site in enumerate(sites):
        there = coordinates(((site.longitude, site.latitude),))
        for row, far in enumerate(haversine(here, there)[:, 0].tolist()):
            if far < best[row] and far <= REACH_KM * 1000:
                best[row], nearest[row] = far, number
    kwh = [0.0] * len(sites)
    for row, number in enumerate(nearest):
        if number >= 0:
            kwh[number] += float(demand.kwh[row]) * captured
    return tuple(Compared(site, kwh[number]) for number, site in enumerate(sites))
