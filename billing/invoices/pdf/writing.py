"""Numbers, sums, days and names of units as people read them, in one language (pure but texts)."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import pgettext

from billing.invoices.document_parts import Unit
from core.money import minor_digits

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
MAY_BREAK: Final = "\u200b"
_LONG: Final = re.compile(r"[^\s\u00a0]{27,}")
_PIECE: Final = 12
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


class Writer:
    """Writes for one language (``sv`` or ``en``) and one currency."""

    def __init__(self, language: str, currency: str) -> None:
        self.is_swedish = language == "sv"
        self.currency = currency

    def number(self, value: Decimal, *, least: int = 0, most: int | None = None) -> str:
        """``value`` with ``least`` decimals or as many as it has (``most``: rounded to that)."""
        if most is not None:
            value = round(value, most)
        text = format(abs(value).normalize(), "f")
        whole, _point, decimals = text.partition(".")
        decimals = decimals.ljust(least, "0")
        whole = f"{int(whole):,}".replace(",", NBSP if self.is_swedish else ",")
        point = "," if self.is_swedish else "."
        sign = MINUS if value < 0 else ""
        return f"{sign}{whole}{point}{decimals}" if decimals else f"{sign}{whole}"

    def money(self, amount: Decimal) -> str:
        """A sum without its currency."""
        return self.number(amount, least=minor_digits(self.currency))

    def money_with_currency(self, amount: Decimal) -> str:
        """A sum and its currency."""
        return f"{self.money(amount)}{NBSP}{self.currency}"

    def price(self, amount: Decimal) -> str:
        """A price, in ten thousandths at most: one without the VAT it was taken out of goes on
        for ever. The document and the e-invoice keep it whole."""
        return self.number(amount, least=2, most=4)

    def percent(self, rate: Decimal) -> str:
        """25 %, with a space as both languages' standards have it; 25% in English prose."""
        return f"{self.number(rate)}{NBSP}%" if self.is_swedish else f"{self.number(rate)}%"

    def day(self, on: date) -> str:
        """2026-11-01, or 1 Nov 2026."""
        if self.is_swedish:
            return on.isoformat()
        return f"{on.day}{NBSP}{_MONTHS[on.month - 1]}{NBSP}{on.year}"

    def days(self, start: date | None, end: date | None) -> str:
        """A span of days, or the one day."""
        known = [self.day(on) for on in (start, end) if on]
        return " – ".join(dict.fromkeys(known))

    def span(self, start: datetime, end: datetime | None) -> str:
        """A day and the clock from and to."""
        text = f"{self.day(start.date())} {start:%H:%M}"
        return f"{text}–{end:%H:%M}" if end else text


def breakable(value: Any) -> Any:
    """A view whose overlong words may be broken: after their signs, else anywhere."""
    if isinstance(value, dict):
        return {key: breakable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [breakable(one) for one in value]
    if isinstance(value, str) and not value.startswith("<svg"):
        return _LONG.sub(_broken, value)
    return value


def _broken(word: re.Match[str]) -> str:
    text = re.sub(r"([@./_+-])(?=\w)", rf"\1{MAY_BREAK}", word[0])
    return re.sub(rf"([^{MAY_BREAK}]{{{_PIECE}}})(?=[^{MAY_BREAK}])", rf"\1{MAY_BREAK}", text)


def unit_name(unit: Unit) -> str:
    """The unit as it stands after a quantity."""
    names = {
        "kWh": "kWh",
        "min": pgettext("unit", "min"),
        "h": pgettext("unit", "h"),
        "day": pgettext("unit", "days"),
        "month": pgettext("unit", "months"),
        "each": pgettext("unit", "pcs"),
    }
    return names[unit]
