"""The templates: what they make, and that they are known again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.tariffs.afir import (
    Breach,
    has_minute_price,
    in_display_order,
    is_for_ad_hoc,
    strong_problems,
)
from billing.tariffs.model import PriceComponent, dump_tariff, parse_tariff
from billing.tariffs.starters import Simple, Starter, build, default_for, simple_of

PRICES = st.decimals("0.01", "99", places=2)


@pytest.mark.parametrize("starter", list(Starter))
def test_every_template_is_a_tariff_and_is_known_again(starter: Starter) -> None:
    made = build(default_for(starter))

    stored = parse_tariff(dump_tariff(made))

    assert stored == made
    assert simple_of(stored) is not None
    assert build(simple_of(stored) or default_for(Starter.FREE)) == made


@given(
    energy=PRICES,
    second=PRICES,
    idle=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(2)]),
    hours=st.integers(1, 2**168 - 2).map(
        lambda bits: frozenset((n // 24, n % 24) for n in range(168) if bits >> n & 1)
    ),
    starter=st.sampled_from([Starter.KWH, Starter.TIME_OF_DAY, Starter.SPOT]),
)
def test_what_was_entered_is_shown_again(
    energy: Decimal,
    second: Decimal,
    idle: Decimal,
    hours: frozenset[tuple[int, int]],
    starter: Starter,
) -> None:
    entered = replace(
        default_for(starter), energy_price=energy, second_price=second, idle_per_minute=idle
    )
    entered = replace(entered, hours=hours if starter == Starter.TIME_OF_DAY else frozenset())

    tariff = parse_tariff(dump_tariff(build(entered)))

    again = simple_of(tariff)
    assert again is not None
    assert build(again) == tariff
    assert again.hours == entered.hours
    assert again.idle_per_minute == idle


def test_a_tariff_of_more_than_a_template_is_left_to_the_rules() -> None:
    document = dump_tariff(build(default_for(Starter.KWH)))
    document["elements"].insert(
        0,
        {
            "price_components": [{"type": "ENERGY", "price": 1, "step_size": 1}],
            "restrictions": {"max_kwh": 5},
        },
    )

    assert simple_of(parse_tariff(document)) is None


def test_ad_hoc_prices_at_50_kw_are_energy_and_at_most_occupancy() -> None:
    idle = default_for(Starter.KWH_IDLE)

    assert strong_problems(build(idle)) == ()
    assert [p.breach for p in strong_problems(build(replace(idle, start_fee=Decimal(5))))] == [
        Breach.FLAT
    ]
    time = parse_tariff(
        {
            "currency": "SEK",
            "elements": [{"price_components": [{"type": "TIME", "price": 60, "step_size": 1}]}],
        }
    )
    assert [p.breach for p in strong_problems(time)] == [Breach.NO_ENERGY, Breach.TIME]
    afterwards = build(default_for(Starter.AFTERWARDS))
    assert Breach.AFTERWARDS in {p.breach for p in strong_problems(afterwards)}


def test_an_hour_price_needs_a_finite_minute_price() -> None:
    assert has_minute_price(Decimal("6.00"))
    assert not has_minute_price(Decimal("2.50"))


def test_prices_are_shown_in_the_order_of_the_regulation() -> None:
    parts = [
        PriceComponent(type=kind, price=Decimal(1))
        for kind in ("FLAT", "PARKING_TIME", "TIME", "ENERGY")
    ]

    assert [p.type for p in in_display_order(parts)] == ["ENERGY", "TIME", "PARKING_TIME", "FLAT"]


def test_a_price_for_members_alone_is_no_ad_hoc_price() -> None:
    members = Simple(starter=Starter.KWH, energy_price=Decimal(3), is_for_guests=False)

    assert not is_for_ad_hoc(build(members))
    assert is_for_ad_hoc(build(replace(members, is_for_guests=True)))
