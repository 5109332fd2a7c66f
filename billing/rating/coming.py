"""What energy costs in the next two hours by the spot price, told before the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from billing.rating.price_words import Language, amount, say
from billing.spot.pricing import QuarterPrice
from billing.spot.selectors import coming_quarters
from billing.tariffs.model import Tariff

SHOWN: Final = Decimal("0.0001")
"""Prices by the spot price have many decimals; people are shown four."""


@dataclass(frozen=True, slots=True)
class ComingPrice:
    """Quarters of one price after each other. ``price`` is None while it is not known."""

    starts_at: datetime
    ends_at: datetime
    price: Decimal | None


def coming_prices(
    tariff: Tariff, *, operator_id: int, zone: str, now: datetime
) -> Sequence[ComingPrice]:
    """Prices per kWh on the tariff's own basis of tax; none where no spot price of the quarter or
    the hour counts, since that of a month is known when it is over. Two queries at most."""
    terms = tariff.extras.spot
    if terms is None or terms.averaging == "month":
        return ()
    found = coming_quarters(
        operator_id=operator_id, terms=terms, currency=tariff.currency, zone=zone, now=now
    )
    return joined(found, with_tax=tariff.tax_included == "YES")


def joined(quarters: Sequence[QuarterPrice], *, with_tax: bool) -> Sequence[ComingPrice]:
    """The quarters, with those of one price as one."""
    found: list[ComingPrice] = []
    for one in quarters:
        price = one.gross if with_tax else one.net
        if found and (found[-1].price, found[-1].ends_at) == (price, one.starts_at):
            found[-1] = replace(found[-1], ends_at=one.ends_at)
        else:
            found.append(ComingPrice(one.starts_at, one.ends_at, price))
    return found


def coming_lines(
    prices: Sequence[ComingPrice], tariff: Tariff, language: Language, zone: str
) -> list[str]:
    """``14:00–14:15: SEK 1.25/kWh (incl. VAT)``, by the clock of the site."""
    place = ZoneInfo(zone)
    tax = {"YES": "with_tax", "NO": "without_tax"}.get(tariff.tax_included)
    lines = []
    for one in prices:
        begin, end = (at.astimezone(place).strftime("%H:%M") for at in (one.starts_at, one.ends_at))
        if one.price is None:
            lines.append(f"{begin}–{end}: {say(language, 'unknown')}")
            continue
        shown = amount(language, one.price.quantize(SHOWN, ROUND_HALF_UP), tariff.currency)
        basis = f" ({say(language, tax)})" if tax else ""
        lines.append(f"{begin}–{end}: {shown}/kWh{basis}")
    return lines
