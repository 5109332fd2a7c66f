"""Details of one session's truth that the corpus does not show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stations.sessions.context import SessionContext, StatusPoint
from stations.sessions.grouping import group_facts
from stations.sessions.intervals import Interval
from stations.sessions.reconcile import held_codes, reconcile
from stations.sessions.tests.stories import at, fact, reading, sample, start, stop, values

CONTEXT = SessionContext()


def test_no_facts_are_no_session() -> None:
    with pytest.raises(ValueError, match="at least one fact"):
        reconcile([], CONTEXT)


def test_facts_of_two_stations_do_not_meet() -> None:
    with pytest.raises(ValueError, match="several stations"):
        group_facts([start(0), start(0, station="CP2")])


def test_curve_shows_register_and_energy() -> None:
    truth = reconcile([start(0), values(15, 3000), stop(30, 5000)], CONTEXT)

    assert [(one.at, int(one.register_wh), int(one.energy_wh)) for one in truth.curve] == [
        (at(0), 1000, 0),
        (at(15), 3000, 2000),
        (at(30), 5000, 4000),
    ]


def test_register_tells_charging_from_idle() -> None:
    told = [start(0), values(15, 3000), values(45, 3000), stop(60, 4000)]

    assert reconcile(told, CONTEXT).intervals == (
        Interval("charging", "measured", at(0), at(15)),
        Interval("idle", "measured", at(15), at(45)),
        Interval("charging", "measured", at(45), at(60)),
    )


def test_reported_state_outranks_the_register() -> None:
    told = [
        start(0, None, version="2.0.1", charging_state="EVConnected"),
        fact("update", 5, transaction="7", version="2.0.1", charging_state="Charging"),
        fact("update", 40, transaction="7", version="2.0.1", charging_state="SuspendedEVSE"),
        fact("update", 50, transaction="7", version="2.0.1", charging_state="SuspendedEV"),
        stop(60, None, version="2.0.1", readings=(reading(60, 1000),)),
        values(5, 1000),
        values(20, 1000),
    ]

    assert reconcile(told, CONTEXT).intervals == (
        Interval("idle", "connected", at(0), at(5)),
        Interval("charging", "reported", at(5), at(40)),
        Interval("idle", "station", at(40), at(50)),
        Interval("idle", "vehicle", at(50), at(60)),
    )


def test_status_journal_tells_of_16_sessions() -> None:
    context = SessionContext(
        statuses=(
            StatusPoint(at=at(0), status="Charging"),
            StatusPoint(at=at(40), status="SuspendedEV"),
        )
    )

    assert reconcile([start(0), stop(60, 5000)], context).intervals == (
        Interval("charging", "reported", at(0), at(40)),
        Interval("idle", "vehicle", at(40), at(60)),
    )


def test_session_without_readings_has_no_intervals() -> None:
    told = [start(0, None, version="2.0.1"), stop(60, None, version="2.0.1")]

    assert reconcile(told, CONTEXT).intervals == ()


def test_several_units_of_one_instant_are_one_reading() -> None:
    both = values(15, sample("3.0", unit="kWh"), sample("3001", unit="Wh"))

    truth = reconcile([start(0), both, stop(30, 5000)], CONTEXT)

    assert [one.register_wh for one in truth.curve] == [1000, 3001, 5000]


def test_phases_of_one_instant_in_several_elements_are_summed() -> None:
    def phased(minutes: float, base: int) -> list[object]:
        return [reading(minutes, base + n, phase=f"L{n}") for n in (1, 2, 3)]

    told = [
        start(0, None, version="2.0.1", readings=tuple(phased(0, 100))),
        stop(30, None, version="2.0.1", readings=tuple(phased(30, 1100))),
    ]

    assert reconcile(told, CONTEXT).energy_wh == 3000


def test_hostile_multipliers_and_sizes_are_no_registers() -> None:
    wild = values(15, sample("9", multiplier=12, unit="kWh"), sample("9", multiplier=999_999_999))

    truth = reconcile([start(0), wild, stop(30, 5000)], CONTEXT)

    assert truth.energy_wh == 4000
    assert {one.code for one in truth.findings} == {"sample_unreadable", "unit_unknown"}


def test_numbers_of_many_digits_are_exact() -> None:
    told = [start(0, "0.0001"), stop(30, "12345678.0002")]

    assert reconcile(told, SessionContext(max_power_w=Decimal(10**9))).energy_wh == Decimal(
        "12345678.0001"
    )


def test_held_codes_are_the_doubtful_ones() -> None:
    truth = reconcile([start(0), values(15, 3000), stop(30, -1)], CONTEXT)

    assert held_codes(truth.findings) == ("meter_stop_not_credible",)


def test_power_in_a_wrong_unit_proves_nothing() -> None:
    power = [
        values(n, sample(11_000_000, unit="W", measurand="Power.Active.Import"))
        for n in (5, 10, 15)
    ]
    told = [start(0), *power, stop(30, 5000)]

    assert reconcile(told, SessionContext(max_power_w=Decimal(22000))).findings == ()
