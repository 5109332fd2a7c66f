"""Stripe's amounts: whole minor units by a table (pure). docs.stripe.com/currencies.

The table is not ISO 4217's: ISK and UGX have no minor unit any more but are sent with two
decimals that are zero; MGA is sent without; three-decimal currencies end in zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from core.money import MINOR_DIGITS

_WHOLE: Final = (
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
)  # fmt: skip
_THREE: Final = ("BHD", "JOD", "KWD", "OMR", "TND")
_STEPS: Final[Mapping[str, int]] = {"ISK": 100, "UGX": 100, **dict.fromkeys(_THREE, 10)}
"""Minor units that an amount must be a multiple of."""

LEAST: Final[Mapping[str, Decimal]] = {
    currency: Decimal(amount)
    for currency, amount in (
        ("SEK", "3.00"), ("NOK", "3.00"), ("DKK", "2.50"), ("EUR", "0.50"), ("USD", "0.50"),
        ("GBP", "0.30"), ("CHF", "0.50"), ("PLN", "2.00"), ("CZK", "15.00"), ("HUF", "175.00"),
        ("JPY", "50"), ("ISK", "100"), ("RON", "2.00"),
    )
}  # fmt: skip
"""The smallest amounts that are collected."""
_UNKNOWN_LEAST: Final = Decimal("1.00")


class MinorUnitProblem(ValueError):
    """An amount that cannot be said in minor units."""


def _digits(currency: str) -> int:
    if currency in _WHOLE:
        return 0
    if currency in _THREE:
        return 3
    if currency not in MINOR_DIGITS or (
        MINOR_DIGITS[currency] != 2 and currency not in ("ISK", "UGX")
    ):
        raise MinorUnitProblem(f"{currency} is not collected")
    return 2


def to_minor(amount: Decimal, currency: str) -> int:
    """123.45 SEK is 12345. Raises MinorUnitProblem for an amount finer than the currency, below
    zero, or in an unknown currency."""
    scaled = amount.scaleb(_digits(currency))
    whole = int(scaled)
    if amount < 0 or whole != scaled or whole % _STEPS.get(currency, 1):
        raise MinorUnitProblem(f"{amount} {currency} is no whole number of minor units")
    return whole


def from_minor(minor: int, currency: str) -> Decimal:
    """12345 of SEK is 123.45; below zero where money went out."""
    return Decimal(minor).scaleb(-_digits(currency))


def least(currency: str) -> Decimal | None:
    """The smallest amount that is collected; None for a currency that is not."""
    try:
        _digits(currency)
    except MinorUnitProblem:
        return None
    return LEAST.get(currency, _UNKNOWN_LEAST)
