"""The simulator's pure parts: meters, profiles, fleets from files, options, configuration."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.simulator import options
from stations.simulator.meters import Meter, MeterFault
from stations.simulator.orders import hold_from, next_version
from stations.simulator.profiles import Profile, composite, limit_w, parse_profile
from stations.simulator.rhythm import RHYTHMS
from stations.simulator.specs import SpecError, make_fleet, read_fleet

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def profile(**changes: Any) -> Profile:
    """A default profile of 10 A for EVSE 1, then 6 A after ten minutes."""
    raw = {
        "charging_profile_id": 1,
        "stack_level": 0,
        "charging_profile_purpose": "TxDefaultProfile",
        "charging_profile_kind": "Relative",
        "charging_schedule": {
            "charging_rate_unit": "A",
            "charging_schedule_period": [
                {"start_period": 0, "limit": 10.0},
                {"start_period": 600, "limit": 6.0, "number_phases": 1},
            ],
        },
        **changes,
    }
    return parse_profile(1, raw)


# Meters


@pytest.mark.parametrize(
    ("fault", "text", "unit", "end"),
    [
        (MeterFault.NONE, "2500.0", "Wh", 2500),
        (MeterFault.KWH_AS_WH, "2.500", "Wh", 2500),
        (MeterFault.MIXED_UNITS, "2.500", "kWh", 2500),
        (MeterFault.ZERO_STOP, "2500.0", "Wh", 0),
    ],
)
def test_a_meter_shows_what_its_fault_makes_of_the_truth(
    fault: MeterFault, text: str, unit: str, end: int
) -> None:
    meter = Meter(2000.0, fault)
    meter.add(500.0)

    shown = meter.sample()

    assert shown is not None
    assert (shown.text, shown.unit) == (text, unit)
    assert meter.at_end(2000) == end
    assert meter.true_wh == 500.0


def test_a_silent_meter_shows_nothing_and_repeats_the_begin() -> None:
    meter = Meter(2000.0, MeterFault.SILENT)
    meter.add(500.0)

    assert meter.sample() is None
    assert meter.at_end(2000) == 2000


# Charging profiles


def test_periods_follow_the_session_and_amperes_become_watts() -> None:
    begin = NOON - timedelta(minutes=5)

    assert limit_w([profile()], 1, NOON, begin) == 10 * 230 * 3
    assert limit_w([profile()], 1, NOON + timedelta(minutes=10), begin) == 6 * 230
    assert limit_w([profile()], 2, NOON, begin) is None


def test_transaction_profiles_win_and_the_station_maximum_caps() -> None:
    tx = profile(charging_profile_purpose="TxProfile", charging_profile_id=2)
    low = profile(
        charging_profile_purpose="ChargePointMaxProfile",
        charging_schedule={
            "charging_rate_unit": "W",
            "charging_schedule_period": [{"start_period": 0, "limit": 4000.0}],
        },
    )
    small = profile(
        charging_schedule={
            "charging_rate_unit": "W",
            "charging_schedule_period": [{"start_period": 0, "limit": 1000.0}],
        },
        stack_level=5,
    )

    assert limit_w([small, tx], 1, NOON, NOON) == 6900
    assert limit_w([small, tx], 1, NOON, None) == 1000
    assert limit_w([small, tx, low], 1, NOON, NOON) == 4000


def test_validity_and_duration_end_a_profile() -> None:
    expired = profile(valid_to=(NOON - timedelta(hours=1)).isoformat())
    short = profile(
        charging_profile_kind="Absolute",
        charging_schedule={
            "duration": 60,
            "start_schedule": (NOON - timedelta(minutes=2)).isoformat(),
            "charging_rate_unit": "W",
            "charging_schedule_period": [{"start_period": 0, "limit": 1.0}],
        },
    )

    assert limit_w([expired, short], 1, NOON, NOON) is None


@given(st.lists(st.floats(0, 400_000), max_size=5), st.integers(1, 4000))
def test_a_composite_schedule_never_exceeds_the_hardware(
    limits: list[float], duration_s: int
) -> None:
    profiles = [
        profile(
            stack_level=level,
            charging_schedule={
                "charging_rate_unit": "W",
                "charging_schedule_period": [{"start_period": level * 60, "limit": limit}],
            },
        )
        for level, limit in enumerate(limits)
    ]

    steps = composite(profiles, 1, NOON, duration_s, 22_000)

    assert steps[0][0] == 0
    assert all(0 <= power <= 22_000 for _second, power in steps)
    assert [second for second, _power in steps] == sorted({second for second, _p in steps})


# Fleets


def test_a_fleet_file_is_read_with_all_its_members(tmp_path: Path) -> None:
    path = tmp_path / "fleet.json"
    station = {
        "identity": "A",
        "version": "2.0.1",
        "kind": "corridor",
        "meter_fault": "reset",
        "evses": [{"number": 1, "max_power_w": 50000, "is_dc": True, "connectors": 2}],
    }
    path.write_text(json.dumps({"stations": [station]}))

    [spec] = read_fleet(path)

    assert (spec.identity, spec.version, spec.meter_fault) == ("A", "2.0.1", MeterFault.RESET)
    assert spec.evses[0].connectors == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "needs a list"),
        ('[{"version": "1.6"}]', "station 0"),
        ('[{"identity": "A"}, {"identity": "B", "version": "1.5"}]', "station 1: version"),
        ('[{"identity": "A", "kind": "moon"}]', "kind must be one of"),
        ('[{"identity": "A", "evses": [{"nr": 1}]}]', "station 0"),
        ("[7]", "station 0"),
    ],
)
def test_a_bad_fleet_file_is_refused_naming_the_entry(
    tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "fleet.json"
    path.write_text(content)

    with pytest.raises(SpecError, match=words):
        read_fleet(path)


def test_a_missing_fleet_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"none\.json"):
        read_fleet(tmp_path / "none.json")


def test_made_fleets_take_versions_in_turn_and_are_the_same_every_time() -> None:
    once = make_fleet(["A", "B", "C"], seed=4, versions=("1.6", "2.0.1"), password="x")

    assert [spec.version for spec in once] == ["1.6", "2.0.1", "1.6"]
    assert once == make_fleet(["A", "B", "C"], seed=4, versions=("1.6", "2.0.1"), password="x")


# Options


def given_options(*words: str) -> dict[str, Any]:
    """Options as the command line would give them."""
    parser = ArgumentParser()
    options.add_arguments(parser)
    return vars(parser.parse_args(words))


def test_the_demo_is_busy_at_any_hour_and_can_be_tuned() -> None:
    scenario = options.scenario_from(given_options("--demo", "--faulted", "5"), "Europe/Stockholm")

    assert (scenario.least_busy, scenario.faulted, scenario.speed) == (0.2, 5, 1.0)
    assert scenario.duration_s is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--busy", "1.5"), "least_busy"),
        (("--bad-meters", "-0.1"), "bad_meters"),
        (("--speed", "0"), "speed"),
        (("--sample", "0"), "sample_s"),
    ],
)
def test_impossible_options_are_refused(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        options.scenario_from(given_options(*words), "Europe/Stockholm")


def fleet_of(tmp_path: Path, *words: str) -> Any:
    """The fleet that the words name; the database knows a token for A."""
    given_ = given_options(*words)
    return options.fleet_from(
        given_,
        url="ws://bridge/ocpp",
        scenario=options.scenario_from(given_, "UTC"),
        demo_file=tmp_path / "demo-stations.json",
        known=lambda identities: {name: ["KNOWN"] for name in identities if name == "A"},
    )


def test_tokens_come_from_the_file_or_else_from_the_database(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("AA\n\nBB\n")

    from_file = fleet_of(tmp_path, "--identities", "A,B", "--tokens", str(tokens))
    from_database = fleet_of(tmp_path, "--identities", "A", "--url", "ws://other")

    assert from_file.good == {"": ["AA", "BB"]}
    assert from_file.url == "ws://bridge/ocpp"
    assert from_database.good == {"A": ["KNOWN"]}
    assert from_database.url == "ws://other"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "say which stations"),
        (("--count", "0"), "say which stations"),
        (("--identities", "B"), "no tokens"),
        (("--count", "1", "--versions", "3.0"), "--versions"),
        (("--demo",), "demo-stations"),
        (("--identities", "A", "--tokens", "/nowhere"), "/nowhere"),
    ],
)
def test_a_fleet_that_cannot_run_is_refused_with_the_reason(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    with pytest.raises(SpecError, match=message):
        fleet_of(tmp_path, *words)


# Small things


def test_more_cars_come_by_day_than_by_night_and_to_work_on_weekdays() -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC)

    for rhythm in RHYTHMS.values():
        assert rhythm.rate(monday.replace(hour=17)) >= rhythm.rate(monday.replace(hour=3))
        a_day = sum(rhythm.rate(monday.replace(hour=hour)) for hour in range(24))
        assert a_day == pytest.approx(rhythm.a_day * rhythm.weekdays[0])
    work = RHYTHMS["workplace"]
    assert work.rate(monday.replace(hour=8)) > 5 * work.rate(monday.replace(day=7, hour=8))


def test_versions_count_up() -> None:
    assert [next_version(v) for v in ("1.2.9", "7", "beta")] == ["1.2.10", "8", "beta.1"]


def test_an_unreadable_expiry_of_a_reservation_means_a_quarter_of_an_hour() -> None:
    hold = hold_from(1, "A", None, "tomorrow")

    left = hold.expires_at - datetime.now(UTC)
    assert timedelta(minutes=14) < left < timedelta(minutes=16)
    assert hold_from(1, "A", None, "2026-03-02T12:00:00").expires_at == NOON
