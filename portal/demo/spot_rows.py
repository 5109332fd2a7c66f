"""Spot prices and exchange rates of the demo: made up, plausible, and marked as demo data."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from billing.spot.models import ExchangeRate, SpotPrice, SpotSource
from billing.spot.quarters import MARKET_ZONE, day_quarters
from portal.demo.copying import copy_rows

PRICE_COLUMNS: Final = "area starts_at minutes price currency source imported_at"
RATE_COLUMNS: Final = "currency base published_on rate source imported_at"
AHEAD: Final = timedelta(days=14)
"""A demo runs on for some days: its sessions are priced too."""
_LEVELS: Final = {"SE1": 24.0, "SE2": 26.0, "SE3": 48.0, "SE4": 61.0}
_CENT: Final = Decimal("0.01")
_SATURDAY: Final = 5


def write_spot(begin: datetime, now: datetime) -> dict[str, int]:
    """The market's prices of Sweden's zones and the rates of its crown; rows by table.

    An installation that has any of the market already gets none made up.
    """
    market = {"operator_id": None}
    if (
        SpotPrice.objects.filter(**market).exists()
        or ExchangeRate.objects.filter(**market).exists()
    ):
        return {"spot_prices": 0, "exchange_rates": 0}
    first = begin.astimezone(MARKET_ZONE).date().replace(day=1)
    days = [first + timedelta(days=n) for n in range(((now + AHEAD).date() - first).days + 1)]
    return {
        "spot_prices": copy_rows("billing_spotprice", PRICE_COLUMNS, _prices(days, now)),
        "exchange_rates": copy_rows("billing_exchangerate", RATE_COLUMNS, _rates(days, now)),
    }


def _prices(days: list[date], now: datetime) -> Iterator[tuple[Any, ...]]:
    wind = _walk(len(days), random.Random("demo wind"))
    for area, level in _LEVELS.items():
        rng = random.Random(f"demo spot {area}")
        for day, blows in zip(days, wind, strict=True):
            for at in day_quarters(day):
                price = _price(at.astimezone(MARKET_ZONE), level, blows, rng)
                yield area, at.astimezone(UTC), 15, price, "EUR", SpotSource.DEMO.value, now


def _walk(count: int, rng: random.Random) -> list[float]:
    """Wind by day, 0 to 1, each day near the one before."""
    found, value = [], 0.5
    for _n in range(count):
        value = min(max(value + rng.gauss(0, 0.22), 0.0), 1.0)
        found.append(value)
    return found


def _price(local: datetime, level: float, wind: float, rng: random.Random) -> Decimal:
    """Dear in the morning and the evening, cheap at night, on windy days and on weekends, so that
    windy weekend nights go below zero."""
    hour = local.hour + local.minute / 60
    peaks = 0.75 * math.exp(-((hour - 8) ** 2) / 5) + 0.95 * math.exp(-((hour - 18) ** 2) / 7)
    night = 0.35 * math.exp(-((hour - 3) ** 2) / 8)
    weekend = 0.35 if local.weekday() >= _SATURDAY else 0.0
    factor = 1.15 + peaks - night - weekend - 1.1 * wind
    return Decimal(str(level * factor + rng.gauss(0, level * 0.04))).quantize(_CENT)


def _rates(days: list[date], now: datetime) -> Iterator[tuple[Any, ...]]:
    """Units of SEK for a euro on working days; some before the first day."""
    rng = random.Random("demo rate")
    rate = 11.2
    for day in [days[0] - timedelta(days=n) for n in range(7, 0, -1)] + days:
        if day.weekday() < _SATURDAY:
            rate += rng.gauss(0, 0.03) + (11.2 - rate) * 0.05
            value = Decimal(str(rate)).quantize(Decimal("0.0001"))
            yield "SEK", "EUR", day, value, SpotSource.DEMO.value, now
