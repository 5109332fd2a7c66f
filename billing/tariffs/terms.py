"""What a tariff consists of: OCPI 2.2.1/2.3.0 and our own fields (pure, frozen).

Names follow OCPI mod_tariffs. Import these from ``billing.tariffs.model``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, Literal

ComponentType = Literal["ENERGY", "TIME", "PARKING_TIME", "FLAT"]
TaxIncluded = Literal["YES", "NO", "N/A"]
TariffType = Literal[
    "AD_HOC_PAYMENT", "PROFILE_CHEAP", "PROFILE_FAST", "PROFILE_GREEN", "REGULAR"
]  # fmt: skip
Weekday = Literal[
    "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"
]  # fmt: skip
ReservationKind = Literal["RESERVATION", "RESERVATION_EXPIRES"]
Averaging = Literal["quarter", "hour", "month"]

COMPONENT_TYPES: Final[tuple[ComponentType, ...]] = ("ENERGY", "TIME", "PARKING_TIME", "FLAT")
WEEKDAYS: Final[tuple[Weekday, ...]] = (
    "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceComponent:
    """A price of one dimension: per kWh (step in Wh), per hour (step in s) or once (FLAT).

    ``vat`` is a percentage; None means not applicable, which differs from 0.
    """

    type: ComponentType
    price: Decimal
    vat: Decimal | None = None
    step_size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Restrictions:
    """When an element counts; all that are set must hold, moment by moment.

    Clock times and dates are local to the site. Minima are inclusive, maxima exclusive;
    ``end_time`` 00:00 is the end of the day and an earlier end than start wraps midnight.
    ``max_current`` and ``min_current`` are the sum over phases, durations are seconds.
    """

    start_time: time | None = None
    end_time: time | None = None
    start_date: date | None = None
    end_date: date | None = None
    min_kwh: Decimal | None = None
    max_kwh: Decimal | None = None
    min_current: Decimal | None = None
    max_current: Decimal | None = None
    min_power: Decimal | None = None
    max_power: Decimal | None = None
    min_duration: int | None = None
    max_duration: int | None = None
    day_of_week: tuple[Weekday, ...] = ()
    reservation: ReservationKind | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is restricted: the element is a default."""
        return self == _NO_RESTRICTIONS


_NO_RESTRICTIONS: Final = Restrictions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Prices that count together while the restrictions hold."""

    price_components: tuple[PriceComponent, ...]
    restrictions: Restrictions = _NO_RESTRICTIONS

    def component(self, kind: ComponentType) -> PriceComponent | None:
        """The price of a dimension, if this element has one."""
        return next((one for one in self.price_components if one.type == kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLimit:
    """A least or highest total of a session, each on its own tax basis; at least one is set."""

    before_taxes: Decimal | None = None
    after_taxes: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayText:
    """A text in one language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWindow:
    """Hours of the day, local: start inclusive, end exclusive; wraps midnight."""

    start_time: time
    end_time: time


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleTerms:
    """What softens a PARKING_TIME price.

    ``grace_seconds`` of every idle stretch are free. ``cap`` is the most of a session, in the
    tariff's own tax basis. Idle time in ``free_hours`` is free; with ``free_below_kw`` only at
    EVSEs of less power than that.
    """

    grace_seconds: int = 0
    cap: Decimal | None = None
    free_hours: tuple[ClockWindow, ...] = ()
    free_below_kw: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumBillable:
    """A session below all of these limits costs nothing; None is no limit."""

    energy_wh: int | None = None
    duration_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedPrice:
    """A part of a price per kWh, without VAT, from a local date up to (not with) another."""

    price: Decimal
    from_on: date | None = None
    to_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotTerms:
    """Energy at the spot price of an area; ``billing.spot`` gives the price per interval.

    Price = max(floor, (spot × exchange rate + mark-up + energy tax + grid fee)), then VAT.
    All parts are without VAT, per kWh, in the tariff's currency. ``floor`` None: none.
    """

    area: str
    averaging: Averaging = "hour"
    vat: Decimal | None = None
    mark_up: tuple[DatedPrice, ...] = ()
    energy_tax: tuple[DatedPrice, ...] = ()
    grid_fee: tuple[DatedPrice, ...] = ()
    floor: Decimal | None = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """Our own fields: what OCPI has no words for.

    ``spot`` prices energy where no ENERGY component counts. ``announced_afterwards``: sessions
    wait for their price.
    """

    idle: IdleTerms = IdleTerms()
    minimum: MinimumBillable | None = None
    spot: SpotTerms | None = None
    announced_afterwards: bool = False
    allow_negative: bool = False


DEFAULT_IDLE: Final = IdleTerms(
    grace_seconds=900,
    cap=Decimal(200),
    free_hours=(ClockWindow(start_time=time(22), end_time=time(7)),),
    free_below_kw=Decimal(50),
)
"""What a new tariff with an idle fee starts with."""

DEFAULT_MINIMUM: Final = MinimumBillable(energy_wh=100, duration_seconds=60)
"""What a new tariff starts with. A document that says nothing has no minimum (strict OCPI)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A tariff. ``tax_included`` says whether prices (and the idle cap) are with VAT.

    ``energy_mix`` and ``preauthorize_amount`` are passed on as they came.
    """

    currency: str
    elements: tuple[Element, ...]
    id: str = ""
    country_code: str = ""
    party_id: str = ""
    type: TariffType | None = None
    tariff_alt_text: tuple[DisplayText, ...] = ()
    tariff_alt_url: str = ""
    min_price: PriceLimit | None = None
    max_price: PriceLimit | None = None
    tax_included: TaxIncluded = "NO"
    start_at: datetime | None = None
    end_at: datetime | None = None
    last_updated_at: datetime | None = None
    energy_mix: Mapping[str, Any] | None = field(default=None, hash=False)
    preauthorize_amount: Decimal | None = None
    extras: Extras = Extras()
