"""Examples beside a tariff are priced by the engine that bills."""

from __future__ import annotations

from decimal import Decimal

from billing.rating.tariff_preview import EnginePreview
from billing.tariffs.starters import Starter, build, default_for


def test_examples_cost_what_the_engine_bills() -> None:
    told = EnginePreview().preview(
        build(default_for(Starter.KWH_IDLE)), language="en", time_zone="Europe/Stockholm"
    )

    prices = {
        (one.example.power_w, one.example.charging_minutes): one.after_taxes
        for one in told.examples
    }
    # 7 kW for two hours: 14 kWh of 4.50. 22 kW: full after 163 min, and then 437 min idle, of
    # which 15 are grace and those from 22:00 are free: 122 min of 2.00, above the cap of 200.
    assert prices[7_000, 120] == Decimal("63.00")
    assert prices[22_000, 163] == Decimal("468.95")
    assert len(told.examples) == 9
    assert any("4.50" in line for line in told.lines)


def test_prices_that_are_not_known_yet_say_so() -> None:
    for starter in (Starter.SPOT, Starter.AFTERWARDS):
        told = EnginePreview().preview(
            build(default_for(starter)), language="sv", time_zone="Europe/Stockholm"
        )

        assert {one.after_taxes for one in told.examples} == {None}
        assert all(one.note for one in told.examples)
        assert told.lines


def test_the_price_of_a_unit_is_told_as_the_text_tells_it() -> None:
    told = EnginePreview().unit_price

    assert told("TIME", Decimal("2.5"), currency="SEK", language="en") == "SEK 2.50/h"
    assert told("PARKING_TIME", Decimal(90), currency="SEK", language="sv-se") == "1,50 kr/min"
