"""REST of the protocol's records: journal, knocks, attempts, reservations, profiles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope
from stations.hardware.models import Station
from stations.ocpp.models import (
    AuthorisationAttempt,
    ChargingProfile,
    FrameJournal,
    Knock,
    Reservation,
)
from stations.ocpp.profile_shapes import in_version
from tests.factories.api import api_client
from tests.factories.core import make_operator
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
PROFILE: dict[str, Any] = {
    "stackLevel": 0,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Absolute",
    "chargingSchedule": {
        "chargingRateUnit": "W",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 4000.0}],
    },
}


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def station(operator: Operator) -> Station:
    return make_station(operator=operator, identity="CP-1")


@pytest.fixture
def client(operator: Operator) -> APIClient:
    return api_client(operator)


def frame(station: Station, number: int, **fields: Any) -> None:
    values: dict[str, Any] = {
        "id": number,
        "received_at": NOON + timedelta(minutes=number),
        "operator_id": station.operator_id,
        "station_id": station.pk,
        "direction": "in",
        "action": "Heartbeat",
        "message_id": f"m{number}",
        "request": "{}",
        "answer": '{"currentTime":"x"}',
        "outcome": "result",
        "answered_at": NOON + timedelta(minutes=number, milliseconds=12),
    }
    FrameJournal.objects.create(**(values | fields))


def messages(client: APIClient, address: str = "/api/v1/journal/", **query: Any) -> list[str]:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    return [row["message_id"] for row in answer.json()["results"]]


def test_the_journal_pairs_calls_with_answers_and_is_searched(
    station: Station, client: APIClient
) -> None:
    other = make_station(site=station.site, identity="CP-2")
    frame(station, 1)
    frame(station, 2, action="Authorize", request='{"idTag":"CAFE"}')
    frame(other, 3, direction="out", action="Reset", outcome="none", answer=None, answered_at=None)

    assert messages(client) == ["m3", "m2", "m1"]
    assert messages(client, "/api/v1/stations/cp-1/journal") == ["m2", "m1"]
    assert messages(client, station="CP-2") == ["m3"]
    assert messages(client, action="Authorize,Reset") == ["m3", "m2"]
    assert messages(client, message_id="m1") == ["m1"]
    assert messages(client, q="cafe", since="2026-01-01T00:00:00Z") == ["m2"]
    assert messages(client, until=(NOON + timedelta(minutes=2)).isoformat()) == ["m1"]
    assert messages(client, direction="out", outcome="none") == ["m3"]
    row = client.get("/api/v1/journal/", {"message_id": "m1"}).json()["results"][0]
    assert (row["station"], row["took_ms"], row["answer"]) == ("CP-1", 12, '{"currentTime":"x"}')


def test_the_journal_is_followed_page_by_page(station: Station, client: APIClient) -> None:
    for number in range(1, 6):
        frame(station, number)

    seen, address = [], "/api/v1/journal/?page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["message_id"] for row in page["results"]]
        address = page["next"]

    assert seen == ["m5", "m4", "m3", "m2", "m1"]


def test_knocks_of_others_stations_are_hidden_and_a_knock_is_forgotten(
    station: Station, client: APIClient
) -> None:
    foreign = make_station()
    Knock.objects.create(identity="NOBODY", reason="unknown_station")
    own = Knock.objects.create(identity="CP-1", reason="wrong_password", station=station)
    Knock.objects.create(identity="X", reason="wrong_password", station=foreign)

    rows = client.get("/api/v1/knocks/").json()["results"]

    assert {r["identity"] for r in rows} == {"NOBODY", "CP-1"}
    assert client.delete(f"/api/v1/knocks/{own.pk}/").status_code == 204
    assert client.get("/api/v1/knocks/").json()["count"] == 1


def test_attempts_tell_the_reason_in_words(station: Station, client: APIClient) -> None:
    with operator_scope(station.operator):
        AuthorisationAttempt.objects.create(
            operator=station.operator,
            station=station,
            at=NOON,
            kind="start",
            id_token="CAFE",
            decision="Blocked",
            reason_code="blocked",
        )

    rows = client.get("/api/v1/authorisation-attempts/?id_token=cafe&station=cp-1").json()

    assert rows["results"][0]["reason_text"] == "The token is blocked."
    assert client.get("/api/v1/authorisation-attempts/?decision=accepted").json()["results"] == []


def test_reservations_are_read(station: Station, client: APIClient) -> None:
    with operator_scope(station.operator):
        Reservation.objects.create(
            operator=station.operator,
            station=station,
            number=2_147_483_647,
            id_token="CAFE",
            expires_at=timezone.now(),
        )

    rows = client.get("/api/v1/reservations/?station=CP-1&state=requested").json()["results"]

    assert [r["number"] for r in rows] == [2_147_483_647]


def test_a_profile_is_stored_under_a_given_id_and_keeps_it(
    operator: Operator, client: APIClient
) -> None:
    address = "/api/v1/charging-profiles/158/"

    made = client.put(address, {"description": "Night", "profile": PROFILE})
    changed = client.put(address, {"description": "Day", "profile": made.json()["profile"]})

    assert (made.status_code, changed.status_code) == (201, 200)
    assert made.json()["profile"]["chargingProfileId"] == 158
    assert client.get(address).json()["description"] == "Day"
    assert client.get("/api/v1/charging-profiles").json()["count"] == 1
    assert client.delete(address).status_code == 204
    with operator_scope(operator):
        assert not ChargingProfile.objects.exists()


@pytest.mark.parametrize(
    ("number", "profile"),
    [
        (1, {**PROFILE, "chargingProfileId": 2}),
        (1, {**PROFILE, "stackLevel": "high"}),
        (1, {"chargingSchedule": {}}),
        (1, {"chargingSchedule": [{}]}),
        (1, {}),
        (9_999_999_999, PROFILE),
    ],
)
def test_a_profile_that_no_station_could_read_is_refused(
    operator: Operator, client: APIClient, number: int, profile: dict[str, Any]
) -> None:
    answer = client.put(f"/api/v1/charging-profiles/{number}/", {"profile": profile})

    assert answer.status_code == 422, answer.content
    with operator_scope(operator):
        assert not ChargingProfile.objects.exists()


def test_two_operators_have_a_profile_of_one_number_each(client: APIClient) -> None:
    other = api_client(make_operator())

    assert client.put("/api/v1/charging-profiles/1", {"profile": PROFILE}).status_code == 201
    assert other.put("/api/v1/charging-profiles/1", {"profile": PROFILE}).status_code == 201


def test_a_profile_changes_spelling_and_back_without_loss() -> None:
    old = {"chargingProfileId": 7, **PROFILE, "transactionId": 12}

    new = in_version(old, "2.0.1")

    assert (new["id"], new["transactionId"], new["chargingSchedule"][0]["id"]) == (7, "12", 1)
    assert in_version(new, "1.6") == old
    assert in_version(new, "2.0.1") is new
