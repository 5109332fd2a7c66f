"""Currencies and the rounding of money (pure). ISO 4217, list of 2024-06."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_TWO: Final = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES
WST XCD XCG YER ZAR ZMW ZWG
"""
_NONE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE: Final = "BHD IQD JOD KWD LYD OMR TND"

MINOR_DIGITS: Final[Mapping[str, int]] = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
}
"""Decimals of each known currency."""


def is_currency(code: str) -> bool:
    """Whether ``code`` is a currency people pay with."""
    return code in MINOR_DIGITS


def minor_digits(currency: str) -> int:
    """Decimals of ``currency``. Raises KeyError for an unknown one."""
    return MINOR_DIGITS[currency]


def smallest_unit(currency: str) -> Decimal:
    """The smallest amount of ``currency``: 0.01 for SEK, 1 for JPY."""
    return Decimal(1).scaleb(-minor_digits(currency))


def plain(value: Decimal) -> Decimal:
    """Without zeros at its end, and without an exponent."""
    return Decimal(format(value.normalize(), "f"))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """``amount`` in whole smallest units, half up (away from zero)."""
    return amount.quantize(smallest_unit(currency), ROUND_HALF_UP)
