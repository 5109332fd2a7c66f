"""Words of price texts in both languages, and how numbers look in each (pure).

They are not translated by pages: a display, a sign and an e-mail need both at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

from core.money import minor_digits

Language = Literal["sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("sv", "en")

_EN: Final = {
    "kwh": "kWh", "minute": "min", "hour": "h", "session": "session",
    "per": "%(price)s/%(unit)s",
    "energy": "Energy", "time": "Charging time", "idle": "Idle time", "flat": "Start fee",
    "reservation": "Reservation", "reservation_fee": "Reservation fee",
    "expired": "Reservation not used", "expired_fee": "Fee for a reservation not used",
    "free": "Free of charge", "afterwards": "The price is announced afterwards",
    "with_tax": "incl. VAT", "with_rate": "incl. %(rate)s %% VAT", "without_tax": "excl. VAT",
    "otherwise": "otherwise",
    "clock": "%(start)s–%(end)s", "from_clock": "from %(start)s", "to_clock": "until %(end)s",
    "dates": "from %(start)s up to but not including %(end)s",
    "from_date": "from %(start)s", "to_date": "before %(end)s",
    "energies": "%(low)s–%(high)s kWh", "from_energy": "after %(low)s kWh",
    "to_energy": "first %(high)s kWh",
    "durations": "%(low)s–%(high)s after the start", "from_duration": "after %(low)s",
    "to_duration": "first %(high)s",
    "powers": "at %(low)s–%(high)s kW", "from_power": "from %(low)s kW",
    "to_power": "below %(high)s kW",
    "currents": "at %(low)s–%(high)s A", "from_current": "from %(low)s A",
    "to_current": "below %(high)s A",
    "minutes": "%(count)s min", "hours": "%(count)s h", "seconds": "%(count)s s",
    "step_energy": "per started %(size)s Wh", "step_time": "per started %(size)s",
    "grace": "the first %(time)s free", "cap": "at most %(price)s a session",
    "free_hours": "free %(hours)s", "below_kw": "below %(power)s kW",
    "min_price": "Least price of a session", "max_price": "Highest price of a session",
    "spot": "Spot price %(area)s by the %(averaging)s",
    "quarter": "quarter", "month": "month", "averaging_hour": "hour",
    "mark_up": "mark-up", "energy_tax": "energy tax", "grid_fee": "grid fee",
    "unknown": "not known yet",
    "MONDAY": "Mon", "TUESDAY": "Tue", "WEDNESDAY": "Wed", "THURSDAY": "Thu", "FRIDAY": "Fri",
    "SATURDAY": "Sat", "SUNDAY": "Sun",
}  # fmt: skip
_SV: Final = {
    "kwh": "kWh", "minute": "min", "hour": "h", "session": "laddning",
    "per": "%(price)s/%(unit)s",
    "energy": "Energi", "time": "Laddtid", "idle": "Tid utan laddning", "flat": "Startavgift",
    "reservation": "Reservation", "reservation_fee": "Reservationsavgift",
    "expired": "Outnyttjad reservation", "expired_fee": "Avgift för outnyttjad reservation",
    "free": "Gratis", "afterwards": "Priset meddelas i efterhand",
    "with_tax": "inkl. moms", "with_rate": "inkl. %(rate)s %% moms", "without_tax": "exkl. moms",
    "otherwise": "annars",
    "clock": "kl. %(start)s–%(end)s", "from_clock": "från kl. %(start)s",
    "to_clock": "till kl. %(end)s",
    "dates": "från %(start)s, före %(end)s",
    "from_date": "från %(start)s", "to_date": "före %(end)s",
    "energies": "%(low)s–%(high)s kWh", "from_energy": "efter %(low)s kWh",
    "to_energy": "första %(high)s kWh",
    "durations": "%(low)s–%(high)s efter start", "from_duration": "efter %(low)s",
    "to_duration": "första %(high)s",
    "powers": "vid %(low)s–%(high)s kW", "from_power": "från %(low)s kW",
    "to_power": "under %(high)s kW",
    "currents": "vid %(low)s–%(high)s A", "from_current": "från %(low)s A",
    "to_current": "under %(high)s A",
    "minutes": "%(count)s min", "hours": "%(count)s h", "seconds": "%(count)s s",
    "step_energy": "per påbörjade %(size)s Wh", "step_time": "per påbörjade %(size)s",
    "grace": "första %(time)s fria", "cap": "högst %(price)s per laddning",
    "free_hours": "fritt %(hours)s", "below_kw": "under %(power)s kW",
    "min_price": "Lägsta pris per laddning", "max_price": "Högsta pris per laddning",
    "spot": "Spotpris %(area)s per %(averaging)s",
    "quarter": "kvart", "month": "månad", "averaging_hour": "timme",
    "mark_up": "påslag", "energy_tax": "energiskatt", "grid_fee": "nätavgift",
    "unknown": "inte känt än",
    "MONDAY": "mån", "TUESDAY": "tis", "WEDNESDAY": "ons", "THURSDAY": "tors", "FRIDAY": "fre",
    "SATURDAY": "lör", "SUNDAY": "sön",
}  # fmt: skip
WORDS: Final[Mapping[Language, Mapping[str, str]]] = {"en": _EN, "sv": _SV}


def say(language: Language, word: str, **places: str) -> str:
    """A word or a phrase with its places filled."""
    return WORDS[language][word] % places if places else WORDS[language][word].replace("%%", "%")


def number(language: Language, value: Decimal, least: int = 0) -> str:
    """A number with all its decimals, at least so many; a comma in Swedish."""
    text = format(value.normalize(), "f")
    whole, _point, decimals = text.partition(".")
    decimals = decimals.ljust(least, "0")
    mark = "," if language == "sv" else "."
    return f"{whole}{mark}{decimals}" if decimals else whole


def amount(language: Language, value: Decimal, currency: str) -> str:
    """An amount of money: 4,95 kr · SEK 4.95 · 0,41 EUR · EUR 0.41."""
    text = number(language, value, minor_digits(currency))
    if language == "sv":
        return f"{text} {'kr' if currency == 'SEK' else currency}"
    return f"{currency} {text}"


def duration(language: Language, seconds: int) -> str:
    """Whole hours, minutes or seconds."""
    for size, word in ((3600, "hours"), (60, "minutes")):
        if seconds % size == 0 and seconds >= size:
            return say(language, word, count=str(seconds // size))
    return say(language, "seconds", count=str(seconds))
