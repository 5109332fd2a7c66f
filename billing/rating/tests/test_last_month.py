"""Examples of spot tariffs by what last month's prices would have given."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from billing.rating.last_month import average_day, month_before, prices_on, with_parts_of
from billing.spot.pricing import RateFact, SpotBook, SpotFact
from billing.spot.quarters import quarters
from billing.tariffs.terms import DatedPrice, SpotTerms

ZONE = "Europe/Stockholm"
STOCKHOLM = ZoneInfo(ZONE)
TODAY = date(2026, 11, 27)
SPAN = month_before(TODAY, STOCKHOLM)
TERMS = SpotTerms(
    area="SE3",
    averaging="quarter",
    vat=Decimal(25),
    mark_up=(DatedPrice(price=Decimal("0.40"), from_on=date(2026, 11, 1)),),
)
RATES = tuple(RateFact(date(2026, month, 25), Decimal(10)) for month in (9,)) + tuple(
    RateFact(date(2026, 10, day), Decimal(10)) for day in (3, 10, 17, 24, 30)
)


def book(leave_out: int = 0) -> SpotBook:
    """40 EUR/MWh at night, 100 from 17 to 18 local time, else 60."""
    by_hour = {17: 100} | dict.fromkeys(range(6), 40)
    facts = {
        at: SpotFact(Decimal(by_hour.get(at.astimezone(STOCKHOLM).hour, 60)))
        for at in list(quarters(*SPAN))[leave_out:]
    }
    return SpotBook(facts, RATES)


def test_the_month_before_is_that_of_the_zone_with_its_hour_of_autumn() -> None:
    assert (datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)) == SPAN
    assert len(list(quarters(*SPAN))) == 31 * 96 + 4


def test_an_average_day_has_todays_mark_up_on_last_months_prices() -> None:
    terms = with_parts_of(TERMS, TODAY)

    day = average_day(terms, "SEK", book(), ZONE, SPAN)

    # 40 EUR/MWh at 10 SEK is 0.40 SEK/kWh, and 0.40 of mark-up.
    assert day is not None
    assert len(day) == 96
    assert (day[time(2)], day[time(12)], day[time(17, 45)]) == (
        Decimal("0.80"), Decimal("1.00"), Decimal("1.40"),
    )  # fmt: skip
    start = datetime(2026, 11, 27, 17, 50, tzinfo=STOCKHOLM)
    found = prices_on(day, start, start.replace(hour=18, minute=10), ZONE)
    assert [one.price for one in found] == [Decimal("1.40"), Decimal("1.00")]


def test_a_month_with_holes_gives_no_figure() -> None:
    terms = with_parts_of(TERMS, TODAY)

    assert average_day(terms, "SEK", book(leave_out=200), ZONE, SPAN) is not None
    assert average_day(terms, "SEK", book(leave_out=400), ZONE, SPAN) is None
    assert average_day(terms, "SEK", SpotBook({}, RATES), ZONE, SPAN) is None
