"""What drivers are told of a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.rating.coming import coming_lines, joined
from billing.rating.engine import rate
from billing.rating.price_text import per_minute, price_lines, price_text
from billing.rating.price_words import LANGUAGES, WORDS
from billing.rating.tests.building import STOCKHOLM, element, in_phases, local, price, tariff
from billing.spot.pricing import QuarterPrice
from billing.tariffs.model import Extras, parse_tariff

IDLE = {
    "idle": {
        "grace_seconds": 900,
        "cap": 200,
        "free_hours": [{"start_time": "22:00", "end_time": "07:00"}],
        "free_below_kw": 50,
    }
}
SITE = tariff(
    element(
        price("FLAT", "5", "25"), price("PARKING_TIME", "60", "25"), price("ENERGY", "4.95", "25")
    ),
    tax_included="YES",
    extras=IDLE,
)


def test_order_is_energy_minute_session_other() -> None:
    more = replace(
        SITE, min_price=tariff(element(price("FLAT", "1")), min_price={"before_taxes": 8}).min_price
    )

    assert [one.kind for one in price_lines(more, "en")] == ["energy", "minute", "session", "other"]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "sv",
            [
                "Energi: 4,95 kr/kWh (inkl. 25 % moms)",
                "Tid utan laddning: 1,00 kr/min (första 15 min fria, fritt kl. 22:00–07:00 "
                "under 50 kW, högst 200,00 kr per laddning, inkl. 25 % moms)",
                "Startavgift: 5,00 kr/laddning (inkl. 25 % moms)",
            ],
        ),
        (
            "en",
            [
                "Energy: SEK 4.95/kWh (incl. 25 % VAT)",
                "Idle time: SEK 1.00/min (the first 15 min free, free 22:00–07:00 below 50 kW, "
                "at most SEK 200.00 a session, incl. 25 % VAT)",
                "Start fee: SEK 5.00/session (incl. 25 % VAT)",
            ],
        ),
    ],
)
def test_both_languages(language: str, texts: list[str]) -> None:
    lines = price_lines(SITE, "sv" if language == "sv" else "en")

    assert [str(one) for one in lines] == texts


def test_languages_have_the_same_words() -> None:
    assert set(WORDS["sv"]) == set(WORDS["en"])
    assert set(WORDS) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("hour", "minute"), [("6", "0.1"), ("60", "1"), ("2.50", None), ("0.03", "0.0005")]
)
def test_price_per_minute_is_finite_or_stays_per_hour(hour: str, minute: str | None) -> None:
    assert per_minute(Decimal(hour)) == (None if minute is None else Decimal(minute))


def test_price_without_tax_is_shown_with_it_on_request() -> None:
    company = tariff(element(price("ENERGY", "4", "25")))

    assert str(price_lines(company, "en")[0]) == "Energy: SEK 4.00/kWh (excl. VAT)"
    assert (
        str(price_lines(company, "en", with_tax=True)[0]) == "Energy: SEK 5.00/kWh (incl. 25 % VAT)"
    )
    assert str(price_lines(SITE, "en", with_tax=False)[0]) == "Energy: SEK 3.96/kWh (excl. VAT)"


def test_price_that_never_ends_without_tax_stays_as_entered() -> None:
    odd = tariff(element(price("ENERGY", "4.95", "12")), tax_included="YES")

    assert str(price_lines(odd, "en", with_tax=False)[0]) == "Energy: SEK 4.95/kWh (incl. 12 % VAT)"


def test_conditions_and_what_counts_otherwise() -> None:
    priced = tariff(
        element(
            price("ENERGY", "3"),
            start_time="22:00", end_time="06:00", day_of_week=["MONDAY", "TUESDAY", "WEDNESDAY"],
        ),
        element(price("ENERGY", "4"), max_kwh=10, min_power="3.7"),
        element(price("ENERGY", "5")),
    )  # fmt: skip

    assert [one.when for one in price_lines(priced, "sv")] == [
        "mån–ons; kl. 22:00–06:00",
        "första 10 kWh; från 3,7 kW",
        "annars",
    ]


def test_free_and_announced_afterwards() -> None:
    free = tariff(element(price("FLAT", "0")))

    assert price_text(free, "sv") == "Gratis"
    assert price_text(
        replace(free, elements=(), extras=Extras(announced_afterwards=True)), "en"
    ) == ("The price is announced afterwards")


def test_spot_price_names_its_parts() -> None:
    spot = parse_tariff(
        {
            "currency": "SEK",
            "tax_included": "YES",
            "elements": [],
            "extras": {"spot": {"area": "SE3", "vat": 25, "mark_up": [{"price": "0.08"}]}},
        }
    )

    assert (
        price_text(spot, "sv") == "Spotpris SE3 per timme: + 0,10 kr/kWh påslag (inkl. 25 % moms)"
    )


def test_parts_of_a_spot_price_that_follow_each_other_name_their_dates() -> None:
    taxes = [{"price": "0.36", "to": "2027-01-01"}, {"price": "0.4", "from": "2027-01-01"}]
    spot = parse_tariff(
        {
            "currency": "SEK",
            "tax_included": "NO",
            "elements": [],
            "extras": {"spot": {"area": "SE3", "vat": 25, "energy_tax": taxes}},
        }
    )

    assert price_text(spot, "en") == (
        "Spot price SE3 by the hour: + SEK 0.36/kWh energy tax before 2027-01-01 "
        "+ SEK 0.40/kWh energy tax from 2027-01-01 (excl. VAT)"
    )


def test_coming_prices_are_told_by_the_clock_of_the_site_and_unknown_ones_said_so() -> None:
    spot = parse_tariff(
        {
            "currency": "SEK",
            "tax_included": "YES",
            "elements": [],
            "extras": {"spot": {"area": "SE3", "vat": 25}},
        }
    )
    at = [local("2026-06-15T10:00") + timedelta(minutes=15 * n) for n in range(5)]
    prices = [Decimal("1.23456789"), Decimal("1.23456789"), Decimal("-0.5"), None]
    quarters = [
        QuarterPrice(begin, end, net, net and net * Decimal("1.25"))
        for begin, end, net in zip(at, at[1:], prices, strict=False)
    ]

    for language, texts in (
        ("en", ["SEK 1.5432/kWh (incl. VAT)", "SEK -0.625/kWh (incl. VAT)", "not known yet"]),
        ("sv", ["1,5432 kr/kWh (inkl. moms)", "-0,625 kr/kWh (inkl. moms)", "inte känt än"]),
    ):
        told = coming_lines(
            joined(quarters, with_tax=True), spot, "sv" if language == "sv" else "en", STOCKHOLM
        )
        spans = ("10:00–10:30", "10:30–10:45", "10:45–11:00")
        assert told == [f"{span}: {text}" for span, text in zip(spans, texts, strict=True)]


def test_shown_price_is_the_billed_one() -> None:
    result = rate(
        SITE, in_phases(local("2026-06-15T10:00"), ("charging", 60, "1"), ("idle", 16, "0"))
    )

    assert [one.gross for one in result.lines] == [
        Decimal("5.00"),
        Decimal("4.95"),
        Decimal("1.00"),
    ]


def test_steps_limits_and_reservations_are_told() -> None:
    priced = tariff(
        element(price("TIME", "6", None, 300), reservation="RESERVATION"),
        element(price("FLAT", "20"), reservation="RESERVATION_EXPIRES"),
        element(price("ENERGY", "4", "25", 100), price("TIME", "2.50", "25", 90)),
        min_price={"before_taxes": 8},
        max_price={"before_taxes": 400, "after_taxes": 500},
        tax_included="YES",
    )

    assert [str(one) for one in price_lines(priced, "en")] == [
        "Energy: SEK 4.00/kWh (per started 100 Wh, incl. 25 % VAT)",
        "Charging time: SEK 2.50/h (per started 90 s, incl. 25 % VAT)",
        "Reservation: SEK 0.10/min (per started 5 min)",
        "Fee for a reservation not used: SEK 20.00/session",
        "Least price of a session: SEK 8.00 (excl. VAT)",
        "Highest price of a session: SEK 500.00 (incl. VAT)",
    ]


def test_limits_of_dates_durations_and_current_are_told() -> None:
    priced = tariff(
        element(
            price("ENERGY", "3"),
            start_date="2026-06-01", end_date="2026-09-01", min_duration=1800, max_duration=5400,
            max_current=32, day_of_week=["SATURDAY", "SUNDAY"], end_time="07:00",
        ),
        currency="EUR",
    )  # fmt: skip

    assert price_text(priced, "sv") == (
        "Energi: 3,00 EUR/kWh (lör, sön; kl. 00:00–07:00; från 2026-06-01, före 2026-09-01; "
        "under 32 A; 30 min–90 min efter start)"
    )


def test_cap_names_its_basis_where_prices_are_shown_in_the_other() -> None:
    company = tariff(element(price("PARKING_TIME", "60", "25")), extras={"idle": {"cap": 160}})

    assert price_text(company, "en", with_tax=True) == (
        "Idle time: SEK 1.25/min (at most SEK 160.00 excl. VAT a session, incl. 25 % VAT)"
    )
