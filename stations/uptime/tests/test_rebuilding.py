"""Outages and days from the journals: what they tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.tenancy.scopes import across_operators
from stations.hardware.models import Connector, Evse
from stations.uptime import services
from stations.uptime.models import Outage, UptimeDay
from stations.uptime.tests.journals import (
    HOUR,
    NOW,
    at,
    hours,
    linked,
    outages,
    rebuild,
    station_with,
    told,
)
from tests.factories.stations import make_session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everywhere() -> Iterator[None]:
    with across_operators("tests read rows of any operator"):
        yield


def test_a_fault_makes_an_outage_over_midnight_with_its_code_and_row() -> None:
    station = station_with()
    told(station, at(3, 22), "faulted", code="GroundFailure")
    told(station, at(4, 2), "available")

    rebuild(station)

    outage = Outage.objects.get(station=station)
    assert (outage.began_at, outage.ended_at) == (at(3, 22), at(4, 2))
    assert (outage.kind, outage.cause, outage.error_code) == (
        "faulted",
        "hardware",
        "GroundFailure",
    )
    assert outage.ref.startswith("status:")
    assert hours(station, 3)["down"] == 2
    assert hours(station, 4)["down"] == 2
    assert hours(station, 5)["down"] == 0
    today = UptimeDay.objects.get(station=station, day_on=at(12, 12).date())
    assert today.service_ms == 13 * HOUR


def test_a_reconnection_does_not_make_a_faulted_evse_well() -> None:
    station = station_with()
    told(station, at(3, 8), "faulted")
    linked(station, at(3, 10), "disconnected", 1)
    linked(station, at(3, 12), "connected", 2)
    told(station, at(3, 12), "faulted", generation=2)
    told(station, at(3, 14), "available", generation=2)

    rebuild(station)

    assert hours(station, 3)["down"] == 6
    assert outages(station) == [
        (1, "faulted", at(3, 8), at(3, 14)),
        (1, "offline", at(3, 10), at(3, 12)),
    ]


def test_what_happened_out_of_reach_counts_from_then() -> None:
    station = station_with()
    linked(station, at(3, 8), "disconnected", 1)
    linked(station, at(3, 8, 9), "connected", 2)
    told(station, at(3, 8, 10), "faulted", station_at=at(3, 8, 4), generation=2)
    told(station, at(3, 9), "available", station_at=at(3, 5), generation=2)

    rebuild(station)

    # nine minutes of silence are no outage; a clock that is hours behind is not believed
    assert outages(station) == [(1, "faulted", at(3, 8, 4), at(3, 9))]


def test_our_own_outage_is_unknown_time_unless_the_convention_says_down() -> None:
    station = station_with()
    linked(station, at(3, 8), "csms_outage", 1, late_s=600)
    linked(station, at(3, 11), "connected", 2)

    rebuild(station)

    assert hours(station, 3) == {
        "service": 24, "unknown": 3, "down": 0, "excluded": 0, "closed": 0
    }  # fmt: skip
    assert [row[1] for row in outages(station)] == ["own"]
    services.set_conventions(
        operator=station.operator, site=None, reason="as the rule says", own_outages="down"
    )
    rebuild(station)
    assert hours(station, 3)["down"] == 3


def test_connectors_make_an_evse_by_the_convention() -> None:
    station = station_with()
    evse = Evse.objects.get(station=station)
    Connector.objects.filter(evse=evse).update(connector_type="IEC_62196_T2_COMBO")
    Connector.objects.create(operator=station.operator, evse=evse, number=2)
    told(station, at(1), "available", connector=2)
    told(station, at(3, 8), "faulted")
    told(station, at(3, 10), "faulted", connector=2)
    told(station, at(3, 11), "available", connector=2)
    told(station, at(3, 12), "available")

    rebuild(station)

    assert hours(station, 3)["down"] == 1
    services.set_conventions(
        operator=station.operator, site=station.site, reason="CCS", connectors="mandatory"
    )
    rebuild(station)
    assert hours(station, 3)["down"] == 4


def test_attempts_without_energy_tell_of_an_outage_since_the_first() -> None:
    station = station_with()
    evse = Evse.objects.get(station=station)
    for hour, energy, token in ((6, 9_000, "A"), (8, 0, "B"), (9, 40, "C"), (10, 0, "B")):
        make_session(
            station=station, evse=evse, evse_number=1, state="ended", started_at=at(3, hour),
            stopped_at=at(3, hour, 5), first_received_at=at(3, hour), energy_wh=energy,
            id_token=token,
        )  # fmt: skip
    rebuild(station)

    assert outages(station) == [(1, "silent", at(3, 8), None)]
    make_session(
        station=station, evse=evse, evse_number=1, state="ended", started_at=at(4, 8),
        stopped_at=at(4, 9), first_received_at=at(4, 8), energy_wh=7_000, reconciled_at=NOW,
    )  # fmt: skip
    rebuild(station, NOW + timedelta(minutes=5))
    assert outages(station) == [(1, "silent", at(3, 8), at(4, 8))]
    assert hours(station, 3)["down"] == 16


def test_an_approved_cause_excludes_its_true_overlap_and_leaves_the_facts() -> None:
    station = station_with()
    told(station, at(3, 10), "unavailable")
    told(station, at(3, 16), "available")
    rebuild(station)
    statement = services.state_cause(
        site=station.site, cause="maintenance", began_at=at(3, 8), ended_at=at(3, 12), reason="fan"
    )
    rebuild(station)
    assert hours(station, 3)["excluded"] == 0

    services.approve_cause(statement=statement)
    rebuild(station)

    assert (hours(station, 3)["down"], hours(station, 3)["excluded"]) == (6, 2)
    day = UptimeDay.objects.get(station=station, day_on=at(3, 12).date())
    assert day.by_cause == {"maintenance": 2 * HOUR, "taken_out": 4 * HOUR}
    services.withdraw_cause(statement=statement, reason="wrong day")
    rebuild(station)
    assert hours(station, 3)["excluded"] == 0
    assert outages(station) == [(1, "unavailable", at(3, 10), at(3, 16))]


def test_days_begin_with_commissioning_and_know_the_opening_hours() -> None:
    station = station_with(commissioned_on=at(3, 12).date())
    station.site.opening_hours = {
        "regular_hours": [
            {"weekday": day, "period_begin": "06:00", "period_end": "22:00"} for day in range(1, 8)
        ]
    }
    station.site.save()
    told(station, at(4, 20), "faulted")
    told(station, at(5, 8), "available")

    rebuild(station)

    assert UptimeDay.objects.filter(station=station).earliest("day_on").day_on == at(3, 12).date()
    assert hours(station, 4) == {
        "service": 24, "unknown": 0, "down": 4, "excluded": 2, "closed": 8
    }  # fmt: skip
