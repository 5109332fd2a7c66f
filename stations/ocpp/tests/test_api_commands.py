"""POST stations/{id}/commands/: statuses, waiting, rights, addresses."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from core.accounts.permissions import Permission, Role
from core.tenancy.scopes import operator_scope
from stations.commands import services, waiting
from stations.commands.models import Command, CommandState
from stations.hardware.models import Station
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
RESET = {"command": "reset", "parameters": {"type": "soft"}}


@pytest.fixture
def station() -> Station:
    return make_station(identity="CP +1|ä")


def post(station: Station, body: dict[str, Any], **options: Any) -> Any:
    client = api_client(station.operator, **options)
    address = f"/api/v1/stations/{quote(station.identity, safe='')}/commands/"
    return client.post(address, json.dumps(body), content_type="application/json")


def test_a_command_is_taken_at_once(station: Station) -> None:
    answer = post(station, RESET)

    assert answer.status_code == 202
    body = answer.json()
    assert body["id"].startswith("cmd_")
    assert (body["state"], body["answer"], body["error"]) == ("queued", None, None)
    assert body["payload"] == {"type": "Soft"}
    assert body["origin"] == "api"


def test_identity_in_any_case_public_id_and_a_missing_slash_all_do(station: Station) -> None:
    client = api_client(station.operator)
    for ref in (station.identity.lower(), station.public_id):
        address = f"/api/v1/stations/{quote(ref, safe='')}/commands"
        assert client.post(address, RESET).status_code == 202
        assert client.get(address + "/").json()["count"] > 0


def test_raw_messages_are_checked_against_their_schema(station: Station) -> None:
    taken = post(station, {"action": "UnlockConnector", "payload": {"connectorId": 99}})
    refused = post(station, {"action": "UnlockConnector", "payload": {"connectorId": "x"}})
    unknown = post(station, {"action": "Dance", "payload": {}})

    assert taken.status_code == 202
    assert taken.json()["action"] == "UnlockConnector"
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "schema"
    assert unknown.status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"command": "reset", "action": "Reset"},
        {"command": "reset"},
        {"command": "dance"},
        {"command": "reset", "parameters": [1]},
        {"command": "reset", "parameters": {"type": "soft\x00"}},
        {"action": "DataTransfer", "payload": {"vendorId": "a\x00"}},
        {"action": "DataTransfer", "payload": {"vendorId": "\ud800"}},
        {**RESET, "wait": 61},
        {**RESET, "wait": -1},
        {**RESET, "expires_in": 0},
    ],
)
def test_bad_requests_are_422_and_leave_nothing(station: Station, body: dict[str, Any]) -> None:
    answer = post(station, body)

    assert answer.status_code == 422, answer.content
    assert answer.json()["error"]["message"]
    with operator_scope(station.operator):
        assert not Command.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"wait": NaN}', b"[" * 100_000])
def test_a_body_that_is_no_json_is_400(station: Station, body: bytes) -> None:
    client = api_client(station.operator)

    answer = client.generic(
        "POST",
        f"/api/v1/stations/{station.public_id}/commands/",
        body,  # type: ignore[arg-type]  # the stubs know text alone
        content_type="application/json",
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "parse_error"


def test_an_offline_station_is_409_with_the_command_and_the_reason() -> None:
    away = make_station(is_connected=False)

    refused = post(away, RESET)
    waiting_ = post(away, {**RESET, "queue_if_offline": True, "expires_in": 60})

    assert refused.status_code == 409
    body = refused.json()
    assert body["state"] == "refused_offline"
    assert body["error"] == {"code": "offline", "message": "The station is not connected."}
    assert waiting_.status_code == 202


@pytest.mark.parametrize(
    ("rights", "body", "status"),
    [
        ([Permission.COMMAND_SEND], {"command": "clear_cache"}, 202),
        ([Permission.COMMAND_SEND], RESET, 403),
        ([Permission.COMMAND_DANGEROUS], RESET, 202),
        ([Permission.COMMAND_DANGEROUS], {"action": "ClearCache", "payload": {}}, 403),
        ([Permission.COMMAND_RAW], {"action": "ClearCache", "payload": {}}, 202),
        ([], {"command": "clear_cache"}, 403),
    ],
)
def test_each_command_needs_its_right(
    station: Station, rights: list[str], body: dict[str, Any], status: int
) -> None:
    answer = post(station, body, permissions=[Permission.NETWORK_VIEW, *rights])

    assert answer.status_code == status
    with operator_scope(station.operator):
        assert Command.objects.count() == (status == 202)


def finish(command: Command, how: str) -> None:
    services.mark_sent(command, message_id="1", generation=1, bridge="bridge1")
    if how == "rejected":
        services.mark_answered(command, {"status": "Rejected"})
    elif how == "error":
        services.mark_failed(command, code="NotSupported", text="no")
    else:
        services.move(
            command, CommandState.TIMED_OUT, finished_at=timezone.now(), error_code="no_answer"
        )


@pytest.mark.parametrize(
    ("how", "state", "answer", "error"),
    [
        ("rejected", "answered", {"status": "Rejected"}, None),
        ("error", "failed", None, {"code": "NotSupported", "message": "no"}),
        (
            "silence",
            "timed_out",
            None,
            {"code": "no_answer", "message": "The station did not answer."},
        ),
    ],
)
def test_whatever_the_station_does_is_200_within_the_wait(
    station: Station,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    state: str,
    answer: dict[str, Any] | None,
    error: dict[str, Any] | None,
) -> None:
    def bridge() -> None:
        finish(Command.objects.get(), how)

    monkeypatch.setattr(waiting, "release_connections", bridge)

    response = post(station, {**RESET, "wait": 5})

    assert response.status_code == 200
    body = response.json()
    assert (body["state"], body["answer"], body["error"]) == (state, answer, error)


def test_a_wait_that_ends_first_is_202(station: Station) -> None:
    response = post(station, {**RESET, "wait": 0.3})

    assert response.status_code == 202
    assert response.json()["state"] == "queued"


def test_one_request_to_many_stations(station: Station) -> None:
    other = make_station(operator=station.operator, is_connected=False)
    client = api_client(station.operator)

    answer = client.post(
        "/api/v1/commands/", {**RESET, "stations": [station.identity, other.public_id]}
    )

    assert answer.status_code == 202
    body = answer.json()
    states = {c["station"]: c["state"] for c in body["commands"]}
    assert states == {station.identity: "queued", other.identity: "refused_offline"}
    batch = client.get("/api/v1/commands/", {"batch": body["batch_id"]}).json()
    assert batch["count"] == 2


def test_a_foreign_station_in_a_batch_refuses_it_all(station: Station) -> None:
    foreign = make_station(operator=make_operator())

    answer = api_client(station.operator).post(
        "/api/v1/commands/", {**RESET, "stations": [station.identity, foreign.identity]}
    )

    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "stations"
    with operator_scope(station.operator):
        assert not Command.objects.exists()


def test_people_use_the_same_door_with_their_role_a_csrf_token_and_a_reason(
    station: Station,
) -> None:
    address = f"/api/v1/stations/{station.public_id}/commands/"
    viewer, tore = (
        make_person(operator=station.operator, role=role) for role in (Role.VIEWER, Role.TECHNICIAN)
    )
    unsafe = APIClient(enforce_csrf_checks=True)
    unsafe.force_login(tore)
    client = APIClient()

    assert unsafe.post(address, RESET).status_code == 403
    client.force_login(viewer)
    assert client.post(address, {**RESET, "reason": "Hangs"}).status_code == 403
    client.force_login(tore)
    assert client.post(address, RESET).json()["error"]["code"] == "reason_needed"
    taken = client.post(address, {**RESET, "reason": "Hangs"})

    assert taken.status_code == 202
    assert taken.json()["origin"] == "person"
    assert tore.email in taken.json()["requested_by"]
