"""Public holidays by country (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import holidays

AHEAD: Final = timedelta(days=366)


def has_holidays(country: str) -> bool:
    """Whether the public holidays of a country (ISO 3166, two letters) are known."""
    return country in holidays.list_supported_countries()


def holidays_of(country: str, year: int, language: str = "en") -> Mapping[date, str]:
    """The names of a year's public holidays in a language, else English; none where unknown."""
    return _names(country, year, language.partition("-")[0])


def holidays_between(
    country: str, first: date, last: date, language: str = "en"
) -> dict[date, str]:
    """Public holidays from one day to another, both included, in order."""
    found = {
        on: name
        for year in range(first.year, last.year + 1)
        for on, name in holidays_of(country, year, language).items()
    }
    return {on: found[on] for on in sorted(found) if first <= on <= last}


@lru_cache(maxsize=512)
def _names(country: str, year: int, language: str) -> Mapping[date, str]:
    if not has_holidays(country):
        return MappingProxyType({})
    plain = holidays.country_holidays(country, years=year)
    for wanted in (language, f"{language}_{country}", "en_US"):
        if wanted in plain.supported_languages:
            named = holidays.country_holidays(country, years=year, language=wanted)
            return MappingProxyType(dict(named))
    return MappingProxyType(dict(plain))
