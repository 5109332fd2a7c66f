"""What needs attention about stations: each reason in words, since when, only where it is so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.accounts.models import Operator
from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.attention import source
from stations.hardware.clock_check import Heard, clock_error
from stations.hardware.firmware_age import Firmware, order_of, outdated
from stations.hardware.models import Connector, Station, StationLink
from tests.factories.core import make_operator
from tests.factories.stations import make_site, make_station

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def found(operator: Operator) -> list[tuple[str, str, str, datetime | None]]:
    with operator_scope(operator):
        every = list(source.concerns(NOW))
        brief, counted = source.brief(NOW)
    urgent = [one for one in every if one.reason.code != "firmware_old"]
    assert (brief, counted) == (urgent, {"firmware_old": len(every) - len(urgent)})
    return [(c.reason.code, c.subject, str(c.text), c.since_at) for c in every]


def set_link(station: Station, **values: Any) -> None:
    StationLink.objects.filter(station=station).update(**values)


def set_connectors(station: Station, **values: Any) -> None:
    with across_operators("tests change rows of any operator"):
        Connector.objects.filter(evse__station=station).update(**values)


@pytest.mark.django_db
def test_a_station_away_is_named_with_its_time_and_a_retired_one_is_not() -> None:
    operator = make_operator()
    away = make_station(operator=operator, name="Kaj 1", is_connected=False)
    fresh = make_station(operator=operator, name="Kaj 2", is_connected=False, created_at=NOW)
    make_station(operator=operator, is_connected=False, retired_on=NOW.date())
    make_station(operator=operator)
    set_link(away, disconnected_at=NOW, remote_address="192.0.2.7")
    set_link(fresh, generation=0)

    assert found(operator) == [
        ("offline", "Kaj 1", "The connection was lost; 192.0.2.7 was its last address.", NOW),
        ("offline", "Kaj 2", "The station has never connected.", NOW),
    ]
    assert found(make_operator()) == []


@pytest.mark.django_db
def test_a_fault_tells_what_the_station_told() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    set_connectors(
        station,
        status="faulted",
        error_code="GroundFailure",
        vendor_error_code="E12",
        info="Residual current",
        status_received_at=NOW,
    )

    [(reason, subject, text, since)] = found(operator)

    assert (reason, since) == ("faulted", NOW)
    assert subject.startswith("SE*ABC*E")
    assert text == "The station reports: GroundFailure · E12 · Residual current"


@pytest.mark.django_db
def test_a_clock_ahead_and_an_old_firmware_are_told() -> None:
    operator = make_operator()
    site = make_site(operator=operator)
    make: dict[str, Any] = {"site": site, "vendor": "Alfen", "model": "Eve"}
    old = make_station(name="Old", firmware_version="4.9.0", **make)
    make_station(firmware_version="4.10.0", **make)
    make_station(site=site, vendor="Alfen", model="Twin", firmware_version="1.0")
    set_connectors(old, status_at=NOW + timedelta(hours=2), status_received_at=NOW)

    assert found(operator) == [
        (
            "clock_wrong",
            "Old",
            "The clock is 2\xa0h\xa000\xa0min ahead of ours.",
            NOW,
        ),
        (
            "firmware_old",
            "Old",
            "Runs 4.9.0; 4.10.0 is the newest seen of this model, on 1.",
            None,
        ),
    ]


@pytest.mark.parametrize(
    ("offsets", "error"),
    [
        ([], None),
        ([0, 30], None),
        ([-3600], None),  # one late message may have waited
        ([-3600, -5], None),
        ([-3600, -3600], -3600),  # two that agree
        ([-3600, -7200], None),  # waited, each for another time
        ([3600], 3600),  # nothing waits in the future
        ([-50 * 365 * 86400], -50 * 365 * 86400),
    ],
)
def test_a_clock_is_judged_by_what_no_queue_explains(offsets: list[int], error: int | None) -> None:
    heard = [
        Heard(NOW + timedelta(minutes=n, seconds=offset), NOW + timedelta(minutes=n))
        for n, offset in enumerate(offsets)
    ]

    judged = clock_error(heard)

    assert (judged.offset.total_seconds() if judged else None) == error


def test_versions_order_by_numbers_and_a_candidate_comes_before_its_release() -> None:
    versions = ["1.2.0-rc1", "1.2.0", "1.2.1", "1.10", "v2.0", "10.0"]

    assert sorted(set(versions), key=order_of) == versions


def test_the_same_version_in_another_spelling_is_not_old() -> None:
    stations = [
        Firmware(1, "A", "M", "v1.5"),
        Firmware(2, "A", "M", "1.5"),
        Firmware(3, "A", "M", ""),
    ]

    assert outdated(stations) == []
