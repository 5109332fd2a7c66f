"""Numbers as files write them (pure)."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from billing.spot.facts import LEAST_PRICE, MOST_PRICE, FileProblem

PLACES: Final = 6
_BLANKS: Final = re.compile("[\\s\u00a0\u202f\u2009]")
NOTHING: Final = frozenset({"", "-", "–", "n/e", "n/a", "na", "null", "none", "nan"})
"""What stands where there is no value."""


def number(text: str) -> Decimal | None:
    """A finite decimal with point or comma; None when it is none, or when both occur."""
    plain = _BLANKS.sub("", text).replace("\N{MINUS SIGN}", "-")
    if plain.count(",") + plain.count(".") > 1 or len(plain) > 40:
        return None
    try:
        value = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or value.adjusted() > 12:
        return None
    return value


def is_nothing(text: str) -> bool:
    """Whether the cell says that there is no value."""
    return text.strip().casefold() in NOTHING


def price_of(text: str, line: int) -> Decimal:
    """A price in EUR/MWh; raises FileProblem for what is none or in another unit."""
    price = number(text)
    if price is None:
        raise FileProblem("no_number", line, value=text[:60])
    if not LEAST_PRICE <= price <= MOST_PRICE:
        raise FileProblem("implausible_price", line, value=text[:60])
    if price != price.quantize(Decimal(1).scaleb(-PLACES)):
        raise FileProblem("decimals", line, value=text[:60], places=PLACES)
    return price
