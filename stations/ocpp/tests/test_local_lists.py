"""Full and differential updates of a station's local list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.accounts.models import Operator
from core.audit.services import SYSTEM
from core.tenancy.scopes import operator_scope
from customers.tokens.models import IdToken, TokenStatus
from stations.commands import services
from stations.commands.models import Command
from stations.hardware.models import Station
from stations.ocpp.answers import apply_answer
from stations.ocpp.sending import request_command
from tests.factories.api import api_client
from tests.factories.core import make_operator
from tests.factories.customers import make_token
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def operator() -> Operator:
    operator = make_operator()
    make_token(operator=operator, uid="A-1")
    make_token(operator=operator, uid="B-1", expires_at=LATER, group_id="G")
    make_token(operator=operator, uid="LONGER-THAN-TWENTY-CHARS")
    return operator


def send(station: Station, accept: bool = True, **parameters: Any) -> dict[str, Any]:
    with operator_scope(station.operator):
        command: Command = request_command(
            station=station, command="send_local_list", parameters=parameters, by=SYSTEM
        )
        services.mark_sent(command, message_id="1", generation=1, bridge="b")
        services.mark_answered(command, {"status": "Accepted" if accept else "Failed"})
    apply_answer(command.pk)
    payload: dict[str, Any] = command.payload
    return payload


def tokens(payload: dict[str, Any]) -> list[str]:
    entries = payload.get("localAuthorizationList", [])
    return [e["idTag"] if "idTag" in e else e["idToken"]["idToken"] for e in entries]


def test_a_full_list_fits_the_version(operator: Operator) -> None:
    old = send(make_station(operator=operator))
    new = send(make_station(operator=operator, ocpp_version="2.0.1"))

    assert (old["listVersion"], old["updateType"], tokens(old)) == (1, "Full", ["A-1", "B-1"])
    assert old["localAuthorizationList"][1]["idTagInfo"] == {
        "status": "Accepted",
        "expiryDate": "2030-01-01T00:00:00.000Z",
        "parentIdTag": "G",
    }
    assert tokens(new) == ["A-1", "B-1", "LONGER-THAN-TWENTY-CHARS"]
    assert new["versionNumber"] == 1


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
def test_a_differential_update_carries_only_the_change(operator: Operator, version: str) -> None:
    station = make_station(operator=operator, ocpp_version=version)
    send(station)
    make_token(operator=operator, uid="C-1")
    with operator_scope(operator):
        IdToken.objects.filter(uid="A-1").update(status=TokenStatus.BLOCKED)
        IdToken.objects.filter(uid="B-1").update(group_id="H")

    change = send(station, update="differential")
    nothing = send(station, update="differential")

    assert change["updateType"] == "Differential"
    assert tokens(change) == ["A-1", "B-1", "C-1"]
    assert set(change["localAuthorizationList"][0]) <= {"idTag", "idToken"}
    assert tokens(nothing) == []
    number = "listVersion" if version == "1.6" else "versionNumber"
    assert (change[number], nothing[number]) == (2, 3)


def test_without_agreement_on_a_version_the_update_is_full(operator: Operator) -> None:
    station = make_station(operator=operator)

    first = send(station, accept=False, update="differential")
    second = send(station, update="differential")
    with operator_scope(operator):
        command = request_command(station=station, command="get_local_list_version", by=SYSTEM)
        services.mark_sent(command, message_id="1", generation=1, bridge="b")
        services.mark_answered(command, {"listVersion": 9})
    apply_answer(command.pk)
    third = send(station, update="differential")

    assert [p["updateType"] for p in (first, second, third)] == ["Full"] * 3
    assert [p["listVersion"] for p in (first, second, third)] == [1, 1, 10]


def test_a_list_of_the_callers_own_is_sent_as_given(operator: Operator) -> None:
    payload = send(
        make_station(operator=operator),
        version=1,
        entries=[{"id_token": "X", "status": "blocked"}],
    )

    assert payload["listVersion"] == 1
    assert tokens(payload) == ["X"]


def test_our_record_of_a_list_is_read_and_cleared(operator: Operator) -> None:
    station = make_station(operator=operator, identity="CP-1")
    client = api_client(operator)
    assert client.get("/api/v1/stations/CP-1/local-list").json()["version"] == 0
    send(station)

    held = client.get("/api/v1/stations/CP-1/local-list").json()
    cleared = client.delete("/api/v1/stations/CP-1/local-list")

    assert (held["version"], len(held["entries"])) == (1, 2)
    assert cleared.status_code == 200
    assert cleared.json()["version"] == 0
    assert client.get("/api/v1/stations/CP-1/local-list").json()["entries"] == []
