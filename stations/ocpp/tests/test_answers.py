"""What answers leave behind: reservations, lists, configuration, passwords."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from core.audit.services import SYSTEM
from core.tenancy.scopes import operator_scope
from stations.commands import services
from stations.hardware.models import DeviceVariable, Station
from stations.hardware.passwords import check_password
from stations.ocpp.answers import apply_answer
from stations.ocpp.models import LocalList, Reservation
from stations.ocpp.sending import request_raw
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


def dialogue(
    station: Station, action: str, payload: dict[str, Any], answer: dict[str, Any]
) -> None:
    """Send a message, have it answered, and apply the answer twice."""
    with operator_scope(station.operator):
        command = request_raw(station=station, action=action, payload=payload, by=SYSTEM)
        services.mark_sent(command, message_id="1", generation=1, bridge="bridge1")
        services.mark_answered(command, answer)
    apply_answer(command.pk)
    apply_answer(command.pk)


def reservation(station: Station) -> str:
    with operator_scope(station.operator):
        return str(Reservation.objects.get().state)


def values(station: Station) -> dict[str, str | None]:
    with operator_scope(station.operator):
        rows = DeviceVariable.objects.filter(station=station)
        return {str(row): row.value for row in rows}


RESERVE_16 = {
    "connectorId": 1,
    "expiryDate": "2030-01-01T00:00:00Z",
    "idTag": "A",
    "reservationId": 7,
}
RESERVE_201 = {
    "id": 7,
    "expiryDateTime": "2030-01-01T00:00:00Z",
    "idToken": {"idToken": "A", "type": "Central"},
}


@pytest.mark.parametrize(("version", "payload"), [("1.6", RESERVE_16), ("2.0.1", RESERVE_201)])
def test_a_reservation_follows_the_stations_answers(version: str, payload: dict[str, Any]) -> None:
    station = make_station(ocpp_version=version)

    dialogue(station, "ReserveNow", payload, {"status": "Accepted"})
    assert reservation(station) == "active"
    dialogue(station, "CancelReservation", {"reservationId": 7}, {"status": "Rejected"})
    assert reservation(station) == "active"
    dialogue(station, "CancelReservation", {"reservationId": 7}, {"status": "Accepted"})
    assert reservation(station) == "cancelled"
    dialogue(station, "ReserveNow", payload, {"status": "Faulted"})
    assert reservation(station) == "refused"


def test_a_local_list_is_what_the_station_accepted() -> None:
    station = make_station()
    full = {
        "listVersion": 3,
        "updateType": "Full",
        "localAuthorizationList": [
            {"idTag": "A", "idTagInfo": {"status": "Accepted"}},
            {"idTag": "B", "idTagInfo": {"status": "Accepted"}},
        ],
    }
    change = {
        "listVersion": 4,
        "updateType": "Differential",
        "localAuthorizationList": [
            {"idTag": "b"},
            {"idTag": "C", "idTagInfo": {"status": "Blocked"}},
        ],
    }

    dialogue(station, "SendLocalList", full, {"status": "Accepted"})
    dialogue(station, "SendLocalList", change, {"status": "VersionMismatch"})
    with operator_scope(station.operator):
        kept = LocalList.objects.get()
    assert (kept.version, [e["idTag"] for e in kept.entries]) == (3, ["A", "B"])

    dialogue(station, "SendLocalList", change, {"status": "Accepted"})
    dialogue(station, "GetLocalListVersion", {}, {"listVersion": -1})
    with operator_scope(station.operator):
        kept = LocalList.objects.get()
    assert (kept.version, kept.reported_version) == (4, -1)
    assert [e["idTag"] for e in kept.entries] == ["A", "C"]


def test_configuration_is_kept_as_read_and_as_changed() -> None:
    station = make_station()
    read = {
        "configurationKey": [
            {"key": "HeartbeatInterval", "readonly": False, "value": "60"},
            {"key": "NumberOfConnectors", "readonly": True, "value": "2"},
            {"key": "NumberOfConnectors", "readonly": True, "value": "3"},
        ]
    }

    dialogue(station, "GetConfiguration", {}, read)
    change = {"key": "HeartbeatInterval", "value": "120"}
    dialogue(station, "ChangeConfiguration", change, {"status": "Rejected"})
    assert values(station) == {".HeartbeatInterval": "60", ".NumberOfConnectors": "3"}

    dialogue(station, "ChangeConfiguration", change, {"status": "RebootRequired"})
    assert values(station)[".HeartbeatInterval"] == "120"
    with operator_scope(station.operator):
        row = DeviceVariable.objects.get(variable="NumberOfConnectors")
    assert row.mutability == "ReadOnly"


def test_variables_are_kept_as_read_and_as_set() -> None:
    station = make_station(ocpp_version="2.0.1")
    place = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
    other = {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "Power"}}

    dialogue(
        station,
        "GetVariables",
        {"getVariableData": [place, other]},
        {
            "getVariableResult": [
                {**place, "attributeStatus": "Accepted", "attributeValue": "60"},
                {**other, "attributeStatus": "UnknownVariable"},
            ]
        },
    )
    assert values(station) == {"OCPPCommCtrlr.HeartbeatInterval": "60"}

    dialogue(
        station,
        "SetVariables",
        {
            "setVariableData": [
                {**place, "attributeValue": "120"},
                {**other, "attributeValue": "9"},
            ]
        },
        {
            "setVariableResult": [
                {**place, "attributeStatus": "Rejected"},
                {**other, "attributeStatus": "Accepted"},
            ]
        },
    )
    assert values(station) == {"OCPPCommCtrlr.HeartbeatInterval": "60", "EVSE.Power": "9"}


def holds(station: Station, password: str) -> bool:
    with operator_scope(station.operator):
        station.refresh_from_db()
    return check_password(password.encode(), station.password_digest, settings.STATION_KEY)


def test_a_new_password_counts_only_once_it_was_accepted() -> None:
    station, secret = make_station(), "0123456789abcdef0123456789abcdef01234567"
    change = {"key": "AuthorizationKey", "value": secret}

    dialogue(station, "ChangeConfiguration", change, {"status": "Rejected"})
    assert not holds(station, secret)
    dialogue(station, "ChangeConfiguration", change, {"status": "Accepted"})
    assert holds(station, secret)


def test_a_new_password_of_2_x_counts_only_once_it_was_accepted() -> None:
    station, secret = make_station(ocpp_version="2.0.1"), "a-long-enough-password"
    place = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
    payload = {"setVariableData": [{**place, "attributeValue": secret}]}

    for status in ("Rejected", "Accepted"):
        answer = {"setVariableResult": [{**place, "attributeStatus": status}]}
        dialogue(station, "SetVariables", payload, answer)
        assert holds(station, secret) == (status == "Accepted")


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        ("GetConfiguration", {"configurationKey": "x"}),
        ("GetConfiguration", {"configurationKey": [None, {"key": 5}, {"key": "A", "value": 5}]}),
        ("GetLocalListVersion", {"listVersion": "x"}),
        ("GetLocalListVersion", {"listVersion": 10**30}),
    ],
)
def test_nonsense_in_an_answer_does_no_harm(action: str, answer: dict[str, Any]) -> None:
    station = make_station()

    dialogue(station, action, {}, answer)

    assert set(values(station).values()) <= {None}
