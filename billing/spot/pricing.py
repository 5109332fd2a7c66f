"""What a kilowatt-hour costs by the spot price, quarter by quarter (pure).

Price without VAT = max(floor, spot × exchange rate + mark-up + energy tax + grid fee). Where a
quarter's price, its exchange rate or a dated part is not known there is no price: never a guess.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext
from typing import Final, Literal
from zoneinfo import ZoneInfo

from billing.spot.quarters import HOUR, QUARTER, floor_quarter, market_day, quarters
from billing.tariffs.terms import Averaging, DatedPrice, SpotTerms

RATE_DAYS: Final = 10
"""How old a rate may be: central banks publish none over holidays, but never that long."""
KWH_PER_MWH: Final = 1000
_PRECISION: Final = 34
_BASE: Final = "EUR"

PartName = Literal["spot", "mark_up", "energy_tax", "grid_fee", "floor"]
Lack = Literal["spot", "rate", "mark_up", "energy_tax", "grid_fee"]


@dataclass(frozen=True, slots=True)
class SpotFact:
    """The day-ahead price of a quarter in EUR/MWh, and where it came from."""

    price: Decimal
    source: str = ""


@dataclass(frozen=True, slots=True)
class RateFact:
    """Units of the currency for one euro, as published on a day."""

    published_on: date
    rate: Decimal
    source: str = ""


@dataclass(frozen=True, slots=True)
class SpotBook:
    """Everything that is stored for an area and a currency. ``prices`` by start of the quarter
    in UTC, ``rates`` in order of their days."""

    prices: Mapping[datetime, SpotFact]
    rates: Sequence[RateFact] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a price: amount per kWh without VAT, and where it came from."""

    name: PartName
    amount: Decimal
    source: str = ""


@dataclass(frozen=True, slots=True)
class QuarterPrice:
    """The price per kWh from ``starts_at`` to ``ends_at``. ``net`` and ``gross`` are None, and
    ``lacks`` says what is not known, where there is no price. ``parts`` sum up to ``net``."""

    starts_at: datetime
    ends_at: datetime
    net: Decimal | None
    gross: Decimal | None
    parts: tuple[Part, ...] = ()
    lacks: tuple[Lack, ...] = ()


def needed(
    averaging: Averaging, begins_at: datetime, ends_at: datetime, zone: str
) -> tuple[datetime, datetime]:
    """The time of which the prices must be known to price an interval."""
    spans = [
        _span(averaging, at, ZoneInfo(zone)) for at in (begins_at, ends_at - timedelta.resolution)
    ]
    return spans[0][0], spans[-1][1]


def _span(averaging: Averaging, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The quarter, hour or month of the site that ``at`` lies in, in UTC."""
    if averaging == "quarter":
        begin = floor_quarter(at)
        return begin, begin + QUARTER
    if averaging == "hour":
        begin = floor_quarter(at).replace(minute=0)
        return begin, begin + HOUR
    first = at.astimezone(zone).date().replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return _midnight(first, zone), _midnight(after, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(slots=True)
class SpotPricer:
    """Prices by the terms of one tariff at sites of one zone; averages are worked out once."""

    terms: SpotTerms
    currency: str
    book: SpotBook
    zone: str
    _averages: dict[datetime, tuple[Part | None, tuple[Lack, ...]]] = field(default_factory=dict)

    def prices(self, begins_at: datetime, ends_at: datetime) -> list[QuarterPrice]:
        """A price for every quarter that touches the half-open interval, in order."""
        with localcontext() as context:
            context.prec = _PRECISION
            return [self._price(at) for at in quarters(begins_at, ends_at)]

    def _price(self, at: datetime) -> QuarterPrice:
        spot, lacks = self._spot(at)
        parts = [] if spot is None else [spot]
        missing = list(lacks)
        on = at.astimezone(ZoneInfo(self.zone)).date()
        dated: tuple[
            tuple[Literal["mark_up", "energy_tax", "grid_fee"], tuple[DatedPrice, ...]], ...
        ]
        dated = (
            ("mark_up", self.terms.mark_up),
            ("energy_tax", self.terms.energy_tax),
            ("grid_fee", self.terms.grid_fee),
        )
        for name, prices in dated:
            found = in_force(prices, on)
            if found is not None:
                parts.append(Part(name, found.price, found.source))
            elif prices:
                missing.append(name)
        if missing:
            return QuarterPrice(at, at + QUARTER, None, None, tuple(parts), tuple(missing))
        return self._sum(at, parts)

    def _sum(self, at: datetime, parts: list[Part]) -> QuarterPrice:
        net = sum((part.amount for part in parts), Decimal())
        floor = self.terms.floor
        if floor is not None and net < floor:
            parts.append(Part("floor", floor - net))
            net = floor
        gross = net * (100 + (self.terms.vat or Decimal())) / 100
        return QuarterPrice(at, at + QUARTER, net, gross, tuple(parts))

    def _spot(self, at: datetime) -> tuple[Part | None, tuple[Lack, ...]]:
        begin, end = _span(self.terms.averaging, at, ZoneInfo(self.zone))
        if begin not in self._averages:
            self._averages[begin] = self._average(begin, end)
        return self._averages[begin]

    def _average(self, begin: datetime, end: datetime) -> tuple[Part | None, tuple[Lack, ...]]:
        """The mean of the quarters' prices, each at the rate of its day; None unless all are
        known."""
        total, count = Decimal(), 0
        sources: dict[str, None] = {}
        lacks: dict[Lack, None] = {}
        for at in quarters(begin, end):
            fact, rate = self.book.prices.get(at), self._rate(market_day(at))
            if fact is None:
                lacks["spot"] = None
            if rate is None:
                lacks["rate"] = None
            if fact is None or rate is None:
                continue
            total, count = total + fact.price * rate.rate, count + 1
            sources |= dict.fromkeys(filter(None, (fact.source, rate.source)))
        if lacks:
            return None, tuple(lacks)
        return Part("spot", total / (count * KWH_PER_MWH), ", ".join(sources)), ()

    def _rate(self, day: date) -> RateFact | None:
        if self.currency == _BASE:
            return RateFact(day, Decimal(1))
        return rate_for(self.book.rates, day)


def rate_for(rates: Sequence[RateFact], day: date) -> RateFact | None:
    """The rate of a day of delivery: the latest one published before that day, so that it is
    known when the day begins; None when there is none of the last days."""
    index = bisect_left(rates, day, key=lambda rate: rate.published_on)
    if index == 0:
        return None
    found = rates[index - 1]
    return found if (day - found.published_on).days <= RATE_DAYS else None


def in_force(prices: Iterable[DatedPrice], on: date) -> DatedPrice | None:
    """The dated price of a day."""
    for one in prices:
        if (one.from_on is None or one.from_on <= on) and (one.to_on is None or on < one.to_on):
            return one
    return None
