"""What a quantity costs: price times quantity, divided last (pure).

Prices are without tax, or with it when the tariff says so; the other amount follows from the
line's own rate. A line that has no rate has no tax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from billing.rating.facts import VatChange
from billing.rating.moments import HOUR, Number, moment, zone_of
from billing.rating.result import LineType, Reason, Unit
from billing.rating.rules.curve import exact
from billing.rating.rules.quantities import Bucket, Group
from billing.tariffs.model import TaxIncluded

_SPLIT: Final[dict[Group, tuple[LineType, Unit, int, int]]] = {
    "ENERGY": ("ENERGY", "Wh", 1000, 1),
    "TIME": ("TIME", "s", HOUR, 1_000_000),
    "PARKING_TIME": ("PARKING_TIME", "s", HOUR, 1_000_000),
    "RESERVATION": ("TIME", "s", HOUR, 1_000_000),
    "FLAT": ("FLAT", "1", 1, 1),
    "RESERVATION_FLAT": ("FLAT", "1", 1, 1),
}
"""Line type, unit, quantity that one price is for, quantity in one unit."""


@dataclass(slots=True, eq=False)
class Draft:
    """A line before rounding."""

    type: LineType
    element: int | None
    quantity: Fraction
    billed: Fraction
    unit: Unit
    unit_price: Decimal
    rate: Decimal | None
    net: Fraction
    gross: Fraction
    reason: Reason
    start: Number
    end: Number
    interpolated: bool = False


class Taxes:
    """How amounts of a tariff turn into amounts before and after taxes."""

    def __init__(
        self, included: TaxIncluded, changes: Sequence[VatChange], zone: str, end: Number
    ) -> None:
        self.included = included
        day = moment(end).astimezone(zone_of(zone)).date() if changes else None
        self._now = [one for one in changes if day is not None and one.from_on <= day]

    def rate(self, vat: Decimal | None) -> Decimal | None:
        """The rate in force at the end of the session instead of the tariff's."""
        if vat is None or self.included == "N/A":
            return None
        for change in sorted(self._now, key=lambda one: one.from_on):
            vat = change.new if vat == change.old else vat
        return vat

    def both(self, amount: Number, rate: Decimal | None) -> tuple[Fraction, Fraction]:
        """An amount in the tariff's basis as (before taxes, after taxes)."""
        plain = Fraction(amount)
        if not rate:
            return plain, plain
        top, bottom = (100 + rate).as_integer_ratio()
        if self.included == "YES":
            return plain * (100 * bottom) / top, plain
        return plain, plain * top / (100 * bottom)

    def shown(self, net_price: Decimal, rate: Decimal | None) -> Decimal:
        """A price without tax in the tariff's basis."""
        return net_price * (100 + rate) / 100 if self.included == "YES" and rate else net_price


def draft_of(bucket: Bucket, taxes: Taxes, spot_vat: Decimal | None) -> Draft:
    """The line of a bucket."""
    kind, unit, per, one_unit = _SPLIT[bucket.group]
    reason: Reason = "reservation" if bucket.group.startswith("RESERVATION") else "element"
    candidate = bucket.candidate
    if candidate is not None:
        rate = taxes.rate(candidate.component.vat)
        unit_price, price = candidate.component.price, candidate.price
    else:
        rate, reason = taxes.rate(spot_vat), "spot"
        unit_price = taxes.shown(bucket.spot or Decimal(0), rate)
        price = exact(unit_price)
    billed = bucket.quantity + bucket.extra
    net, gross = taxes.both(Fraction(price * billed) / per, rate)
    return Draft(
        type=kind,
        element=None if candidate is None else candidate.element,
        quantity=Fraction(bucket.quantity) / one_unit,
        billed=Fraction(billed) / one_unit,
        unit=unit,
        unit_price=unit_price,
        rate=rate,
        net=net,
        gross=gross,
        reason=reason,
        start=bucket.start,
        end=bucket.end,
        interpolated=bucket.interpolated,
    )
