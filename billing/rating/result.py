"""What rating answers: price periods, lines, totals and findings (pure, frozen)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from billing.rating.facts import IntervalKind
from billing.tariffs.model import ComponentType

LineType = Literal["ENERGY", "TIME", "PARKING_TIME", "FLAT", "MIN_PRICE", "MAX_PRICE", "IDLE_CAP"]
Unit = Literal["Wh", "s", "1"]
Reason = Literal[
    "element",  # an element of the tariff
    "spot",  # the spot price of the interval
    "reservation",  # an element with a reservation restriction
    "idle_cap",  # what the idle cap takes off
    "min_price",  # what lifts the total to the least price
    "max_price",  # what brings the total down to the highest price
]
Status = Literal["rated", "awaiting_price", "held"]
Severity = Literal["info", "doubtful"]


@dataclass(frozen=True, slots=True)
class PriceFinding:
    """Something odd about a price. ``doubtful`` holds the session. Texts: rating/findings.py."""

    code: str
    severity: Severity
    params: tuple[tuple[str, str], ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether this alone holds the session."""
        return self.severity == "doubtful"


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """A stretch in which no price changes: an OCPI charging period.

    ``prices`` are (dimension, element's place or None for spot). ``interpolated``: the register
    at its beginning or end was worked out, not read.
    """

    started_at: datetime
    ended_at: datetime
    kind: IntervalKind | None
    energy_wh: Fraction
    prices: tuple[tuple[ComponentType, int | None], ...]
    is_idle_free: bool = False
    interpolated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """One price of a session.

    ``element`` is its place in the tariff (None: spot, cap or limit). Quantities are exact, in
    ``unit``, before and after the step. ``unit_price`` is per kWh, per hour or once, as in the
    tariff. ``exact_net`` and ``exact_gross`` are not rounded; ``net``, ``tax`` and ``gross`` are
    in whole smallest units and add up to the totals. ``tax_rate`` is a percentage or None.
    """

    type: LineType
    element: int | None
    quantity: Fraction
    billed_quantity: Fraction
    unit: Unit
    unit_price: Decimal
    tax_rate: Decimal | None
    exact_net: Fraction
    exact_gross: Fraction
    net: Decimal
    tax: Decimal
    gross: Decimal
    reason: Reason
    started_at: datetime
    ended_at: datetime
    interpolated: bool = False


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """All lines of one tax rate."""

    rate: Decimal | None
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingResult:
    """The price of a session. Totals are rounded once; exact ones are kept beside them."""

    currency: str
    tax_included: bool
    status: Status
    lines: tuple[PriceLine, ...]
    periods: tuple[PricePeriod, ...]
    tax_totals: tuple[TaxTotal, ...]
    exact_net: Fraction
    exact_gross: Fraction
    net: Decimal
    tax: Decimal
    gross: Decimal
    energy_wh: Fraction
    exported_wh: Fraction
    duration_s: Fraction
    findings: tuple[PriceFinding, ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether a person must look before this is billed."""
        return self.status == "held"
