"""What goes wrong elsewhere: clocks, idle fees, tiers, negative energy, tax, limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billing.rating.charging_periods import read_session
from billing.rating.engine import rate
from billing.rating.facts import Interval, SessionFacts, VatChange
from billing.rating.result import RatingResult
from billing.rating.tests.building import element, in_phases, local, price, session, tariff
from billing.tariffs.model import Tariff

A = tariff(element(price("ENERGY", "4.00", "25")))
IDLE = [price("ENERGY", "4.00", "25"), price("PARKING_TIME", "120", "25")]
FREE_NIGHT = {"free_hours": [{"start_time": "22:00", "end_time": "07:00"}]}
HOURLY = tariff(element(price("TIME", "10")))


def with_idle(**terms: object) -> Tariff:
    return tariff(element(*IDLE), extras={"idle": terms})


def parked(full: str, out: str, **more: object) -> SessionFacts:
    """Charged 5 kWh in the hour before ``full``, left at ``out``."""
    begin, idle_from, end = local(full) - timedelta(hours=1), local(full), local(out)
    intervals = (Interval("charging", begin, idle_from), Interval("idle", idle_from, end))
    return session(
        begin,
        end,
        5000,
        readings={idle_from: 5000},
        intervals=intervals,
        **more,  # type: ignore[arg-type]  # values of many types
    )


def idle_net(result: RatingResult) -> Decimal:
    return sum(
        (one.net for one in result.lines if one.type in ("PARKING_TIME", "IDLE_CAP")), Decimal(0)
    )


def test_price_boundary_without_reading_is_interpolated_and_marked() -> None:
    priced = tariff(element(price("ENERGY", "4"), end_time="17:00"), element(price("ENERGY", "5")))
    start, end = local("2026-06-15T16:30"), local("2026-06-15T17:30")

    guessed = rate(priced, session(start, end, 10_000))
    metered = rate(priced, session(start, end, 10_000, readings={local("2026-06-15T17:00"): 6000}))

    assert (guessed.net, [one.interpolated for one in guessed.lines]) == (
        Decimal("45.00"),
        [True] * 2,
    )
    assert [one.code for one in guessed.findings] == ["price_interpolated"]
    assert (metered.net, [one.interpolated for one in metered.lines]) == (
        Decimal("44.00"),
        [False] * 2,
    )
    assert metered.findings == ()


@pytest.mark.parametrize(
    ("start", "end", "net"),
    [
        ("2026-10-24T22:00", "2026-10-25T06:00", "90.00"),
        ("2026-03-28T22:00", "2026-03-29T06:00", "70.00"),
    ],
)
def test_nights_on_which_the_clock_changes_last_as_long_as_they_do(
    start: str, end: str, net: str
) -> None:
    assert rate(HOURLY, session(local(start), local(end), 1)).net == Decimal(net)


def test_repeated_hour_is_never_negative() -> None:
    start, end = local("2026-10-25T02:30"), local("2026-10-25T02:15", fold=1)

    assert rate(HOURLY, session(start, end, 1)).lines[0].quantity == 45 * 60


@pytest.mark.parametrize(("night", "minutes"), [("2026-03-28", 0), ("2026-10-24", 120)])
def test_hour_that_is_left_out_or_repeated(night: str, minutes: int) -> None:
    priced = tariff(element(price("TIME", "10"), start_time="02:00", end_time="03:00"))
    start = local(f"{night}T22:00")

    result = rate(priced, session(start, start + timedelta(hours=10), 1))

    assert sum(one.quantity for one in result.lines) == minutes * 60


def test_weekday_changes_at_local_midnight() -> None:
    priced = tariff(
        element(price("TIME", "30"), day_of_week=["SATURDAY"]), element(price("TIME", "60"))
    )

    result = rate(priced, session(local("2026-06-19T23:00"), local("2026-06-20T01:00"), 1))

    assert [one.net for one in result.lines] == [Decimal(60), Decimal(30)]
    assert result.net == Decimal("90.00")


def test_window_over_midnight() -> None:
    priced = tariff(
        element(price("TIME", "60"), start_time="22:00", end_time="06:00"),
        element(price("TIME", "120")),
    )

    late = rate(priced, session(local("2026-06-15T23:00"), local("2026-06-15T23:30"), 1))
    early = rate(priced, session(local("2026-06-16T05:30"), local("2026-06-16T06:30"), 1))

    assert [(one.element, int(one.quantity)) for one in late.lines] == [(0, 1800)]
    assert [(one.element, int(one.quantity)) for one in early.lines] == [(0, 1800), (1, 1800)]


def test_month_end_is_one_line() -> None:
    result = rate(A, session(local("2026-10-31T23:00"), local("2026-11-01T02:00"), 10_000))

    assert len(result.lines) == 1
    assert result.lines[0].ended_at == local("2026-11-01T02:00")


def test_tariff_that_ends_in_the_session_prices_all_of_it() -> None:
    old = tariff(element(price("ENERGY", "4")), end_date_time="2026-06-15T10:00:00Z")
    start = datetime(2026, 6, 15, 9, 50, tzinfo=UTC)

    result = rate(old, session(start, start + timedelta(hours=1), 10_000))

    assert (result.net, result.status) == (Decimal("40.00"), "rated")


def test_tariff_of_another_time_is_doubtful() -> None:
    late = tariff(element(price("ENERGY", "4")), start_date_time="2026-06-15T10:00:00Z")
    start = datetime(2026, 6, 15, 9, 50, tzinfo=UTC)

    result = rate(late, session(start, start + timedelta(hours=1), 10_000))

    assert result.status == "held"
    assert [one.code for one in result.findings] == ["tariff_not_in_force"]


@pytest.mark.parametrize("readings", [1, 3])
def test_tiers_do_not_depend_on_how_often_the_meter_was_read(readings: int) -> None:
    priced = tariff(element(price("ENERGY", "3"), max_kwh=10), element(price("ENERGY", "5")))
    start = local("2026-06-15T10:00")
    phases = [("charging", 60 / readings, str(15 / readings))] * readings

    assert rate(priced, in_phases(start, *phases)).net == Decimal("55.00")


def test_energy_that_went_back_is_not_credited() -> None:
    start = local("2026-06-15T10:00")

    result = rate(A, session(start, start + timedelta(hours=1), -1500))

    assert (result.gross, int(result.energy_wh), int(result.exported_wh)) == (
        Decimal("0.00"),
        0,
        1500,
    )
    assert [one.code for one in result.findings] == ["energy_went_back"]


@pytest.mark.parametrize(("strict", "net"), [(True, "5.00"), (False, "0.00")])
def test_tiny_session(strict: bool, net: str) -> None:
    extras = {} if strict else {"minimum": {"energy_wh": 100, "duration_seconds": 60}}
    priced = tariff(element(price("FLAT", "5")), extras=extras)
    start = local("2026-06-15T10:00")

    result = rate(priced, session(start, start + timedelta(seconds=20)))

    assert result.net == Decimal(net)
    assert ("below_minimum" in [one.code for one in result.findings]) is not strict


def test_tiny_session_still_owes_its_reservation() -> None:
    priced = tariff(
        element(price("FLAT", "5")),
        element(price("TIME", "60"), reservation="RESERVATION"),
        extras={"minimum": {"energy_wh": 100, "duration_seconds": 60}},
    )

    result = rate(
        priced, in_phases(local("2026-06-15T10:00"), ("reserved", 10, "0"), ("charging", 0.5, "0"))
    )

    assert [(one.type, one.net) for one in result.lines] == [("TIME", Decimal(10))]


@pytest.mark.parametrize(
    ("out", "net"), [("2026-06-15T10:47", "64.00"), ("2026-06-15T10:15", "0.00")]
)
def test_idle_grace(out: str, net: str) -> None:
    assert idle_net(rate(with_idle(grace_seconds=900), parked("2026-06-15T10:00", out))) == Decimal(
        net
    )


def test_grace_runs_anew_when_the_vehicle_took_power_again() -> None:
    phases = (("charging", 30, "5"), ("idle", 20, "0"), ("charging", 10, "1"), ("idle", 20, "0"))

    result = rate(with_idle(grace_seconds=900), in_phases(local("2026-06-15T10:00"), *phases))

    assert idle_net(result) == Decimal("20.00")


def test_station_that_gives_no_power_costs_no_idle_fee_and_no_time() -> None:
    priced = tariff(element(price("TIME", "60"), price("PARKING_TIME", "120")))
    phases = (("charging", 30, "5"), ("suspended", 30, "0"), ("charging", 30, "5"))

    result = rate(priced, in_phases(local("2026-06-15T10:00"), *phases))

    assert [(one.type, int(one.quantity)) for one in result.lines] == [("TIME", 3600)]


def test_taper_without_energy_is_charging() -> None:
    phases = (("charging", 30, "5"), ("charging", 15, "0"))

    result = rate(with_idle(), in_phases(local("2026-06-15T10:00"), *phases))

    assert idle_net(result) == 0


@pytest.mark.parametrize(
    ("cap", "kw", "net"), [(200, 22, "200.00"), (None, 22, "210.00"), (None, 50, "1290.00")]
)
def test_idle_cap_and_free_night_below_a_power(cap: int | None, kw: int, net: str) -> None:
    terms = {"grace_seconds": 900, "free_below_kw": 50, **FREE_NIGHT}
    priced = with_idle(**terms, cap=cap)
    facts = parked("2026-06-15T21:00", "2026-06-16T08:00", evse_max_power_w=Decimal(kw * 1000))

    result = rate(priced, facts)

    assert idle_net(result) == Decimal(net)
    assert [one.reason for one in result.lines][2:] == (["idle_cap"] if cap else [])
    assert any(one.is_idle_free for one in result.periods)


def test_late_warning_frees_idle_time() -> None:
    facts = parked(
        "2026-06-15T10:00", "2026-06-15T11:00", idle_free_until=local("2026-06-15T10:40")
    )

    assert idle_net(rate(with_idle(grace_seconds=900), facts)) == Decimal("40.00")


def test_rate_of_the_charge_points_country() -> None:
    finland = tariff(element(price("ENERGY", "0.50", "25.5")), currency="EUR")

    result = rate(finland, in_phases(local("2026-06-15T10:00"), ("charging", 60, "10")))

    assert (result.net, result.tax, result.gross) == (
        Decimal("5.00"),
        Decimal("1.28"),
        Decimal("6.28"),
    )


def test_gross_that_was_shown_is_the_gross_that_is_billed() -> None:
    fees = [
        element(price("FLAT", "33.33", "25")),
        element(price("ENERGY", "33.33", "25")),
        element(price("TIME", "33.33", "25")),
    ]

    result = rate(
        tariff(*fees, tax_included="YES"),
        in_phases(local("2026-06-15T10:00"), ("charging", 60, "1")),
    )

    assert (result.gross, result.net, result.tax) == (
        Decimal("99.99"),
        Decimal("79.99"),
        Decimal("20.00"),
    )
    assert [one.net for one in result.lines] == [
        Decimal("26.67"),
        Decimal("26.66"),
        Decimal("26.66"),
    ]
    assert [one.gross for one in result.lines] == [Decimal("33.33")] * 3


@pytest.mark.parametrize(
    ("end", "rate_now"), [("2027-01-01T01:00", "24"), ("2026-12-31T23:30", "25")]
)
def test_rate_at_the_end_of_the_session_counts(end: str, rate_now: str) -> None:
    change = VatChange(Decimal(25), Decimal(24), date(2027, 1, 1))
    facts = session(local("2026-12-31T23:00"), local(end), 10_000, vat_changes=(change,))

    result = rate(A, facts)

    assert [one.tax_rate for one in result.lines] == [Decimal(rate_now)]
    assert result.tax == Decimal("40.00") * Decimal(rate_now) / 100


def test_volumes_are_kilowatt_hours() -> None:
    period = {
        "start_date_time": "2026-06-15T08:00:00Z",
        "duration_s": 60,
        "dimensions": [{"type": "ENERGY", "volume": Decimal("12.345")}],
    }
    facts = read_session(
        {
            "time_zone": "UTC",
            "start_date_time": "2026-06-15T08:00:00Z",
            "charging_periods": [period],
        }
    )

    assert rate(A, facts).energy_wh == 12_345


@pytest.mark.parametrize("window", [{"start_time": "20:00"}, {"end_time": "04:00"}])
def test_window_with_an_open_end_changes_at_midnight(window: dict[str, str]) -> None:
    priced = tariff(element(price("TIME", "60"), **window), element(price("TIME", "30")))

    result = rate(priced, session(local("2026-06-15T19:00"), local("2026-06-16T05:00"), 1))

    assert {one.element: int(one.quantity) for one in result.lines} == {0: 4 * 3600, 1: 6 * 3600}
