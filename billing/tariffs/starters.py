"""Six prices that a person can enter without knowing OCPI. Pure: some numbers to a tariff and back.

``simple_of`` recognises a tariff that ``build`` could have made, so that it can be edited by the
same few numbers again; any other is edited rule by rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Final

from billing.tariffs.model import (
    DEFAULT_MINIMUM,
    Averaging,
    ClockWindow,
    ComponentType,
    DatedPrice,
    Element,
    Extras,
    IdleTerms,
    PriceComponent,
    SpotTerms,
    Tariff,
    TariffType,
)
from billing.tariffs.week import Hour, hours_of, is_by_clock, windows

MINUTES: Final = 60
NIGHT: Final = ClockWindow(start_time=time(22), end_time=time(7))
BELOW_KW: Final = Decimal(50)


class Starter(StrEnum):
    """The templates, the simplest first."""

    KWH = "kwh"
    KWH_IDLE = "kwh_idle"
    TIME_OF_DAY = "time_of_day"
    SPOT = "spot"
    FREE = "free"
    AFTERWARDS = "afterwards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simple:
    """What a person enters. Prices are on the tariff's VAT basis but for those of spot terms,
    which are without; ``vat`` is a percentage. ``hours`` have ``second_price``."""

    starter: Starter
    currency: str = "SEK"
    is_tax_included: bool = True
    vat: Decimal | None = Decimal(25)
    is_for_guests: bool = True
    energy_price: Decimal = Decimal(0)
    second_price: Decimal = Decimal(0)
    hours: frozenset[Hour] = frozenset()
    start_fee: Decimal = Decimal(0)
    idle_per_minute: Decimal = Decimal(0)
    grace_minutes: int = 15
    idle_cap: Decimal | None = Decimal(200)
    is_night_free: bool = True
    area: str = "SE3"
    averaging: Averaging = "hour"
    mark_up: Decimal = Decimal(0)
    energy_tax: Decimal = Decimal(0)
    grid_fee: Decimal = Decimal(0)


def default_for(starter: Starter) -> Simple:
    """What the form of a template starts with."""
    base = Simple(starter=starter, energy_price=Decimal("4.50"))
    if starter == Starter.KWH_IDLE:
        return replace(base, idle_per_minute=Decimal(2))
    if starter == Starter.TIME_OF_DAY:
        day = frozenset((day, hour) for day in range(5) for hour in range(6, 22))
        return replace(base, energy_price=Decimal("3.50"), second_price=Decimal(5), hours=day)
    if starter == Starter.SPOT:
        return replace(base, energy_price=Decimal(0), mark_up=Decimal("0.40"))
    if starter in (Starter.FREE, Starter.AFTERWARDS):
        return replace(base, energy_price=Decimal(0), is_for_guests=starter == Starter.FREE)
    return base


def build(simple: Simple) -> Tariff:
    """The tariff of the entered numbers."""
    kind: TariffType | None = None if simple.is_for_guests else "REGULAR"
    return Tariff(
        currency=simple.currency,
        type=kind,
        tax_included="YES" if simple.is_tax_included else "NO",
        elements=(*_energy(simple), *_default(simple)),
        extras=_extras(simple),
    )


def _component(simple: Simple, kind: ComponentType, price: Decimal) -> PriceComponent:
    return PriceComponent(type=kind, price=price, vat=simple.vat)


def _energy(simple: Simple) -> tuple[Element, ...]:
    """The hours of the second price, before the price of all others."""
    if simple.starter != Starter.TIME_OF_DAY:
        return ()
    second = (_component(simple, "ENERGY", simple.second_price),)
    return tuple(
        Element(price_components=second, restrictions=window.restrictions())
        for window in windows(simple.hours)
    )


def _default(simple: Simple) -> tuple[Element, ...]:
    parts: list[PriceComponent] = []
    if simple.starter not in (Starter.SPOT, Starter.AFTERWARDS):
        parts.append(_component(simple, "ENERGY", simple.energy_price))
    if simple.starter not in (Starter.FREE, Starter.AFTERWARDS):
        if simple.idle_per_minute:
            idle = simple.idle_per_minute * MINUTES
            parts.append(_component(simple, "PARKING_TIME", idle))
        if simple.start_fee:
            parts.append(_component(simple, "FLAT", simple.start_fee))
    return (Element(price_components=tuple(parts)),) if parts else ()


def _extras(simple: Simple) -> Extras:
    if simple.starter == Starter.AFTERWARDS:
        return Extras(announced_afterwards=True)
    if simple.starter == Starter.FREE:
        return Extras()
    spot = _spot(simple) if simple.starter == Starter.SPOT else None
    return Extras(idle=_idle(simple), minimum=DEFAULT_MINIMUM, spot=spot)


def _idle(simple: Simple) -> IdleTerms:
    if not simple.idle_per_minute:
        return IdleTerms()
    return IdleTerms(
        grace_seconds=simple.grace_minutes * MINUTES,
        cap=simple.idle_cap,
        free_hours=(NIGHT,) if simple.is_night_free else (),
        free_below_kw=BELOW_KW if simple.is_night_free else None,
    )


def _spot(simple: Simple) -> SpotTerms:
    def dated(price: Decimal) -> tuple[DatedPrice, ...]:
        return (DatedPrice(price=price),) if price else ()

    return SpotTerms(
        area=simple.area,
        averaging=simple.averaging,
        vat=simple.vat,
        mark_up=dated(simple.mark_up),
        energy_tax=dated(simple.energy_tax),
        grid_fee=dated(simple.grid_fee),
    )


def simple_of(tariff: Tariff) -> Simple | None:
    """The numbers that ``build`` makes this tariff of; None when no template does."""
    guess = _guess(tariff)
    if guess is None:
        return None
    bare = replace(
        tariff, id="", country_code="", party_id="", last_updated_at=None, tariff_alt_text=()
    )
    return guess if build(guess) == bare and not tariff.tariff_alt_text else None


def _guess(tariff: Tariff) -> Simple | None:
    default = next((one for one in tariff.elements if one.restrictions.is_empty), None)
    windowed = [one for one in tariff.elements if not one.restrictions.is_empty]
    if any(not is_by_clock(one.restrictions) for one in windowed):
        return None
    second = windowed[0].component("ENERGY") if windowed else None
    if windowed and second is None:
        return None
    energy, idle, flat = (
        default.component(kind) if default else None for kind in ("ENERGY", "PARKING_TIME", "FLAT")
    )
    spot = tariff.extras.spot
    terms = tariff.extras.idle
    vats = [one.vat for element in tariff.elements for one in element.price_components]
    guess = Simple(
        starter=_starter(tariff, energy, idle is not None, bool(windowed)),
        currency=tariff.currency,
        is_tax_included=tariff.tax_included == "YES",
        vat=spot.vat if spot else vats[0] if vats else Decimal(25),
        is_for_guests=tariff.type is None,
        energy_price=energy.price if energy else Decimal(0),
        second_price=second.price if second else Decimal(0),
        hours=frozenset().union(*(hours_of(one.restrictions) for one in windowed)),
        start_fee=flat.price if flat else Decimal(0),
        idle_per_minute=idle.price / MINUTES if idle else Decimal(0),
    )
    if idle:
        guess = replace(
            guess,
            grace_minutes=terms.grace_seconds // MINUTES,
            idle_cap=terms.cap,
            is_night_free=bool(terms.free_hours),
        )
    return _with_spot(guess, spot) if spot else guess


def _starter(
    tariff: Tariff, energy: PriceComponent | None, has_idle: bool, has_windows: bool
) -> Starter:
    if tariff.extras.announced_afterwards:
        return Starter.AFTERWARDS
    if tariff.extras.spot:
        return Starter.SPOT
    if has_windows:
        return Starter.TIME_OF_DAY
    if has_idle:
        return Starter.KWH_IDLE
    return Starter.KWH if energy and energy.price else Starter.FREE


def _with_spot(guess: Simple, spot: SpotTerms) -> Simple:
    def first(prices: tuple[DatedPrice, ...]) -> Decimal:
        return prices[0].price if prices else Decimal(0)

    return replace(
        guess,
        area=spot.area,
        averaging=spot.averaging,
        mark_up=first(spot.mark_up),
        energy_tax=first(spot.energy_tax),
        grid_fee=first(spot.grid_fee),
    )
