"""Days on which banks move money, by country (pure)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays

from billing.problem import MoneyProblem

_CATEGORIES: Final = {"SE": ("public", "de_facto"), "DK": ("public", "optional")}
"""What closes banks beside public holidays: in Sweden the eves of Midsummer, Christmas and the New
Year, in Denmark Constitution Day and the last days of the year."""
SATURDAY: Final = 5


def is_bank_day(day: date, country: str = "SE") -> bool:
    """Whether banks of ``country`` move money on ``day``. Raises MoneyProblem where unknown."""
    return day.weekday() < SATURDAY and day not in _closed(country, day.year)


def bank_day_from(day: date, country: str = "SE") -> date:
    """``day``, or the first bank day after it."""
    while not is_bank_day(day, country):
        day += timedelta(days=1)
    return day


def plus_bank_days(day: date, days: int, country: str = "SE") -> date:
    """So many bank days after ``day``."""
    for _turn in range(days):
        day = bank_day_from(day + timedelta(days=1), country)
    return day


@lru_cache(maxsize=256)
def _closed(country: str, year: int) -> frozenset[date]:
    try:
        found = holidays.country_holidays(
            country, years=year, categories=_CATEGORIES.get(country, ("public",))
        )
    except (NotImplementedError, ValueError) as error:
        raise MoneyProblem("unknown_country", f"{country!r} has no known holidays") from error
    return frozenset(found)
