"""The calibration of a demand model against what own stations sold (pure).

A model says what is wanted within reach of a site; the site sold what drivers of ours took. Their
ratio, over all sites, is the factor; the spread over sites tells how far it may be off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

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
    told = [one for one in compared if one.ratio]
    if len(told) < LEAST_SITES:
        return Calibration(compared, None, None, None)
    factor = sum(one.sold.kwh for one in told) / sum(one.model_kwh for one in told)
    logs = [math.log(one.ratio) for one in told if one.ratio]
    mean = sum(logs) / len(logs)
    deviation = math.sqrt(sum((one - mean) ** 2 for one in logs) / (len(logs) - 1))
    apart = math.exp(1.645 * deviation / math.sqrt(len(logs)))
    return Calibration(compared, factor, factor / apart, factor * apart)


def _compared(demand: Demand, sites: Sequence[Sold], captured: float) -> tuple[Compared, ...]:
    if not sites or not len(demand):
        return tuple(Compared(one, 0.0) for one in sites)
    here = np.column_stack([demand.longitude, demand.latitude])
    best = np.full(len(here), np.inf)
    nearest = np.zeros(len(here), dtype=np.intp)
    for number, site in enumerate(sites):
        far = haversine(here, coordinates(((site.longitude, site.latitude),)))[:, 0]
        nearest[far < best] = number
        np.minimum(best, far, out=best)
    near = best <= REACH_KM * 1000
    kwh = np.bincount(nearest[near], demand.kwh[near], minlength=len(sites)) * captured
    return tuple(Compared(site, one) for site, one in zip(sites, kwh.tolist(), strict=True))
