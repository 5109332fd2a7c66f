"""The demand model: layers and assumptions become energy at places (pure).

Three needs, each explained by the numbers that made it:

* home: owners without parking of their own charge a share of what they drive in public places;
* stay: visitors of a destination plug in while they are there;
* trip: cars that pass on long trips charge what their battery does not cover.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.demand.assumptions import Values
from planning.demand.profiles import HOME, NEEDS, PROFILES, STAY, TRIP
from planning.layers.facts import Numbers, Points

DAYS = 365.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one need asks for at some places: a year's energy, and the factors that made it."""

    need: str
    longitude: Numbers
    latitude: Numbers
    kwh: Numbers
    labels: tuple[str, ...]
    factors: Mapping[str, Numbers]


@dataclass(frozen=True, slots=True)
class Demand:
    """Energy at places. ``by_need``: kWh a year, one column a need (home, stay, trip).

    ``sources``: for each place the part and the row in it, for the explanation.
    """

    longitude: Numbers
    latitude: Numbers
    by_need: Numbers
    labels: tuple[str, ...]
    parts: tuple[Part, ...]
    sources: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def kwh(self) -> Numbers:
        """A year's energy at each place."""
        found: Numbers = self.by_need.sum(axis=1)
        return found

    @property
    def total_kwh(self) -> float:
        """A year's energy at all places together."""
        return float(self.by_need.sum())

    @property
    def hours(self) -> Numbers:
        """kWh in each local hour of an average day: a row a place, 24 columns."""
        found: Numbers = self.by_need @ PROFILES / DAYS
        return found

    def explain(self, place: int) -> tuple[str, dict[str, float]]:
        """The need of a place and the factors whose product its energy is."""
        number, row = self.sources[place]
        part = self.parts[number]
        factors = {name: float(column[row]) for name, column in part.factors.items()}
        return part.need, factors


def demand_from(parts: Sequence[Part]) -> Demand:
    """All places of some parts, one after another."""
    filled = [part for part in parts if len(part.labels)]
    needs = np.zeros((sum(len(part.labels) for part in filled), len(NEEDS)))
    begin = 0
    for part in filled:
        end = begin + len(part.labels)
        needs[begin:end, NEEDS.index(part.need)] = part.kwh
        begin = end
    return Demand(
        _joined([part.longitude for part in filled]),
        _joined([part.latitude for part in filled]),
        needs,
        tuple(label for part in filled for label in part.labels),
        tuple(filled),
        np.array(
            [
                (number, row)
                for number, part in enumerate(filled)
                for row in range(len(part.labels))
            ],
            dtype=np.int64,
        ).reshape(-1, 2),
    )


def home_need(vehicles: Points, values: Values) -> Part:
    """Of electric cars by place; a row's own ``without_parking`` (a share) and ``growth`` count
    before the assumptions."""
    return _home(vehicles, {"electric_cars": vehicles.weight}, values)


def home_need_of_people(population: Points, values: Values) -> Part:
    """The same where nothing but inhabitants is known."""
    factors = {
        "inhabitants": population.weight,
        "cars_per_inhabitant": _same(population, values["cars_per_inhabitant"]),
        "ev_share": _same(population, values["ev_share"]),
    }
    return _home(population, factors, values)


def _home(points: Points, cars: Mapping[str, Numbers], values: Values) -> Part:
    alone = np.clip(points.numbers("without_parking", values["without_parking"]), 0.0, 1.0)
    factors = {
        **cars,
        "without_parking": alone,
        "km_per_year": points.numbers("km_per_year", values["km_per_year"]),
        "kwh_per_km": _same(points, values["kwh_per_km"]),
        "season": _same(points, values["season"]),
        "public_share": _same(points, values["public_share"]),
        "growth": points.numbers("growth", values["growth"]),
        "calibration": _same(points, values["calibration"]),
    }
    return _part(HOME, points, factors)


def stay_need(places: Points, values: Values) -> Part:
    """Of destinations by visits a day; a row's own ``kwh_per_stay`` counts before the
    assumption."""
    factors = {
        "visits_per_day": places.weight,
        "days": _same(places, DAYS),
        "visits_by_car": _same(places, values["visits_by_car"]),
        "ev_share": _same(places, values["ev_share"]),
        "plugs_in": places.numbers("plugs_in", values["plugs_in"]),
        "kwh_per_stay": places.numbers("kwh_per_stay", values["kwh_per_stay"]),
        "growth": _same(places, values["growth"]),
        "calibration": _same(places, values["calibration"]),
    }
    return _part(STAY, places, factors)


def trip_need(traffic: Points, values: Values) -> Part:
    """Of counted traffic: cars on long trips charge what they use on the stretch that a count
    stands for. A row's own ``heavy`` share is taken out."""
    heavy = np.clip(traffic.numbers("heavy_share", 0.0), 0.0, 1.0)
    factors = {
        "vehicles_per_day": traffic.weight,
        "days": _same(traffic, DAYS),
        "light_share": 1.0 - heavy,
        "ev_share": _same(traffic, values["ev_share"]),
        "long_trip_share": _same(traffic, values["long_trip_share"]),
        "stretch_km": traffic.numbers("length_km", values["stretch_km"]),
        "kwh_per_km": _same(traffic, values["kwh_per_km"]),
        "season": _same(traffic, values["season"]),
        "growth": _same(traffic, values["growth"]),
        "calibration": _same(traffic, values["calibration"]),
    }
    return _part(TRIP, traffic, factors)


def _part(need: str, points: Points, factors: Mapping[str, Numbers]) -> Part:
    kwh = np.ones(len(points))
    for column in factors.values():
        kwh = kwh * column
    return Part(need, points.longitude, points.latitude, kwh, points.labels, factors)


def _same(points: Points, value: float) -> Numbers:
    return np.full(len(points), value)


def _joined(columns: Sequence[Numbers]) -> Numbers:
    return np.concatenate(columns) if columns else np.zeros(0)
