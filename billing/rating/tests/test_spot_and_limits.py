"""Spot contracts, limits with one basis, several tax rates, bands that are not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.rating.engine import RatingError, rate
from billing.rating.facts import CurvePoint, Interval, SpotPrice
from billing.rating.tests.building import element, in_phases, local, price, session, tariff
from billing.tariffs.model import Tariff, parse_tariff

START = datetime(2026, 6, 15, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def spot_tariff(*elements: object, tax_included: str = "NO", **spot: object) -> Tariff:
    return parse_tariff(
        {
            "currency": "SEK",
            "tax_included": tax_included,
            "elements": list(elements),
            "extras": {"spot": {"area": "SE3", "vat": 25, **spot}},
        }
    )


def quarters(*prices: str | None) -> tuple[SpotPrice, ...]:
    return tuple(
        SpotPrice(
            START + place * QUARTER,
            START + (place + 1) * QUARTER,
            None if one is None else Decimal(one),
        )
        for place, one in enumerate(prices)
    )


def test_energy_is_priced_by_the_quarter_it_flowed_in() -> None:
    facts = session(START, START + 4 * QUARTER, 8000, spot_prices=quarters("1", "2", "2", "0.5"))

    result = rate(spot_tariff(), facts)

    assert [(int(one.quantity), str(one.unit_price), one.reason) for one in result.lines] == [
        (2000, "1", "spot"),
        (4000, "2", "spot"),
        (2000, "0.5", "spot"),
    ]
    assert (result.net, result.gross) == (Decimal("11.00"), Decimal("13.75"))
    assert result.status == "rated"


@pytest.mark.parametrize("prices", [("1", None, "1", "1"), ("1", "1", "1")])
def test_missing_quarter_holds_the_session(prices: tuple[str | None, ...]) -> None:
    facts = session(START, START + 4 * QUARTER, 8000, spot_prices=quarters(*prices))

    result = rate(spot_tariff(), facts)

    assert result.status == "held"
    [finding] = [one for one in result.findings if one.is_doubtful]
    assert finding.code == "spot_price_missing"
    assert dict(finding.params)["energy_wh"] == "2000"
    assert result.net == Decimal("6.00")


def test_missing_quarter_without_energy_does_not_matter() -> None:
    readings = {START + QUARTER: 1000, START + 2 * QUARTER: 1000}
    prices = quarters("1", None, "1", "1")
    facts = session(START, START + 4 * QUARTER, 3000, readings=readings, spot_prices=prices)

    result = rate(spot_tariff(), facts)

    assert (result.status, result.net) == ("rated", Decimal("3.00"))


def test_spot_price_is_shown_with_tax_where_the_tariff_is() -> None:
    facts = session(START, START + QUARTER, 1000, spot_prices=quarters("1"))

    result = rate(spot_tariff(tax_included="YES"), facts)

    assert (result.lines[0].unit_price, result.gross) == (Decimal("1.25"), Decimal("1.25"))


def test_elements_come_before_the_spot_price() -> None:
    morning = element(price("ENERGY", "3", "25"), end_time="10:15")
    facts = session(START, START + 2 * QUARTER, 2000, spot_prices=quarters("1", "1"))

    result = rate(spot_tariff(morning), facts)

    assert [one.element for one in result.lines] == [0, None]
    assert [one.prices for one in result.periods] == [(("ENERGY", 0),), (("ENERGY", None),)]


def test_negative_spot_price_never_pays_the_driver() -> None:
    facts = session(START, START + QUARTER, 1000, spot_prices=quarters("-0.5"))

    result = rate(spot_tariff(floor=None), facts)

    assert [one.reason for one in result.lines] == ["spot", "min_price"]
    assert (result.net, result.gross) == (Decimal("0.00"), Decimal("0.00"))


@pytest.mark.parametrize(
    ("limits", "net", "gross"),
    [
        ({"min_price": {"before_taxes": 20}}, "20.00", "24.00"),
        ({"min_price": {"after_taxes": 24}}, "20.00", "24.00"),
        ({"max_price": {"before_taxes": 5}}, "5.00", "6.00"),
        ({"max_price": {"after_taxes": 6}}, "5.00", "6.00"),
        ({"max_price": {"before_taxes": 8, "after_taxes": 6}}, "8.00", "6.00"),
    ],
)
def test_limit_of_one_basis_moves_the_other_in_proportion(
    limits: dict[str, Any], net: str, gross: str
) -> None:
    priced = tariff(element(price("ENERGY", "1", "20")), **limits)

    result = rate(priced, in_phases(START, ("charging", 60, "10")))

    assert (result.net, result.gross) == (Decimal(net), Decimal(gross))


def test_least_price_of_a_free_session_bears_the_tariffs_only_rate() -> None:
    priced = tariff(element(price("ENERGY", "1", "20")), min_price={"before_taxes": 5})

    result = rate(priced, in_phases(START, ("idle", 60, "0")))

    assert [(one.type, one.tax_rate, str(one.gross)) for one in result.lines] == [
        ("MIN_PRICE", Decimal(20), "6.00")
    ]


def test_limit_is_shared_between_rates() -> None:
    priced = tariff(
        element(price("FLAT", "10", "6"), price("ENERGY", "1", "25")),
        max_price={"before_taxes": 10},
    )

    result = rate(priced, in_phases(START, ("charging", 60, "10")))

    assert [(one.rate, str(one.net), str(one.tax)) for one in result.tax_totals] == [
        (Decimal(6), "5.00", "0.30"),
        (Decimal(25), "5.00", "1.25"),
    ]


def test_power_is_measured_or_the_mean_between_readings() -> None:
    priced = tariff(element(price("ENERGY", "2"), min_power=10), element(price("ENERGY", "1")))
    by_mean = in_phases(START, ("charging", 30, "2"), ("charging", 30, "10"))
    measured = in_phases(START, ("charging", 60, "12"), power_w=Decimal(9999))

    assert [str(one.net) for one in rate(priced, by_mean).lines] == ["2.00", "20.00"]
    assert [str(one.net) for one in rate(priced, measured).lines] == ["12.00"]


def test_current_that_is_not_known_holds_the_session() -> None:
    priced = tariff(element(price("TIME", "2"), max_current=32), element(price("TIME", "1")))

    result = rate(priced, in_phases(START, ("charging", 60, "12")))

    assert [one.code for one in result.findings] == ["current_unknown"]
    assert result.status == "held"


def test_time_of_which_nothing_is_known_costs_nothing_and_holds() -> None:
    facts = session(START, START + QUARTER, 1000, intervals=())

    result = rate(tariff(element(price("ENERGY", "4"), price("TIME", "60"))), facts)

    assert [one.type for one in result.lines] == ["ENERGY"]
    assert [(one.code, one.params) for one in result.findings] == [
        ("time_unknown", (("seconds", "900"),))
    ]


@pytest.mark.parametrize(
    ("curve", "code"),
    [((), "no_readings"), ((CurvePoint(START, Decimal(0)),), "one_reading")],
)
def test_energy_without_readings_holds(curve: tuple[CurvePoint, ...], code: str) -> None:
    facts = replace(session(START, START + QUARTER, 1000), curve=curve)

    result = rate(tariff(element(price("ENERGY", "4"))), facts)

    assert ([one.code for one in result.findings], result.status) == ([code], "held")


def test_session_of_zero_length_has_its_energy_and_fee() -> None:
    priced = tariff(
        element(price("FLAT", "5")), element(price("ENERGY", "3"), max_kwh=1),
        element(price("ENERGY", "4")),
    )  # fmt: skip
    facts = replace(session(START, START, 2500), intervals=())

    result = rate(priced, facts)

    assert [str(one.net) for one in result.lines] == ["5.00", "3.00", "6.00"]
    assert result.findings[0].code == "zero_length"


def test_session_of_the_future_is_doubtful() -> None:
    facts = session(START, START + QUARTER, 1000)

    result = rate(tariff(element(price("ENERGY", "4"))), facts, now=START)

    assert [one.code for one in result.findings] == ["ends_in_future"]


def test_price_announced_afterwards_is_awaited() -> None:
    later = parse_tariff(
        {"currency": "SEK", "elements": [], "extras": {"announced_afterwards": True}}
    )

    assert rate(later, session(START, START + QUARTER, 1000)).status == "awaiting_price"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ended_at": START - QUARTER}, "ends_before_start"),
        ({"started_at": datetime(2026, 6, 15, 8)}, "naive_time"),  # noqa: DTZ001 - what is refused
        ({"started_at": datetime(1970, 1, 1, tzinfo=UTC)}, "bad_time"),
        ({"ended_at": START + timedelta(days=500)}, "too_long"),
        ({"zone": "Mars/Base"}, "unknown_zone"),
        ({"reservation_expired": True}, "no_reservation"),
        ({"spot_prices": quarters("1") * 2}, "overlap"),
        ({"intervals": (Interval("idle", START, START + QUARTER),) * 2}, "overlap"),
        (
            {
                "intervals": (
                    Interval("idle", START, START + QUARTER),
                    Interval("reserved", START + QUARTER, START + QUARTER),
                )
            },
            "late_reservation",
        ),
        (
            {"curve": (CurvePoint(START + QUARTER, Decimal(1)), CurvePoint(START, Decimal(0)))},
            "unordered",
        ),
    ],
)
def test_facts_that_contradict_themselves(change: dict[str, object], code: str) -> None:
    facts = replace(session(START, START + QUARTER, 1000), **change)  # type: ignore[arg-type]  # values of many types

    with pytest.raises(RatingError) as caught:
        rate(tariff(element(price("ENERGY", "4"))), facts)

    assert caught.value.code == code


def test_dates_are_local() -> None:
    priced = tariff(
        element(price("ENERGY", "1"), start_date="2026-06-15", end_date="2026-06-16"),
        element(price("ENERGY", "2")),
    )

    result = rate(priced, session(local("2026-06-15T23:30"), local("2026-06-16T00:30"), 2000))

    assert [str(one.net) for one in result.lines] == ["1.00", "2.00"]
