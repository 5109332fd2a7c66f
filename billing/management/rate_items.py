"""Tariffs and sessions in, prices out: what ``manage.py rate`` does (no database).

Format: docs/tariffs.md. Numbers are read as Decimal and printed as text, not rounded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, Final

from billing.rating.charging_periods import read_session
from billing.rating.engine import RatingError, rate
from billing.rating.result import PriceLine, RatingResult
from billing.tariffs.model import TariffError, parse_tariff

DECIMALS: Final = 20
_ENDLESS: Final = 1000
_FATAL: Final = ("spot_price_missing",)
_MOVED: Final = ("MIN_PRICE", "MAX_PRICE", "IDLE_CAP")


class UnreadableInput(Exception):
    """Nothing in the input can be understood."""


def rate_items(data: bytes) -> Any:
    """One price for one object, a list for a list (or for an object with ``vectors``).

    Raises UnreadableInput when the bytes are not UTF-8 or not such JSON.
    """
    document = _read(data)
    if isinstance(document, Mapping) and "vectors" in document:
        document = document["vectors"]
    if isinstance(document, list):
        return [rate_item(item, f"[{place}]") for place, item in enumerate(document)]
    if isinstance(document, Mapping):
        return rate_item(document, "")
    raise UnreadableInput("The input must be a JSON object or a list")


def rate_item(item: Any, at: str) -> dict[str, Any]:
    """The price of one item, or its error."""
    try:
        if not isinstance(item, Mapping):
            raise TariffError("not_an_object", "An item must be a JSON object")
        for name in ("tariff", "session"):
            if item.get(name) is None:
                raise TariffError("missing", f"{name} is missing", name)
        tariff = _under("tariff", lambda: parse_tariff(item["tariff"]))
        facts = _under("session", lambda: read_session(item["session"]))
        return _price(_under("session", lambda: _rated(tariff, facts)))
    except TariffError as error:
        return {"error": {"code": error.code, "message": str(error), "at": _joined(at, error.at)}}


def _rated(tariff: Any, facts: Any) -> RatingResult:
    result = rate(tariff, facts)
    for one in result.findings:
        if one.code in _FATAL:
            raise TariffError(
                one.code, "A spot price is missing; nothing is guessed", "spot_prices"
            )
    return result


def _under(name: str, read: Any) -> Any:
    """Run ``read``; errors get ``name`` before their path."""
    try:
        return read()
    except (TariffError, RatingError) as error:
        raise TariffError(error.code, str(error), _joined(name, error.at)) from error


def _joined(first: str, second: str) -> str:
    return ".".join(part for part in (first, second) if part)


def _read(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=Decimal)
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"The input is not UTF-8 (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"The input is not JSON: {error}"[:200]) from error


def _price(result: RatingResult) -> dict[str, Any]:
    return {
        "currency": result.currency,
        "total_before_taxes": decimal_text(result.exact_net),
        "total_after_taxes": decimal_text(result.exact_gross),
        "lines": [_line(line) for line in result.lines],
    }


def _line(line: PriceLine) -> dict[str, Any]:
    amount = decimal_text(line.exact_net)
    return {
        "type": line.type,
        "billed_quantity": decimal_text(line.billed_quantity),
        "unit": line.unit,
        "price": amount if line.type in _MOVED else format(line.unit_price, "f"),
        "vat": None if line.tax_rate is None else format(line.tax_rate, "f"),
        "amount": amount,
    }


def decimal_text(value: Fraction) -> str:
    """All decimals of a number that ends, else twenty of them."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    with localcontext() as context:
        context.prec = _ENDLESS
        number = Decimal(value.numerator) / value.denominator
        if rest != 1:
            number = number.quantize(Decimal(1).scaleb(-DECIMALS))
        text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text and rest == 1 else text
