"""Worked examples of textbooks, a site by hand, and what holds for all flows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.money import Case, MoneyError, business, cases, irr, npv, payback

SITE = Case(
    kwh=Decimal(100_000), tariff=Decimal(4), energy_price=Decimal("1.5"), capex=Decimal(600_000),
    grid_connection=Decimal(100_000), grid_kw=Decimal(200), grid_fee_per_kw_year=Decimal(300),
    opex_per_year=Decimal(40_000), fee_share=Decimal("0.02"), ramp=(Decimal("0.5"), Decimal(1)),
    years=3, taken_kwh=Decimal(10_000), lost_margin=Decimal(2), rate=Decimal("0.1"),
)  # fmt: skip


def test_net_present_value_of_the_textbook() -> None:
    """-1000 now, 500, 400, 300 at 10 %: 10.52 (454.55 + 330.58 + 225.39 - 1000)."""
    assert round(
        npv([Decimal(-1000), Decimal(500), Decimal(400), Decimal(300)], Decimal("0.1")), 2
    ) == Decimal("10.52")


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100, 110], "0.1"),
        ([-100, 39, 59, 55, 20], "0.28095"),  # the manual of numpy-financial
        ([-100, 0, 0, 74], "-0.0955"),
        ([-1000, 0, 0, 1331], "0.1"),
        ([-100, 50], "-0.5"),
    ],
)
def test_rates_of_return(flows: list[int], rate: str) -> None:
    found = irr([Decimal(one) for one in flows])

    assert found is not None
    assert abs(found - Decimal(rate)) < Decimal("5e-5")


def test_flows_of_one_sign_have_no_rate() -> None:
    assert irr([Decimal(-5), Decimal(-1)]) is irr([Decimal(5), Decimal(1)]) is None


def test_payback_counts_within_the_year() -> None:
    assert payback([Decimal(-100), Decimal(40), Decimal(40), Decimal(40)]) == Decimal("2.5")
    assert payback([Decimal(-100), Decimal(40)]) is None
    assert payback([Decimal(0), Decimal(1)]) == 0


def test_a_site_by_hand() -> None:
    """Year 1: 50 000 kWh; 200 000 - 75 000 - 60 000 - 40 000 - 4 000 - 10 000 = 11 000.
    Later: 100 000 kWh; 400 000 - 150 000 - 60 000 - 40 000 - 8 000 - 20 000 = 122 000."""
    found = business(SITE)

    assert found.invested == 700_000
    assert [year.flow for year in found.years] == [11_000, 122_000, 122_000]
    assert found.payback_years is None
    assert round(found.npv, 2) == round(
        -700_000 + 11_000 / Decimal("1.1") + 122_000 / Decimal("1.21") + 122_000 / Decimal("1.331"),
        2,
    )


def test_no_more_is_sold_than_the_site_can_give() -> None:
    capped = business(
        Case(
            Decimal(1000),
            Decimal(2),
            Decimal(1),
            Decimal(0),
            growth=Decimal(1),
            most_kwh=Decimal(1500),
            years=3,
        )
    )

    assert [year.kwh for year in capped.years] == [1000, 1500, 1500]


def test_the_low_case_is_the_lowest() -> None:
    found = cases(SITE)

    assert found["low"].npv < found["middle"].npv < found["high"].npv
    assert found["middle"] == business(SITE)


@given(st.integers(1, 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_at_the_rate_of_return_flows_are_worth_nothing(cost: int, later: list[int]) -> None:
    flows = [Decimal(-cost), *(Decimal(one) for one in later)]
    rate = irr(flows)

    if rate is not None and rate > Decimal("-0.9"):
        assert abs(npv(flows, rate)) <= Decimal(cost + sum(later)) * Decimal("1e-6")


@pytest.mark.parametrize(
    ("name", "value"), [("years", 0), ("kwh", Decimal(-1)), ("ramp", ()), ("fee_share", Decimal(2))]
)
def test_figures_that_cannot_be_are_named(name: str, value: object) -> None:
    wrong: dict[str, Any] = {
        "kwh": Decimal(1),
        "tariff": Decimal(1),
        "energy_price": Decimal(1),
        "capex": Decimal(1),
        name: value,
    }

    with pytest.raises(MoneyError) as error:
        business(Case(**wrong))

    assert error.value.name == name
