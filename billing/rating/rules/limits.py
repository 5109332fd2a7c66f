"""Caps and limits on sums: idle cap, least and highest price (pure).

OCPI mod_tariffs, notes on min_price and max_price: both totals are held, each on its own basis.
Where a limit has one basis only, the other total moves in proportion. What a limit adds or takes
away is a line per tax rate, so every line keeps its own price.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from billing.rating.moments import Number
from billing.rating.result import LineType, Reason
from billing.rating.rules.amounts import Draft, Taxes
from billing.tariffs.model import PriceLimit, Tariff

Sums = tuple[Fraction, Fraction]


def cap_idle(drafts: Sequence[Draft], cap: Decimal | None, taxes: Taxes) -> list[Draft]:
    """Lines that bring all idle fees of the session down to the cap."""
    idle = [one for one in drafts if one.type == "PARKING_TIME"]
    if cap is None or not idle:
        return []
    net, gross = total(idle)
    now = gross if taxes.included == "YES" else net
    if now <= Fraction(cap):
        return []
    share = Fraction(cap) / now
    return adjust(idle, (net * share, gross * share), "IDLE_CAP", "idle_cap", None)


def hold_limits(
    tariff: Tariff, drafts: Sequence[Draft], span: tuple[Number, Number], only_rate: Decimal | None
) -> list[Draft]:
    """Lines that hold the total between min_price and max_price; never below nothing, unless
    negative prices are permitted."""
    found: list[Draft] = []
    least, most = tariff.min_price, tariff.max_price
    if least is None and not tariff.extras.allow_negative and any(one.net < 0 for one in drafts):
        least = PriceLimit(before_taxes=Decimal(0), after_taxes=Decimal(0))
    limits: tuple[tuple[PriceLimit | None, LineType, Reason], ...] = (
        (least, "MIN_PRICE", "min_price"),
        (most, "MAX_PRICE", "max_price"),
    )
    for limit, kind, reason in limits:
        if limit is None:
            continue
        now = total([*drafts, *found])
        wanted = _held(now, limit, kind == "MIN_PRICE", tariff, only_rate)
        if wanted != now:
            lines = [*drafts, *found]
            found += adjust(lines, wanted, kind, reason, (span, only_rate))
    return found


def _held(
    now: Sums, limit: PriceLimit, is_least: bool, tariff: Tariff, only_rate: Decimal | None
) -> Sums:
    pick = max if is_least else min
    net, gross = now
    before, after = limit.before_taxes, limit.after_taxes
    if tariff.tax_included == "N/A":
        for one in (before, after):
            net = net if one is None else pick(net, Fraction(one))
        return net, net
    if before is not None:
        net = pick(net, Fraction(before))
    if after is not None:
        gross = pick(gross, Fraction(after))
    factor = now[1] / now[0] if now[0] > 0 and now[1] > 0 else 1 + Fraction(only_rate or 0) / 100
    if after is None and net != now[0]:
        gross = net * factor
    if before is None and gross != now[1]:
        net = gross / factor
    return net, gross


def total(drafts: Iterable[Draft]) -> Sums:
    """Exact sums before and after taxes."""
    net = gross = Fraction(0)
    for one in drafts:
        net += one.net
        gross += one.gross
    return net, gross


def adjust(
    drafts: Sequence[Draft],
    wanted: Sums,
    kind: LineType,
    reason: Reason,
    otherwise: tuple[tuple[Number, Number], Decimal | None] | None,
) -> list[Draft]:
    """A line per tax rate that brings the sums of ``drafts`` to ``wanted``: net in proportion to
    net, tax in proportion to tax.

    ``otherwise`` gives time and rate of the line where nothing costs anything yet.
    """
    net, gross = total(drafts)
    rates: dict[Decimal | None, list[Draft]] = {}
    for one in drafts:
        rates.setdefault(one.rate, []).append(one)
    sums = {rate: total(lines) for rate, lines in rates.items()}
    if net <= 0 or gross <= 0:
        span, only = otherwise or ((drafts[0].start, drafts[-1].end), drafts[0].rate)
        return [_line(kind, reason, only, (wanted[0] - net, wanted[1] - gross), span)]
    tax, tax_change = gross - net, (wanted[1] - wanted[0]) - (gross - net)
    found = []
    for rate, lines in rates.items():
        one_net, one_gross = sums[rate]
        share = one_net / net
        change = (wanted[0] - net) * share
        change_tax = tax_change * ((one_gross - one_net) / tax if tax else share)
        if change or change_tax:
            span = (min(one.start for one in lines), max(one.end for one in lines))
            found.append(_line(kind, reason, rate, (change, change + change_tax), span))
    return found


def _line(
    kind: LineType, reason: Reason, rate: Decimal | None, change: Sums, span: tuple[Number, Number]
) -> Draft:
    return Draft(
        type=kind,
        element=None,
        quantity=Fraction(1),
        billed=Fraction(1),
        unit="1",
        unit_price=Decimal(0),
        rate=rate,
        net=change[0],
        gross=change[1],
        reason=reason,
        start=span[0],
        end=span[1],
    )
