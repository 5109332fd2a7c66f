"""The price of a kilowatt-hour by the spot price: exact, in parts, none where one lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.spot.pricing import (
    QuarterPrice,
    RateFact,
    SpotBook,
    SpotFact,
    SpotPricer,
    needed,
    rate_for,
)
from billing.spot.quarters import QUARTER, quarters
from billing.tariffs.terms import Averaging, DatedPrice, SpotTerms

ZONE = "Europe/Stockholm"
BEGIN = datetime(2026, 11, 2, 9, tzinfo=UTC)
RATES = (
    RateFact(date(2026, 10, 30), Decimal("11.20"), "ecb"),
    RateFact(date(2026, 11, 2), Decimal("12.00"), "ecb"),
)
TERMS = SpotTerms(
    area="SE3",
    averaging="quarter",
    vat=Decimal(25),
    mark_up=(DatedPrice(price=Decimal("0.08"), source="agreement"),),
    energy_tax=(
        DatedPrice(price=Decimal("0.439"), to_on=date(2026, 11, 2), source="law 2025"),
        DatedPrice(price=Decimal("0.36"), from_on=date(2026, 11, 2), source="law 2026"),
    ),
    grid_fee=(DatedPrice(price=Decimal("0.25"), source="grid company"),),
)


def book(*values: str | None, begin: datetime = BEGIN) -> SpotBook:
    prices = {
        begin + n * QUARTER: SpotFact(Decimal(value), "entsoe")
        for n, value in enumerate(values)
        if value is not None
    }
    return SpotBook(prices, RATES)


def priced(
    terms: SpotTerms, found: SpotBook, count: int, currency: str = "SEK", zone: str = ZONE
) -> list[QuarterPrice]:
    return SpotPricer(terms, currency, found, zone).prices(BEGIN, BEGIN + count * QUARTER)


def test_a_price_is_the_sum_of_its_parts_with_vat_last() -> None:
    (one,) = priced(TERMS, book("50"), 1)

    # 50 EUR/MWh at the rate of Friday, since Monday's comes out on the day itself.
    assert [(part.name, part.amount, part.source) for part in one.parts] == [
        ("spot", Decimal("0.56"), "entsoe, ecb"),
        ("mark_up", Decimal("0.08"), "agreement"),
        ("energy_tax", Decimal("0.36"), "law 2026"),
        ("grid_fee", Decimal("0.25"), "grid company"),
    ]
    assert (one.net, one.gross) == (Decimal("1.25"), Decimal("1.5625"))
    assert (one.starts_at, one.ends_at) == (BEGIN, BEGIN + QUARTER)


def test_a_dated_part_changes_at_midnight_of_the_site() -> None:
    before = datetime(2026, 11, 1, 22, 45, tzinfo=UTC)
    pricer = SpotPricer(TERMS, "SEK", book("0", "0", begin=before), ZONE)

    first, second = pricer.prices(before, before + 2 * QUARTER)

    assert (first.net, second.net) == (Decimal("0.769"), Decimal("0.69"))


def test_a_negative_spot_lowers_the_price_down_to_the_floor() -> None:
    low = replace(TERMS, floor=Decimal(0))
    none = replace(TERMS, floor=None)
    found = book("-20", "-100")

    assert [one.net for one in priced(low, found, 2)] == [Decimal("0.466"), 0]
    assert [one.net for one in priced(none, found, 2)] == [Decimal("0.466"), Decimal("-0.43")]
    floor = priced(low, found, 2)[1].parts[-1]
    assert (floor.name, floor.amount) == ("floor", Decimal("0.43"))


def test_an_hour_is_the_mean_of_its_quarters_and_needs_all_of_them() -> None:
    terms = replace(TERMS, averaging="hour")

    whole = priced(terms, book("10", "20", "30", "40", "90"), 5)
    assert [one.net and one.net - Decimal("0.69") for one in whole] == [Decimal("0.28")] * 4 + [
        None
    ]
    assert whole[4].lacks == ("spot",)
    assert {one.net for one in priced(terms, book("10", None, "30", "40"), 4)} == {None}


def test_a_month_is_priced_when_every_quarter_of_it_is_known() -> None:
    terms = replace(TERMS, averaging="month", mark_up=(), energy_tax=(), grid_fee=(), vat=None)
    begin, end = needed("month", BEGIN, BEGIN + QUARTER, ZONE)
    starts = list(quarters(begin, end))
    prices = {at: SpotFact(Decimal(n % 2 * 60)) for n, at in enumerate(starts)}

    whole = priced(terms, SpotBook(prices), 1, "EUR")
    broken = priced(terms, SpotBook({at: prices[at] for at in starts[1:]}), 1, "EUR")

    assert (begin, end) == (
        datetime(2026, 10, 31, 23, tzinfo=UTC),
        datetime(2026, 11, 30, 23, tzinfo=UTC),
    )
    assert (whole[0].net, whole[0].gross) == (Decimal("0.03"), Decimal("0.03"))
    assert (broken[0].net, broken[0].lacks) == (None, ("spot",))


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2026, 10, 30), None),
        (date(2026, 10, 31), "11.20"),
        (date(2026, 11, 2), "11.20"),
        (date(2026, 11, 3), "12.00"),
        (date(2026, 11, 12), "12.00"),
        (date(2026, 11, 13), None),
    ],
)
def test_a_day_is_priced_at_the_latest_rate_before_it_unless_that_is_old(
    day: date, rate: str | None
) -> None:
    found = rate_for(RATES, day)

    assert (None if found is None else str(found.rate)) == rate


def test_what_is_lacking_is_named_and_nothing_is_guessed() -> None:
    gap = replace(TERMS, grid_fee=(DatedPrice(price=Decimal(1), from_on=date(2027, 1, 1)),))

    (one,) = priced(gap, SpotBook({}, ()), 1)

    assert (one.net, one.gross) == (None, None)
    assert one.lacks == ("spot", "rate", "grid_fee")


@given(
    st.lists(
        st.decimals(min_value=-500, max_value=4000, places=2, allow_nan=False),
        min_size=4,
        max_size=4,
    ),
    st.sampled_from(["quarter", "hour"]),
    st.integers(0, 59),
)
def test_parts_sum_to_the_price_which_no_cut_of_the_interval_changes(
    values: list[Decimal], averaging: Averaging, cut: int
) -> None:
    terms = replace(TERMS, averaging=averaging)
    found = book(*map(str, values))
    middle = BEGIN + timedelta(minutes=cut)
    pricer = SpotPricer(terms, "SEK", found, ZONE)

    whole = pricer.prices(BEGIN, BEGIN + 4 * QUARTER)
    parts = pricer.prices(BEGIN, middle) + pricer.prices(middle, BEGIN + 4 * QUARTER)

    assert {one.starts_at: one for one in parts} == {one.starts_at: one for one in whole}
    for one in whole:
        assert one.net is not None
        assert one.gross is not None
        assert sum(part.amount for part in one.parts) == one.net >= 0
        assert one.gross * 100 == one.net * 125
