"""What needs attention about sessions: each reason in words, since when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope
from stations.hardware.models import Station
from stations.sessions.attention import source
from stations.sessions.habit import Habit, unusual_silence
from tests.factories.core import make_operator
from tests.factories.stations import make_session, make_site, make_station

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def found(operator: Operator) -> list[tuple[str, str, datetime | None]]:
    with operator_scope(operator):
        return [
            (c.reason.code, str(c.text).replace("\xa0", " "), c.since_at)
            for c in source.concerns(NOW)
        ]


@pytest.mark.django_db
def test_a_long_stay_and_one_without_energy() -> None:
    site = make_site()
    operator = site.operator
    long_ago, lately = NOW - 25 * HOUR, NOW - timedelta(minutes=6)
    make_session(station=make_station(site=site), started_at=long_ago, energy_wh=Decimal(9000))
    make_session(
        station=make_station(site=site),
        started_at=lately,
        meter_start_wh=Decimal(100),
        register_wh=Decimal(100),
    )
    make_session(station=make_station(site=site), started_at=NOW - timedelta(minutes=4))

    assert found(operator) == [
        ("long_stay", "Plugged in for 1 d 1 h.", long_ago),
        ("no_energy", "Running for 6 min without any energy.", lately),
    ]


@pytest.mark.django_db
def test_one_card_at_two_sites_but_not_at_two_stations_of_one() -> None:
    operator = make_operator()
    north = make_site(operator=operator, name="Norr")
    south = make_site(operator=operator, name="Söder")
    energy = {"energy_wh": Decimal(1)}
    make_session(station=make_station(site=north), id_token="04AB", started_at=NOW - HOUR, **energy)
    make_session(station=make_station(site=south), id_token="04ab", started_at=NOW, **energy)
    for _n in range(2):
        make_session(station=make_station(site=north), id_token="04FF", started_at=NOW, **energy)

    assert found(operator) == [
        ("two_places", "Charges at the same time at Norr, Söder.", NOW),
    ]


def rhythm(station: Station, count: int, gap: timedelta, last: datetime) -> None:
    for n in range(count):
        at = last - n * gap
        make_session(
            station=station, state="ended", started_at=at, stopped_at=at, first_received_at=at
        )


@pytest.mark.django_db
def test_an_evse_is_quiet_against_its_own_habit() -> None:
    operator = make_operator()
    busy, lazy = make_station(operator=operator), make_station(operator=operator)
    rhythm(busy, 10, 6 * HOUR, NOW - 48 * HOUR)
    rhythm(lazy, 10, 48 * HOUR, NOW - 48 * HOUR)

    assert found(operator) == [
        ("silent", "No session for 2 d 0 h; 6 h 00 min between two is usual here.", NOW - 48 * HOUR)
    ]


@pytest.mark.django_db
def test_held_sessions_are_counted_by_site() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    for hours in (5, 3):
        make_session(
            station=station, state="ended", is_held=True, first_received_at=NOW - hours * HOUR
        )

    assert found(operator) == [("held", "2 sessions wait for review.", NOW - 5 * HOUR)]
    assert found(make_operator()) == []


@given(st.integers(0, 5), st.integers(0, 10_000))
def test_too_few_sessions_make_no_habit(count: int, hours: int) -> None:
    habit = Habit(count, NOW - 30 * HOUR, NOW - 20 * HOUR)

    assert unusual_silence(habit, NOW + hours * HOUR) is None


@given(st.integers(6, 500), st.integers(1, 800), st.integers(0, 2000))
def test_no_silence_shorter_than_seven_gaps_or_a_day_is_unusual(
    count: int, span: int, silence: int
) -> None:
    habit = Habit(count, NOW - span * HOUR, NOW)

    unusual = unusual_silence(habit, NOW + silence * HOUR)

    longest = max(timedelta(days=1), 7 * span * HOUR / (count - 1))
    assert (unusual is not None) == (silence * HOUR > longest)
