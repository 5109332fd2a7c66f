"""Reading market data: an operator's own prices and rates come before the market's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from billing.spot.models import ExchangeRate, SpotImport, SpotPrice
from billing.spot.pricing import (
    RATE_DAYS,
    QuarterPrice,
    RateFact,
    SpotBook,
    SpotFact,
    SpotPricer,
    needed,
)
from billing.spot.quarters import QUARTER, day_bounds, day_quarters, floor_quarter, market_day
from billing.tariffs.terms import SpotTerms

_BASE: Final = "EUR"
COMING: Final = 8
"""Quarters that are announced before a session starts: two hours."""


def spot_prices() -> QuerySet[SpotPrice]:
    """Stored prices that the operator in scope may see, the newest first."""
    rows: QuerySet[SpotPrice] = SpotPrice.objects.order_by("-starts_at", "area", "id")
    return rows


def exchange_rates() -> QuerySet[ExchangeRate]:
    """Stored rates that the operator in scope may see, the newest first."""
    rows: QuerySet[ExchangeRate] = ExchangeRate.objects.order_by("-published_on", "currency", "id")
    return rows


def spot_imports() -> QuerySet[SpotImport]:
    """Files that the operator in scope may see, without their content."""
    rows: QuerySet[SpotImport] = SpotImport.objects.defer("original")
    return rows.order_by("-created_at", "-id")


def load_book(
    *, operator_id: int, area: str, currency: str, begins_at: datetime, ends_at: datetime
) -> SpotBook:
    """Prices and rates for a time, of the operator and of the market: two queries.

    The caller is in the operator's scope, or in none. For an average over a longer time give
    the time that ``pricing.needed`` names.
    """
    first = market_day(begins_at) - timedelta(days=RATE_DAYS)
    return SpotBook(
        _prices(operator_id, area, floor_quarter(begins_at), ends_at),
        () if currency == _BASE else _rates(operator_id, currency, first, market_day(ends_at)),
    )


def _mine(operator_id: int) -> Q:
    return Q(operator_id=operator_id) | Q(operator_id=None)


def _prices(
    operator_id: int, area: str, begin: datetime, end: datetime
) -> dict[datetime, SpotFact]:
    rows = SpotPrice.objects.filter(
        _mine(operator_id), area=area, starts_at__gte=begin, starts_at__lt=end
    )
    # The market's first, so that own ones take their place.
    found = rows.order_by(F("operator_id").asc(nulls_first=True)).values_list(
        "starts_at", "price", "source"
    )
    return {at: SpotFact(price, source) for at, price, source in found}


def _rates(operator_id: int, currency: str, first: date, last: date) -> list[RateFact]:
    rows = ExchangeRate.objects.filter(
        _mine(operator_id), currency=currency, published_on__gte=first, published_on__lte=last
    )
    found = rows.order_by(F("operator_id").asc(nulls_first=True)).values_list(
        "published_on", "rate", "source"
    )
    by_day = {on: RateFact(on, rate, source) for on, rate, source in found}
    return [by_day[on] for on in sorted(by_day)]


def price_interval(
    *,
    operator_id: int,
    terms: SpotTerms,
    currency: str,
    zone: str,
    begins_at: datetime,
    ends_at: datetime,
) -> list[QuarterPrice]:
    """The price per kWh of every quarter of an interval at a site in ``zone``."""
    begin, end = needed(terms.averaging, begins_at, ends_at, zone)
    book = load_book(
        operator_id=operator_id, area=terms.area, currency=currency, begins_at=begin, ends_at=end
    )
    return SpotPricer(terms, currency, book, zone).prices(begins_at, ends_at)


def coming_quarters(
    *,
    operator_id: int,
    terms: SpotTerms,
    currency: str,
    zone: str,
    now: datetime,
    count: int = COMING,
) -> list[QuarterPrice]:
    """Prices of this quarter and the next ones, as a driver is told them before the start."""
    begin = floor_quarter(now)
    return price_interval(
        operator_id=operator_id,
        terms=terms,
        currency=currency,
        zone=zone,
        begins_at=begin,
        ends_at=begin + count * QUARTER,
    )


@dataclass(frozen=True, slots=True)
class DayQuarter:
    """A quarter of a day with the price that holds; None where there is none."""

    starts_at: datetime
    price: Decimal | None
    source: str = ""
    is_own: bool = False
    minutes: int = 15


@dataclass(frozen=True, slots=True)
class SpotDay:
    """One day of the market in one zone."""

    area: str
    day: date
    quarters: Sequence[DayQuarter]

    @property
    def known(self) -> list[Decimal]:
        """Prices that are there."""
        return [quarter.price for quarter in self.quarters if quarter.price is not None]

    @property
    def missing(self) -> list[datetime]:
        """Starts of the quarters without price."""
        return [quarter.starts_at for quarter in self.quarters if quarter.price is None]

    @property
    def low(self) -> Decimal | None:
        """The lowest price."""
        return min(self.known, default=None)

    @property
    def high(self) -> Decimal | None:
        """The highest price."""
        return max(self.known, default=None)

    @property
    def mean(self) -> Decimal | None:
        """The mean of the day; None unless every quarter is known."""
        if self.missing or not self.known:
            return None
        return sum(self.known, Decimal()) / len(self.known)


def spot_day(*, operator_id: int, area: str, day: date) -> SpotDay:
    """The prices that hold for an operator on a day of the market."""
    begin, end = day_bounds(day)
    rows = SpotPrice.objects.filter(
        _mine(operator_id), area=area, starts_at__gte=begin, starts_at__lt=end
    ).order_by(F("operator_id").asc(nulls_first=True))
    found: dict[datetime, Any] = {row.starts_at: row for row in rows}
    return SpotDay(area, day, [_quarter(at, found.get(at)) for at in day_quarters(day)])


def _quarter(at: datetime, row: SpotPrice | None) -> DayQuarter:
    if row is None:
        return DayQuarter(at, None)
    return DayQuarter(at, row.price, row.get_source_display(), row.is_own, row.minutes)


def is_complete(*, area: str, day: date) -> bool:
    """Whether the market's prices of a day are all stored; for the installation."""
    begin, end = day_bounds(day)
    rows = SpotPrice.objects.filter(
        operator_id=None, area=area, starts_at__gte=begin, starts_at__lt=end
    )
    return rows.count() == len(day_quarters(day))


def day_to_show(*, operator_id: int, area: str, now: datetime) -> date:
    """Today, or the last day before that has a price in an area."""
    today = market_day(now)
    rows = SpotPrice.objects.filter(_mine(operator_id), area=area).order_by("-starts_at")
    at = rows.values_list("starts_at", flat=True).first()
    return today if at is None else min(market_day(at), today)
