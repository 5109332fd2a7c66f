"""What each site contributed: energy, revenue and cost by site, from facts (pure)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from billing.energy.bought import ELECTRICITY, GRID, BoughtPart, bought_kwh
from billing.rating.rules.rounding import allocate

NOTHING: Final = Decimal(0)
POWER: Final = "power"
CENT: Final = Decimal("0.01")
KWH: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class MonthCost:
    """What one invoice of a supplier says of a month: its energy counts always, its amount
    unless a host's statement has passed it on (then it is part of the settlement)."""

    month_on: date
    kind: str
    energy_kwh: Decimal | None
    net: Decimal
    is_passed_on: bool = False


@dataclass(slots=True)
class SiteFacts:
    """What is known of one site in the days."""

    name: str
    sold_kwh: Decimal = NOTHING
    revenue: Decimal = NOTHING
    settlement: Decimal = NOTHING
    service: Decimal = NOTHING
    costs: list[MonthCost] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One site. ``bought_kwh`` and the loss are None where no invoice says."""

    name: str
    sold_kwh: Decimal
    bought_kwh: Decimal | None
    loss_percent: Decimal | None
    revenue: Decimal
    electricity: Decimal
    grid: Decimal
    power: Decimal
    payment_fees: Decimal
    settlement: Decimal
    service: Decimal

    @property
    def margin(self) -> Decimal:
        """What is left of the revenue."""
        return self.revenue - sum(
            (self.electricity, self.grid, self.power, self.payment_fees, self.settlement,
             self.service), NOTHING,
        )  # fmt: skip

    @property
    def margin_per_kwh(self) -> Decimal | None:
        """Of each kWh sold; None where none was."""
        if not self.sold_kwh:
            return None
        return (self.margin / self.sold_kwh).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def contributions(
    sites: Sequence[SiteFacts], *, payment_fees: Decimal, from_on: date, until_on: date
) -> list[Contribution]:
    """A row for each site, in their order. Costs of a month count by its days among those asked
    for; fees of payments, which no site has alone, are shared by revenue."""
    fees = shared(payment_fees, [one.revenue for one in sites])
    return [
        _row(one, fee, from_on, until_on) for one, fee in zip(sites, fees, strict=True)
    ]  # fmt: skip


def shared(amount: Decimal, revenues: Sequence[Decimal]) -> list[Decimal]:
    """The amount by what each earned, to the smallest unit; the parts add up to it. Where nothing
    was earned the first one has it all."""
    earned = [max(one, NOTHING) for one in revenues]
    total = sum(earned, NOTHING)
    if not revenues:
        return []
    if not total:
        return [amount, *(NOTHING for _one in revenues[1:])]
    digits = max(-int(amount.as_tuple().exponent), 2)
    units = int(amount.scaleb(digits))
    parts = [Fraction(units) * Fraction(one) / Fraction(total) for one in earned]
    return [Decimal(one).scaleb(-digits) for one in allocate(units, parts)]


def share_of_month(month_on: date, from_on: date, until_on: date) -> Fraction:
    """Which part of a month lies in the days."""
    length = calendar.monthrange(month_on.year, month_on.month)[1]
    first, last = max(month_on, from_on), min(month_on.replace(day=length), until_on)
    return Fraction(max((last - first).days + 1, 0), length)


def _row(one: SiteFacts, fee: Decimal, from_on: date, until_on: date) -> Contribution:
    sums = dict.fromkeys((ELECTRICITY, GRID, POWER), Fraction())
    for cost in one.costs:
        if not cost.is_passed_on and cost.kind in sums:
            share = share_of_month(cost.month_on, from_on, until_on)
            sums[cost.kind] += Fraction(cost.net) * share
    bought = _bought(one.costs, from_on, until_on)
    return Contribution(
        name=one.name,
        sold_kwh=one.sold_kwh,
        bought_kwh=bought,
        loss_percent=_loss(bought, one.sold_kwh),
        revenue=one.revenue,
        electricity=_rounded(sums[ELECTRICITY], CENT),
        grid=_rounded(sums[GRID], CENT),
        power=_rounded(sums[POWER], CENT),
        payment_fees=fee,
        settlement=one.settlement,
        service=one.service,
    )


def _bought(costs: Iterable[MonthCost], from_on: date, until_on: date) -> Decimal | None:
    by_month: dict[date, list[BoughtPart]] = {}
    for cost in costs:
        if cost.energy_kwh is not None:
            part = BoughtPart(cost.month_on, cost.kind, cost.energy_kwh)
            by_month.setdefault(cost.month_on, []).append(part)
    if not by_month:
        return None
    return _rounded(_of_months(by_month, from_on, until_on), KWH)


def _of_months(
    by_month: Mapping[date, Sequence[BoughtPart]], from_on: date, until_on: date
) -> Fraction:
    return sum(
        (
            Fraction(bought_kwh(parts)) * share_of_month(month_on, from_on, until_on)
            for month_on, parts in by_month.items()
        ),
        Fraction(),
    )


def _loss(bought: Decimal | None, sold: Decimal) -> Decimal | None:
    if bought is None or bought <= 0:
        return None
    return ((bought - sold) / bought * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _rounded(value: Fraction, unit: Decimal) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(unit, ROUND_HALF_UP)
