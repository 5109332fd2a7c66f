"""The history of a station: every kind in one line of time, paged, filtered, in any zone."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.accounts.models import Operator
from core.accounts.permissions import Permission, Role
from core.tenancy.scopes import across_operators, operator_scope
from stations.commands.models import Command
from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.hardware.models import Station
from stations.ocpp.boots import BootFacts, boot_facts
from stations.ocpp.history import KINDS, chosen, moments
from stations.ocpp.models import AuthorisationAttempt, FrameJournal, StationEvent
from stations.ocpp.session_timeline import session_moments
from stations.sessions.models import Session
from stations.sessions.use import station_use
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_session, make_site, make_station

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BOOT = '{"reason": "PowerUp", "chargingStation": {"model": "M", "firmwareVersion": "3.1"}}'
_ids = itertools.count(1)


def journal(model: type[Any], station: Station, minutes: float, **values: Any) -> None:
    own = {"operator_id": station.operator_id, "station_id": station.pk}
    at = NOW - minutes * MINUTE
    model.objects.bulk_create([model(id=next(_ids), received_at=at, **own, **values)])


def status(station: Station, minutes: float, word: str, **values: Any) -> None:
    place = {"evse_number": 1, "connector_number": 1, "status_raw": word}
    journal(StatusJournal, station, minutes, status=word, **place, **values)


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def station(operator: Operator) -> Station:
    site = make_site(operator=operator, time_zone="Europe/Helsinki")
    found: Station = make_station(site=site, name="Kaj")
    return found


def everything(station: Station) -> None:
    status(station, 1, "faulted", error_code="GroundFailure")
    happened = NOW - 2 * MINUTE
    journal(ConnectionJournal, station, 2, kind="connected", happened_at=happened, generation=1)
    journal(FrameJournal, station, 3, direction="in", action="BootNotification", request=BOOT)
    own: dict[str, Any] = {"operator": station.operator, "station": station}
    with across_operators("tests make rows of any operator"):
        for minutes, kind, name in (
            (4, "firmware", "InstallationFailed"),
            (5, "security", "Tamper"),
        ):
            StationEvent.objects.create(
                **own, received_at=NOW - minutes * MINUTE, kind=kind, name=name
            )
        Command.objects.create(
            **own,
            public_id="cmd_1",
            origin="person",
            action="Reset",
            command="reset",
            state="answered",
            answer_status="Accepted",
            created_at=NOW - 6 * MINUTE,
            expires_at=NOW,
        )
    make_session(
        station=station,
        state="ended",
        first_received_at=NOW - 9 * MINUTE,
        started_at=NOW - 9 * MINUTE,
        stopped_at=NOW - 7 * MINUTE,
        energy_wh=Decimal(1500),
    )


def test_every_kind_is_there_newest_first(operator: Operator, station: Station) -> None:
    everything(station)

    with operator_scope(operator):
        rows, older = moments(station, KINDS, NOW)
        others, _older = moments(make_station(operator=operator), KINDS, NOW)

    assert [(row.kind, row.title, row.text.replace("\xa0", " ")) for row in rows] == [
        ("status", "EVSE 1: Faulted", "GroundFailure"),
        ("connection", "Connected", ""),
        ("boot", "Booted: PowerUp", "Firmware 3.1"),
        ("firmware", "Firmware: InstallationFailed", ""),
        ("event", "Security: Tamper", ""),
        ("command", "reset", "Answered · Accepted"),
        ("session", "Session ended at EVSE 1", "1.50 kWh"),
        ("session", "Session began at EVSE 1", "CAFE0001"),
    ]
    assert (older, others) == (None, [])


def test_pages_follow_each_other_without_gap_or_repeat(
    operator: Operator, station: Station
) -> None:
    for n in range(120):
        status(station, n // 3, "available", info=str(n))

    seen, before = [], NOW + MINUTE
    with operator_scope(operator):
        while True:
            rows, older = moments(station, KINDS, before)
            seen += [row.text for row in rows]
            if older is None:
                break
            before = older

    assert len(seen) == 120
    assert set(seen) == {str(n) for n in range(120)}


def test_the_page_filters_by_kind_and_shows_the_zone_asked_for(
    client: Client, operator: Operator, station: Station
) -> None:
    everything(station)
    client.force_login(make_person(operator=operator, role=Role.VIEWER))
    url = f"/stations/{station.public_id}/history/?before=2026-11-20T12:00:00%2B00:00"

    every = client.get(f"{url}&zone=utc").content.decode()
    boots = client.get(f"{url}&kind=boot&zone=site").content.decode()
    wrong = client.get(f"/stations/{station.public_id}/history/?before=soon&kind=x&zone=y")

    assert "2026-11-20 11:57:00" in every
    assert "GroundFailure" in every
    assert "2026-11-20 13:57:00" in boots
    assert "GroundFailure" not in boots
    assert wrong.status_code == 200


def test_pages_say_what_the_oldest_kept_entry_is_and_show_what_is_older_than_a_time(
    client: Client, operator: Operator, station: Station
) -> None:
    everything(station)
    journal(FrameJournal, station, 9000, direction="in", action="Heartbeat")
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    url = f"/stations/{station.public_id}/history/"

    # In Helsinki the clock shows two hours more.
    older = client.get(f"{url}?before=2026-11-20T13:56:00&zone=site")
    boots = client.get(f"{url}?kind=boot")
    frames = client.get("/journal/").content.decode()

    assert [row.kind for row in older.context["rows"]] == ["event", "command", "session", "session"]
    page = older.content.decode()
    assert 'name="before" value="2026-11-20T13:56:00"' in page
    assert "The oldest entry kept is from" in page
    assert older.context["oldest"] == NOW - 9 * MINUTE
    assert boots.context["oldest"] == NOW - 3 * MINUTE
    assert "The oldest message kept is from" in frames
    assert "2026-11-14" in frames


def test_the_number_of_queries_does_not_grow(
    client: Client,
    operator: Operator,
    station: Station,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(70):
        status(station, n, "available")
    everything(station)
    client.force_login(make_person(operator=operator, role=Role.OWNER))

    for tab in ("history", "use"):
        client.get(f"/stations/{station.public_id}/{tab}/")
        with django_assert_max_num_queries(16):
            assert client.get(f"/stations/{station.public_id}/{tab}/").status_code == 200


def test_the_api_keeps_sessions_from_who_may_not_see_them(
    operator: Operator, station: Station
) -> None:
    everything(station)
    url = f"/api/v1/stations/{station.identity}/history/?before=2026-11-20T12:00:00Z"
    network = api_client(operator, [Permission.NETWORK_VIEW])

    every = api_client(operator).get(f"{url}&kind=session&kind=boot").json()["results"]
    few = network.get(url).json()["results"]
    oldest = {
        rights: client.get(url).json()["oldest"]
        for rights, client in (("all", api_client(operator)), ("network", network))
    }

    assert [row["kind"] for row in every] == ["boot", "session", "session"]
    assert {row["kind"] for row in few} >= {"status", "command"}
    assert "session" not in {row["kind"] for row in few}
    assert oldest == {"all": "2026-11-20T11:51:00Z", "network": "2026-11-20T11:54:00Z"}
    assert network.get(f"{url}&kind=nonsense").status_code == 422
    assert api_client(make_operator()).get(url).status_code == 404


def test_use_by_day_is_that_of_the_site(operator: Operator, station: Station) -> None:
    late = datetime(2026, 11, 19, 22, 30, tzinfo=UTC)  # the 20th in Helsinki
    make_session(
        station=station, state="ended", started_at=late, stopped_at=NOW, energy_wh=Decimal(4000)
    )
    status(station, 24 * 60, "available")
    status(station, 5 * 60, "faulted")

    with operator_scope(operator):
        before, today = station_use(station, 2, NOW)

    assert (before.sessions, today.sessions, int(today.energy_wh)) == (0, 1, 4000)
    assert before.available == 1.0
    assert today.available == pytest.approx(9 / 14)


@pytest.mark.parametrize(
    ("request_text", "facts"),
    [
        (BOOT, BootFacts("PowerUp", "3.1")),
        ('{"chargePointModel": "M", "firmwareVersion": "1.0"}', BootFacts("", "1.0")),
        ("[1]", BootFacts()),
        ("no json", BootFacts()),
        ('{"chargingStation": 5, "reason": null}', BootFacts()),
    ],
)
def test_boots_of_any_version_are_read(request_text: str, facts: BootFacts) -> None:
    assert boot_facts(request_text) == facts


def test_no_kind_means_all_and_a_right_is_needed_for_each() -> None:
    assert chosen([], lambda _right: True) == list(KINDS)
    assert [kind.code for kind in chosen(["boot", "x"], lambda _right: True)] == ["boot"]
    assert "session" not in {k.code for k in chosen([], lambda right: right == "network.view")}


def test_a_session_has_its_own_line_of_time(
    client: Client, operator: Operator, station: Station
) -> None:
    everything(station)
    with operator_scope(operator):
        session = Session.objects.select_related("station__site").get(station=station)
    status(station, 8, "charging")
    with across_operators("tests make rows of any operator"):
        AuthorisationAttempt.objects.create(
            operator=operator,
            station=station,
            at=NOW - 10 * MINUTE,
            kind="start",
            id_token="CAFE0001",
            decision="Accepted",
            reason_code="accepted",
        )

    with operator_scope(operator):
        rows = session_moments(session, NOW)
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    page = client.get(f"/sessions/{session.public_id}/").content.decode()

    assert [row.title for row in rows] == [
        "Token asked for: Accepted",
        "Session began",
        "Charging",
        "Session ended",
        "reset",
    ]
    assert "Token asked for: Accepted" in page
    told = api_client(operator).get(f"/api/v1/sessions/{session.public_id}/timeline/").json()
    assert [row["title"] for row in told] == [row.title for row in rows]
