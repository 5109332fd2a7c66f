"""Sums of an invoice: tax on the sum of each rate, lines that add up to it (pure).

The tax of a rate is computed on the rate's sum and rounded once, half up. Lines share that sum by
largest remainder, so lines, rates and totals always add up, in smallest units of the currency.
Prices without tax: net is what counts and tax comes on top. Prices with tax: the gross that the
customer saw is what is paid, and tax is taken out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing.invoices.document_parts import TAXED, TaxCategory
from billing.problem import MoneyProblem
from billing.rating.rules.rounding import allocate, round_half_up
from core.money import is_currency, minor_digits


@dataclass(frozen=True, slots=True, order=True)
class TaxKind:
    """Category (EN 16931), rate in per cent and the country whose tax it is (place of supply)."""

    category: TaxCategory
    rate: Decimal
    country: str = "SE"

    def __post_init__(self) -> None:
        if not self.rate.is_finite() or not 0 <= self.rate < 100:
            raise MoneyProblem("tax_rate", "A tax rate lies between 0 and 100 per cent")
        if (self.category in TAXED) == (self.rate == 0):
            raise MoneyProblem("tax_category", f"{self.rate} % does not go with {self.category}")


@dataclass(frozen=True, slots=True)
class Amount:
    """A line before rounding: its exact amount, with or without tax as the invoice has it."""

    exact: Decimal
    tax: TaxKind


@dataclass(frozen=True, slots=True)
class Sums:
    """Net, tax and gross; gross is their sum."""

    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class InvoiceSums:
    """Rounded lines in the given order, sums by kind of tax in order of appearance, the total."""

    lines: tuple[Sums, ...]
    by_tax: dict[TaxKind, Sums]
    total: Sums


def invoice_sums(amounts: Sequence[Amount], currency: str, *, with_tax: bool) -> InvoiceSums:
    """All sums of an invoice whose amounts include the tax (``with_tax``) or do not."""
    if not is_currency(currency):
        raise MoneyProblem("unknown_currency", f"{currency} is no currency")
    if not all(one.exact.is_finite() for one in amounts):
        raise MoneyProblem("not_finite", "An amount is no number")
    digits = minor_digits(currency)
    places: dict[TaxKind, list[int]] = {}
    for place, one in enumerate(amounts):
        places.setdefault(one.tax, []).append(place)
    lines: dict[int, Sums] = {}
    by_tax = {}
    for kind, here in places.items():
        parts = [Fraction(amounts[place].exact) * 10**digits for place in here]
        units, rounded = _rate(parts, kind.rate, with_tax=with_tax)
        by_tax[kind] = _sums(units, digits)
        lines.update({place: _sums(one, digits) for place, one in zip(here, rounded, strict=True)})
    return InvoiceSums(
        tuple(lines[place] for place in range(len(amounts))), by_tax, added(by_tax.values())
    )


def added(sums: Iterable[Sums]) -> Sums:
    """The sum of sums."""
    every = list(sums)
    net = sum((one.net for one in every), Decimal())
    tax = sum((one.tax for one in every), Decimal())
    return Sums(net, tax, net + tax)


def _rate(
    parts: Sequence[Fraction], rate: Decimal, *, with_tax: bool
) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    """Net and tax of one rate in smallest units, and those of its lines."""
    share = Fraction(rate) / 100
    shown = round_half_up(sum(parts, Fraction()))
    if with_tax:
        tax = round_half_up(shown * share / (1 + share))
        gross = allocate(shown, parts)
        ceilings = gross if min(gross) >= 0 else None
        net = allocate(shown - tax, [part / (1 + share) for part in parts], ceilings=ceilings)
        return (shown - tax, tax), [(one, all_ - one) for one, all_ in zip(net, gross, strict=True)]
    tax = round_half_up(shown * share)
    nets = allocate(shown, parts)
    taxes = allocate(tax, [part * share for part in parts])
    return (shown, tax), list(zip(nets, taxes, strict=True))


def _sums(units: tuple[int, int], digits: int) -> Sums:
    net, tax = (Decimal(one).scaleb(-digits) for one in units)
    return Sums(net, tax, net + tax)
