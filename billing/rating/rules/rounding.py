"""The one place where money is rounded (pure).

Totals first: the exact total in the basis people see (with tax where prices are shown with it,
else without) and the exact tax are each rounded half up to the smallest unit; the other total
follows. Then tax rates, then lines share the totals by largest remainder (ties: the earlier one):
everything adds up and no line is off by a whole unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from billing.rating.moments import moment
from billing.rating.result import PriceLine, TaxTotal
from billing.rating.rules.amounts import Draft
from billing.rating.rules.limits import Sums, total
from core.money import minor_digits

Shares = list[tuple[int, int]]
"""Net and gross in smallest units."""


def round_lines(
    drafts: Sequence[Draft], exact: Sums, currency: str, *, with_tax: bool
) -> tuple[tuple[PriceLine, ...], tuple[TaxTotal, ...], tuple[Decimal, Decimal]]:
    """Lines, totals by rate, and the rounded totals (net, gross) of ``exact``, their sum."""
    digits = minor_digits(currency)
    scale = 10**digits
    tax = round_half_up((exact[1] - exact[0]) * scale)
    shown = round_half_up(exact[1 if with_tax else 0] * scale)
    sums = (shown - tax, shown) if with_tax else (shown, shown + tax)
    rates: dict[Decimal | None, list[Draft]] = {}
    for one in drafts:
        rates.setdefault(one.rate, []).append(one)
    by_rate = [sums] if rates else []
    if len(rates) > 1:
        parts = [total(lines) for lines in rates.values()]
        by_rate = _share(parts, sums, scale, with_tax, rates=True)
    rounded: dict[int, tuple[int, int]] = {}
    tax_totals = []
    for (rate, lines), (net, gross) in zip(rates.items(), by_rate, strict=True):
        pieces = [(one.net, one.gross) for one in lines]
        for one, share in zip(lines, _share(pieces, (net, gross), scale, with_tax), strict=True):
            rounded[id(one)] = share
        tax_totals.append(
            TaxTotal(rate, _money(net, digits), _money(gross - net, digits), _money(gross, digits))
        )
    return (
        tuple(_line(one, rounded[id(one)], digits) for one in drafts),
        tuple(tax_totals),
        (_money(sums[0], digits), _money(sums[1], digits)),
    )


def round_half_up(value: Fraction) -> int:
    """A whole number; halves go away from zero."""
    if value < 0:
        return -round_half_up(-value)
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _share(
    parts: Sequence[tuple[Fraction, Fraction]],
    sums: tuple[int, int],
    scale: int,
    with_tax: bool,
    *,
    rates: bool = False,
) -> Shares:
    """Whole units of each part, adding up to ``sums``."""
    if len(parts) == 1:
        return [sums]
    nets = [net * scale for net, _gross in parts]
    grosses = [gross * scale for _net, gross in parts]
    taxes = [gross - net for net, gross in zip(nets, grosses, strict=True)]
    tax_sum = sums[1] - sums[0]
    if with_tax:
        gross = allocate(sums[1], grosses)
        if rates:
            tax = allocate(tax_sum, taxes, ceilings=gross)
            return [(one - part, one) for one, part in zip(gross, tax, strict=True)]
        net = allocate(sums[0], nets, ceilings=gross)
        return list(zip(net, gross, strict=True))
    net, tax = allocate(sums[0], nets), allocate(tax_sum, taxes)
    return [(one, one + part) for one, part in zip(net, tax, strict=True)]


def allocate(
    units: int, parts: Sequence[Fraction], ceilings: Sequence[int] | None = None
) -> list[int]:
    """Whole numbers near ``parts`` that add up to ``units``: largest remainder first.

    No part rises above its ceiling or falls below nothing as long as another one can give way.
    """
    found = [part.numerator // part.denominator for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (found[place] - parts[place], place))
    missing = units - sum(found)
    step = 1 if missing > 0 else -1
    if step < 0:
        order.reverse()
    room = [
        place
        for place in order
        if (found[place] > 0 if step < 0 else ceilings is None or found[place] < ceilings[place])
    ]
    places = room or order
    for turn in range(abs(missing)):
        found[places[turn % len(places)]] += step
    return found


def _money(units: int, digits: int) -> Decimal:
    return Decimal(units).scaleb(-digits)


def _line(one: Draft, share: tuple[int, int], digits: int) -> PriceLine:
    net, gross = share
    return PriceLine(
        type=one.type,
        element=one.element,
        quantity=one.quantity,
        billed_quantity=one.billed,
        unit=one.unit,
        unit_price=one.unit_price,
        tax_rate=one.rate,
        exact_net=one.net,
        exact_gross=one.gross,
        net=_money(net, digits),
        tax=_money(gross - net, digits),
        gross=_money(gross, digits),
        reason=one.reason,
        started_at=moment(one.start),
        ended_at=moment(one.end),
        interpolated=one.interpolated,
    )
