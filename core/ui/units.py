"""Figures with their units, as people read them in their language."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.money import MINOR_DIGITS

Number = Decimal | int | float | str | None
_NO_BREAK = "\N{NO-BREAK SPACE}"


def _decimal(value: Number) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def quantity(value: Number, unit: str, *, per: int = 1, decimals: int = 0) -> str:
    """``value / per`` with ``decimals`` and ``unit``; a dash when there is no value."""
    number = _decimal(value)
    if number is None:
        return "–"
    shown = number_format(round(number / per, decimals), decimals, use_l10n=True)
    return f"{shown}{_NO_BREAK}{unit}"


def energy(energy_wh: Number, decimals: int = 2) -> str:
    """Wh as ``12.34 kWh``; from 10 MWh on as MWh."""
    number = _decimal(energy_wh)
    if number is not None and abs(number) >= 10_000_000:
        return quantity(number, "MWh", per=1_000_000, decimals=decimals)
    return quantity(number, "kWh", per=1000, decimals=decimals)


def power(power_w: Number, decimals: int = 1) -> str:
    """W as ``11.0 kW``."""
    return quantity(power_w, "kW", per=1000, decimals=decimals)


def percent(share: float | None, decimals: int = 0) -> str:
    """A share of 0 to 1 as ``12.5 %``."""
    return quantity(None if share is None else share * 100, "%", decimals=decimals)


def duration(value: timedelta | float | None) -> str:
    """``2 d 3 h``, ``1 h 05 min``, ``45 min`` or ``12 s``; takes a timedelta or seconds."""
    if value is None:
        return "–"
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    sign, seconds = ("−" if seconds < 0 else ""), abs(seconds)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        text = _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    elif hours:
        text = _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    elif minutes:
        text = _("%(minutes)d min") % {"minutes": minutes}
    else:
        text = _("%(seconds)d s") % {"seconds": rest}
    return sign + text.replace(" ", _NO_BREAK)


def money(amount: Number, currency: str) -> str:
    """An amount in the decimals of its currency; Swedish kronor are ``kr`` in Swedish."""
    is_home = currency == "SEK" and (get_language() or "").startswith("sv")
    return quantity(amount, "kr" if is_home else currency, decimals=MINOR_DIGITS.get(currency, 2))
