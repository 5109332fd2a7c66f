"""A tariff made ready to rate many sessions (pure).

Every restriction is a band between thresholds. A *cell* (one band of each axis) has one answer,
which is looked up once and remembered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Final

from billing.rating.moments import SECOND, Number
from billing.rating.rules.clock import in_window
from billing.rating.rules.curve import exact
from billing.tariffs.model import (
    WEEKDAYS,
    ComponentType,
    PriceComponent,
    Restrictions,
    Tariff,
)

Cell = tuple[int, int, int, int, int, int, int]
"""Bands of clock, weekday, date, energy, duration, power and current; -1 is not known."""

_MOST_CELLS: Final = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A price with its place in the tariff. ``price`` is exact."""

    element: int
    component: PriceComponent
    price: Number
    limits: Restrictions
    places: tuple[tuple[int, int, int], ...]
    weekdays: frozenset[int]
    clock: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The price of each dimension in a cell; None: it costs nothing."""

    energy: Candidate | None
    time: Candidate | None
    parking: Candidate | None
    flat: Candidate | None


class CompiledTariff:
    """Thresholds of all axes and the candidates of each dimension, in order."""

    def __init__(self, tariff: Tariff) -> None:
        self.tariff = tariff
        limits = [element.restrictions for element in tariff.elements]
        clocks = [
            one or time()  # an open end is midnight, where the price changes too
            for r in limits
            if r.start_time is not None or r.end_time is not None
            for one in (r.start_time, r.end_time)
        ]
        self.uses_days = any(r.day_of_week or r.start_date or r.end_date for r in limits)
        self.clock = _sorted(_minute(one) for one in clocks)
        self.cut_minutes = tuple(sorted({*self.clock, *([0] if self.uses_days else [])}))
        dates = (one for r in limits for one in (r.start_date, r.end_date) if one is not None)
        self.dates = _sorted(one.toordinal() for one in dates)
        self.energy = _axis((r.min_kwh, r.max_kwh) for r in limits)
        self.energy_wh = tuple(one * 1000 for one in self.energy)
        self.power = _axis((r.min_power, r.max_power) for r in limits)
        self.power_w = tuple(one * 1000 for one in self.power)
        self.current = _axis((r.min_current, r.max_current) for r in limits)
        spans = (one for r in limits for one in (r.min_duration, r.max_duration) if one is not None)
        self.duration = _sorted(one * SECOND for one in spans)
        self.uses_clock = bool(self.clock) or self.uses_days
        self._by_type: dict[ComponentType, list[Candidate]] = {}
        self._reserved: dict[ComponentType, list[Candidate]] = {}
        self._expired: dict[ComponentType, list[Candidate]] = {}
        for place, element in enumerate(tariff.elements):
            for component in element.price_components:
                self._file(self._candidate(place, component, element.restrictions))
        self.prices_time = self.costs("TIME") or self.costs("PARKING_TIME")
        self.has_parking = "PARKING_TIME" in self._by_type
        self.prices_energy = tariff.extras.spot is not None or self.costs("ENERGY")
        self.rates = frozenset(
            (*(one.vat for e in tariff.elements for one in e.price_components),)
            if tariff.extras.spot is None
            else (
                *(one.vat for e in tariff.elements for one in e.price_components),
                tariff.extras.spot.vat,
            )
        )
        self._choices: dict[tuple[str, Cell], Choice] = {}

    def costs(self, kind: ComponentType) -> bool:
        """Whether any price of a dimension is not nothing (reservations apart)."""
        return any(one.price for one in self._by_type.get(kind, ()))

    def candidates(self, kind: ComponentType) -> tuple[Candidate, ...]:
        """The prices of a dimension of the session itself, in order."""
        return tuple(self._by_type.get(kind, ()))

    def reserved(self, *, expired: bool) -> tuple[Candidate, ...]:
        """The prices of a reservation: used, or in vain."""
        pool = self._expired if expired else self._reserved
        return tuple(one for kind in ("TIME", "FLAT") for one in pool.get(kind, ()))

    def choose(self, phase: str, cell: Cell) -> Choice:
        """The prices that count in ``phase`` ("session", "reserved", "expired") and ``cell``."""
        found = self._choices.get((phase, cell))
        if found is None:
            if len(self._choices) >= _MOST_CELLS:
                self._choices.clear()
            found = self._choices[phase, cell] = self._choose(phase, cell)
        return found

    def _choose(self, phase: str, cell: Cell) -> Choice:
        if phase == "session":
            pool = self._by_type
            energy, parking = (
                _first(pool.get("ENERGY"), cell),
                _first(pool.get("PARKING_TIME"), cell),
            )
            return Choice(
                energy, _first(pool.get("TIME"), cell), parking, _first(pool.get("FLAT"), cell)
            )
        kinds: tuple[ComponentType, ComponentType] = ("TIME", "FLAT")
        time_price, flat = (
            (_first(self._expired.get(kind), cell) if phase == "expired" else None)
            or _first(self._reserved.get(kind), cell)
            for kind in kinds
        )
        return Choice(None, time_price, None, flat)

    def _file(self, one: Candidate) -> None:
        kind = one.limits.reservation
        pool = {None: self._by_type, "RESERVATION": self._reserved}.get(kind, self._expired)
        pool.setdefault(one.component.type, []).append(one)

    def _candidate(self, place: int, component: PriceComponent, limits: Restrictions) -> Candidate:
        """Each limit as (axis of the cell, least band, first band that is too high)."""
        axes = (
            (2, self.dates, _ordinal(limits.start_date), _ordinal(limits.end_date)),
            (3, self.energy, _exact(limits.min_kwh), _exact(limits.max_kwh)),
            (4, self.duration, _micro(limits.min_duration), _micro(limits.max_duration)),
            (5, self.power, _exact(limits.min_power), _exact(limits.max_power)),
            (6, self.current, _exact(limits.min_current), _exact(limits.max_current)),
        )
        places = tuple(
            (
                axis,
                0 if low is None else bisect_right(thresholds, low),
                len(thresholds) + 1 if high is None else bisect_right(thresholds, high),
            )
            for axis, thresholds, low, high in axes
            if low is not None or high is not None
        )
        clock = None
        if limits.start_time is not None or limits.end_time is not None:
            start, end = _minute(limits.start_time or time()), _minute(limits.end_time or time())
            clock = (bisect_right(self.clock, start), bisect_right(self.clock, end) if end else 0)
        return Candidate(
            element=place,
            component=component,
            price=exact(component.price),
            limits=limits,
            places=places,
            weekdays=frozenset(WEEKDAYS.index(day) for day in limits.day_of_week),
            clock=clock,
        )


@lru_cache(maxsize=256)
def compile_tariff(tariff: Tariff) -> CompiledTariff:
    """The compiled form; the same object for an equal tariff used before."""
    return CompiledTariff(tariff)


def _first(candidates: list[Candidate] | None, cell: Cell) -> Candidate | None:
    """The first candidate whose limits all hold in ``cell``."""
    return next((one for one in candidates or () if _holds(one, cell)), None)


def _holds(one: Candidate, cell: Cell) -> bool:
    if one.weekdays and cell[1] not in one.weekdays:
        return False
    if one.clock is not None and not in_window(cell[0], *one.clock):
        return False
    return all(low <= cell[axis] < high for axis, low, high in one.places)


def _axis(pairs: Iterable[tuple[Decimal | None, Decimal | None]]) -> tuple[Number, ...]:
    return tuple(sorted({exact(one) for pair in pairs for one in pair if one is not None}))


def _exact(value: Decimal | None) -> Number | None:
    return None if value is None else exact(value)


def _sorted(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(values)))


def _minute(value: time) -> int:
    return value.hour * 60 + value.minute


def _ordinal(value: date | None) -> int | None:
    return None if value is None else value.toordinal()


def _micro(value: int | None) -> int | None:
    return None if value is None else value * SECOND
