"""The curve of a session from its readings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from stations.sessions.chart import chart
from stations.sessions.curve import MAX_POINTS, Point, curve, points, thin
from stations.sessions.curve import _Row as Row
from stations.sessions.models import MeterReading
from tests.factories.stations import make_session, make_station

AT = datetime(2026, 5, 1, 8, tzinfo=UTC)
REGISTER, POWER = "Energy.Active.Import.Register", "Power.Active.Import"


def row(minutes: int, measurand: str, value: int, phase: str = "") -> Row:
    return Row(AT + timedelta(minutes=minutes), measurand, phase, Decimal(value))


def test_energy_counts_from_the_first_register_and_power_is_joined_by_time() -> None:
    found = points([row(0, REGISTER, 5000), row(10, REGISTER, 6500), row(10, POWER, 11000)])

    assert found[1] == Point(AT + timedelta(minutes=10), Decimal(11000), Decimal(1500))


def test_power_of_phases_is_added_unless_the_sum_was_sent() -> None:
    phases = [row(0, POWER, 3600, f"L{n}") for n in (1, 2, 3)]

    assert points(phases)[0].power_w == 10800
    assert points([*phases, row(0, POWER, 11000)])[0].power_w == 11000


def test_without_power_readings_it_is_computed_from_energy_and_marked() -> None:
    found = points([row(0, REGISTER, 0), row(30, REGISTER, 5500), row(30, "SoC", 41)])

    assert (found[1].power_w, found[1].is_power_computed) == (Decimal("11000.0"), True)
    assert found[1].soc_percent == 41
    assert found[0].power_w is None


def test_a_long_curve_is_thinned_but_keeps_its_ends() -> None:
    many = [Point(AT + timedelta(seconds=n)) for n in range(5000)]

    found = thin(many)

    assert len(found) == MAX_POINTS
    assert (found[0], found[-1]) == (many[0], many[-1])


def test_the_chart_leaves_out_what_was_never_measured() -> None:
    data = chart(points([row(0, REGISTER, 0), row(30, REGISTER, 5500)]), zone="Europe/Stockholm")

    assert [one["unit"] for one in data["series"]] == ["kW", "kWh"]
    assert data["series"][1]["values"] == [0.0, 5.5]
    assert data["x"] == [AT.timestamp(), AT.timestamp() + 1800]
    assert data["zone"] == "Europe/Stockholm"


@pytest.mark.django_db
def test_only_readings_of_the_session_and_its_operator_are_read() -> None:
    session = make_session(station=make_station())
    MeterReading.objects.bulk_create(
        MeterReading(
            id=n,
            received_at=AT,
            operator_id=operator,
            station_id=session.station_id,
            session_id=session.pk,
            at=AT + timedelta(minutes=n),
            measurand=REGISTER,
            value=n,
        )
        for n, operator in enumerate([session.operator_id, session.operator_id + 1])
    )

    assert [point.at for point in curve(session)] == [AT]
