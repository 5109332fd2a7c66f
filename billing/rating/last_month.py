"""What last month's spot prices would have given: an average day, quarter by quarter (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from billing.rating.facts import SpotPrice
from billing.spot.pricing import SpotBook, SpotPricer, in_force
from billing.spot.quarters import QUARTER, quarters
from billing.tariffs.terms import DatedPrice, SpotTerms

QUARTERS_A_DAY: Final = 96
LEAST_KNOWN: Final = Decimal("0.9")
_PLACES: Final = Decimal("0.000001")
Profile = Mapping[time, Decimal]
"""The mean price per kWh without VAT by the local time at which a quarter starts."""


def month_before(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end, in UTC, of the calendar month before the one of ``day``."""
    first = day.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    begin, end = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (before, first))
    return begin, end


def with_parts_of(terms: SpotTerms, on: date) -> SpotTerms:
    """The terms with the dated parts that hold on a day, or the first to come, at any time."""
    return replace(
        terms,
        mark_up=_of_day(terms.mark_up, on),
        energy_tax=_of_day(terms.energy_tax, on),
        grid_fee=_of_day(terms.grid_fee, on),
    )


def _of_day(prices: tuple[DatedPrice, ...], on: date) -> tuple[DatedPrice, ...]:
    later = sorted(
        (one for one in prices if one.from_on is not None and one.from_on > on),
        key=lambda one: one.from_on or on,
    )
    found = in_force(prices, on) or next(iter(later), None)
    return () if found is None else (DatedPrice(price=found.price, source=found.source),)


def average_day(
    terms: SpotTerms, currency: str, book: SpotBook, zone: str, span: tuple[datetime, datetime]
) -> Profile | None:
    """The mean of each quarter of the day over ``span``; None where more than a tenth of the
    prices, or all of one quarter of the day, are not known."""
    known: dict[time, list[Decimal]] = {}
    count = found = 0
    for one in SpotPricer(terms, currency, book, zone).prices(*span):
        count += 1
        if one.net is not None:
            found += 1
            clock = one.starts_at.astimezone(ZoneInfo(zone)).time()
            known.setdefault(clock, []).append(one.net)
    if len(known) < QUARTERS_A_DAY or found < LEAST_KNOWN * count:
        return None
    return {
        clock: (sum(nets, Decimal()) / len(nets)).quantize(_PLACES) for clock, nets in known.items()
    }


def prices_on(
    profile: Profile, begins_at: datetime, ends_at: datetime, zone: str
) -> tuple[SpotPrice, ...]:
    """The average day's price of every quarter that touches the half-open interval."""
    local = ZoneInfo(zone)
    return tuple(
        SpotPrice(at, at + QUARTER, profile[at.astimezone(local).time()])
        for at in quarters(begins_at, ends_at)
    )
