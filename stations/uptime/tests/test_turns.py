"""Each turn makes what changed: the same as making everything anew, and one station at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.tenancy.scopes import across_operators
from stations.hardware.models import Evse, Station
from stations.sessions.models import Session
from stations.uptime import rebuilding, services
from stations.uptime.loading import load_place
from stations.uptime.models import Outage, UptimeDay, UptimeState
from stations.uptime.tests.journals import (
    NOW,
    at,
    everything,
    linked,
    outages,
    rebuild,
    station_with,
    told,
    tried,
)
from tests.factories.stations import make_session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everywhere() -> Iterator[None]:
    with across_operators("tests read rows of any operator"):
        yield


def test_a_failure_that_goes_on_for_months_is_told_the_same_by_every_turn() -> None:
    """The attempts that tell of it lie further back than a turn looks for the usual EVSE."""
    station = station_with()
    for day, token in ((2, "A"), (3, "B"), (4, "C")):
        tried(station, at(day, 8), 0, token)
    rebuild(station)
    for days in (30, 45, 60, 90):
        rebuild(station, NOW + timedelta(days=days))

    assert outages(station) == [(1, "silent", at(2, 8), None)]
    later = NOW + timedelta(days=92)
    tried(station, later, 0, "A")
    tried(station, later + timedelta(hours=1), 9_000, "A")
    rebuild(station, later + timedelta(days=1))
    incremental = everything(station)
    rebuild(station, later + timedelta(days=1), everything=True)
    assert outages(station) == [(1, "silent", at(2, 8), later + timedelta(hours=1))]
    assert everything(station) == incremental


def test_a_corrected_session_takes_back_the_outage_that_began_before_it() -> None:
    station = station_with()
    for day, token in ((2, "A"), (3, "B"), (4, "C")):
        tried(station, at(day, 8), 0, token)
    rebuild(station)
    rebuild(station, NOW + timedelta(hours=1))
    Session.objects.filter(started_at=at(4, 8)).update(
        energy_wh=8_000, reconciled_at=NOW + timedelta(hours=2)
    )

    rebuild(station, NOW + timedelta(hours=3))

    assert outages(station) == []


def test_a_session_without_a_start_tells_nothing_and_holds_nothing_up() -> None:
    station = station_with()
    rebuild(station, at(5))
    tried(station, None, 0, "A")

    rebuild(station, at(6))

    assert outages(station) == []


def test_a_wrong_clock_makes_no_old_day_anew() -> None:
    station = station_with()
    rebuild(station, at(10))
    before = UptimeDay.objects.get(station=station, day_on=at(5, 12).date()).pk
    told(station, at(10, 1), "faulted", station_at=at(3))

    rebuild(station, at(11))

    assert outages(station) == [(1, "faulted", at(10, 1), None)]
    assert UptimeDay.objects.get(station=station, day_on=at(5, 12).date()).pk == before


def test_a_cause_of_the_beginning_stays_while_the_outage_goes_on() -> None:
    station = station_with()
    told(station, at(3, 10), "unavailable")
    statement = services.state_cause(
        site=station.site, cause="vandalism", began_at=at(3, 9), ended_at=at(3, 12), reason="cable"
    )
    services.approve_cause(statement=statement)
    rebuild(station, at(4))

    for day in (6, 8):
        rebuild(station, at(day))

    assert Outage.objects.get(station=station).cause == "vandalism"


def test_a_station_that_breaks_off_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = station_with(), station_with()
    for station in (bad, good):
        UptimeState.objects.create(station=station, operator=station.operator, next_at=at(2))

    def broken(station: Station) -> Any:
        if station == bad:
            raise ValueError("one that cannot be made")
        return load_place(station)

    monkeypatch.setattr("stations.uptime.rebuilding.load_place", broken)

    turns = [rebuilding.rebuild_next(now=NOW) for _ in range(3)]

    assert turns == [True, True, False]
    assert UptimeDay.objects.filter(station=good).exists()
    assert UptimeState.objects.get(station=bad).next_at > NOW


def play(station: Station, seed: int, since: datetime, until: datetime) -> None:
    """Journal what happens from ``since`` on and before ``until`` in a life made from a seed."""
    rng = random.Random(seed)
    moment, generation = at(2), 1
    while moment < NOW - timedelta(hours=1):
        now = since <= moment < until
        number = rng.choice((1, 2))
        kind = rng.choice(("available", "faulted", "unavailable", "gone", "ours", "failed"))
        ended = moment + timedelta(minutes=rng.choice((3, 30, 400)))
        if kind in ("gone", "ours"):
            generation += 1
            if now:
                word = "disconnected" if kind == "gone" else "csms_outage"
                linked(station, moment, word, generation - 1)
                linked(station, ended, "connected", generation)
                told(
                    station, ended, rng.choice(("faulted", "available")), evse=number,
                    station_at=moment + timedelta(minutes=2), generation=generation,
                )  # fmt: skip
            else:
                rng.choice((1, 2))
            moment = ended
        elif now and kind == "failed":
            evse = Evse.objects.get(station=station, number=number)
            make_session(
                station=station, evse=evse, evse_number=number, state="ended", started_at=moment,
                first_received_at=moment, energy_wh=0, id_token=f"T{moment.minute % 3}",
            )  # fmt: skip
        elif now:
            told(station, moment, kind, evse=number, generation=generation)
        moment += timedelta(minutes=rng.randint(1, 1_500))


@pytest.mark.parametrize("seed", range(8))
def test_a_rebuild_from_the_journal_gives_the_same_figures(seed: int) -> None:
    station = station_with(evses=2)
    told(station, at(1), "available", evse=2)
    between = at(2) + timedelta(minutes=1_700 * (seed + 1))
    play(station, seed, at(2), between)
    rebuild(station, between)
    play(station, seed, between, NOW)
    rebuild(station)

    incremental = everything(station)
    rebuild(station, everything=True)

    assert everything(station) == incremental
    assert incremental[1]
    for row in UptimeDay.objects.filter(station=station):
        assert 0 <= row.excluded_ms <= row.down_ms <= row.service_ms
        assert row.unknown_ms + row.down_ms <= row.service_ms
        assert sum(row.by_cause.values()) == row.down_ms
