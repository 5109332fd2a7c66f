"""What AFIR asks of ad hoc prices. Pure: tariff in, problems out.

Regulation (EU) 2023/1804 art. 5(4): at publicly accessible points of 50 kW and more the ad hoc
price is a price per kWh, to which at most an occupancy fee per minute may be added. Below 50 kW
the parts are shown in the order per kWh, per minute, per session, other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from billing.tariffs.model import PriceComponent, Tariff

STRONG_W: Final = 50_000
DISPLAY_ORDER: Final = ("ENERGY", "TIME", "PARKING_TIME", "FLAT")
_MINUTES: Final = Decimal(60)
_MOST_DECIMALS: Final = 4


class Breach(StrEnum):
    """What is wrong with an ad hoc price."""

    NO_ENERGY = "no_energy"
    TIME = "time"
    FLAT = "flat"
    MINUTE_PRICE = "minute_price"
    AFTERWARDS = "afterwards"


@dataclass(frozen=True, slots=True)
class Problem:
    """A breach, and the element (from 0) where it stands; None: the tariff as a whole."""

    breach: Breach
    element: int | None = None


def is_for_ad_hoc(tariff: Tariff) -> bool:
    """Whether guests are priced by it: OCPI names no type where a tariff is for everyone."""
    return tariff.type in (None, "AD_HOC_PAYMENT")


def strong_problems(tariff: Tariff) -> tuple[Problem, ...]:
    """What keeps the tariff from being an ad hoc price at 50 kW and more."""
    found = [
        Problem(breach, number)
        for number, element in enumerate(tariff.elements)
        for component in element.price_components
        if (breach := _strong_breach(component))
    ]
    if not _has_energy(tariff):
        found.insert(0, Problem(Breach.NO_ENERGY))
    return (*found, *any_power_problems(tariff))


def _has_energy(tariff: Tariff) -> bool:
    if tariff.extras.spot is not None:
        return True
    return any(c.type == "ENERGY" for e in tariff.elements for c in e.price_components)


def _strong_breach(component: PriceComponent) -> Breach | None:
    if component.price == 0:
        return None
    if component.type == "TIME":
        return Breach.TIME
    if component.type == "FLAT":
        return Breach.FLAT
    return None


def any_power_problems(tariff: Tariff) -> tuple[Problem, ...]:
    """What no ad hoc price may have, whatever the power: a price that is told afterwards, and a
    price per hour that no finite price per minute stands for."""
    found = [
        Problem(Breach.MINUTE_PRICE, number)
        for number, element in enumerate(tariff.elements)
        for component in element.price_components
        if component.type in ("TIME", "PARKING_TIME") and not has_minute_price(component.price)
    ]
    if tariff.extras.announced_afterwards:
        found.insert(0, Problem(Breach.AFTERWARDS))
    return tuple(found)


def has_minute_price(price_per_hour: Decimal) -> bool:
    """Whether a sixtieth can be written with four decimals or fewer."""
    scaled = price_per_hour * 10**_MOST_DECIMALS
    return scaled % _MINUTES == 0


def in_display_order(components: Iterable[PriceComponent]) -> list[PriceComponent]:
    """Per kWh, per minute, per session, other."""
    return sorted(components, key=lambda component: DISPLAY_ORDER.index(component.type))
