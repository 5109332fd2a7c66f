"""Messages that a CSMS sends, checked against their schema only; and what answers say."""

from __future__ import annotations

from typing import Any

import pytest

from stations.ocpp.outbound import actions, answer_status, check_raw
from stations.ocpp.wire.validators import actions as all_actions


def test_messages_to_stations_are_not_those_from_stations() -> None:
    assert len(actions("1.6")) == 26
    assert "DataTransfer" in actions("1.6") & actions("2.0.1") & actions("2.1")
    assert "StartTransaction" not in actions("1.6")
    assert "TransactionEvent" not in actions("2.0.1")
    assert actions("2.0.1") < actions("2.1") < all_actions("2.1")
    assert actions("1.5") == frozenset()


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        ("1.6", "RemoteStartTransaction", {"idTag": "A", "connectorId": 99}),
        ("1.6", "CancelReservation", {"reservationId": -7}),
        ("2.0.1", "Reset", {"type": "Immediate", "evseId": 9}),
        (
            "2.0.1",
            "SetDisplayMessage",
            {
                "message": {
                    "id": 1,
                    "priority": "InFront",
                    "message": {"format": "UTF8", "content": "x"},
                }
            },
        ),
    ],
)
def test_what_only_the_station_can_refuse_is_let_through(
    version: str, action: str, payload: dict[str, Any]
) -> None:
    assert check_raw(version, action, payload) is None


@pytest.mark.parametrize(
    ("version", "action", "payload", "code"),
    [
        ("1.6", "Reset", {"type": "Immediate"}, "FormationViolation"),
        ("2.0.1", "Reset", {"type": "Soft"}, "FormatViolation"),
        ("1.6", "Reset", {}, "ProtocolError"),
        ("1.6", "Reset", None, "TypeConstraintViolation"),
        ("1.6", "StartTransaction", {}, "NotImplemented"),
        ("1.6", "GetVariables", {}, "NotImplemented"),
        ("1.5", "Reset", {"type": "Soft"}, "NotImplemented"),
    ],
)
def test_what_the_schema_forbids_is_refused(
    version: str, action: str, payload: Any, code: str
) -> None:
    violation = check_raw(version, action, payload)

    assert violation is not None
    assert violation.code == code


@pytest.mark.parametrize(
    ("action", "payload", "status"),
    [
        ("Reset", {"status": "Accepted"}, "Accepted"),
        ("GetConfiguration", {"configurationKey": []}, None),
        ("Reset", {"status": 5}, None),
        ("Reset", None, None),
        ("Reset", [], None),
        (
            "SetVariables",
            {
                "setVariableResult": [
                    {"attributeStatus": "Accepted"},
                    {"attributeStatus": "RebootRequired"},
                ]
            },
            "RebootRequired",
        ),
        ("GetVariables", {"getVariableResult": [{"attributeStatus": "Accepted"}]}, "Accepted"),
        ("GetVariables", {"getVariableResult": [5, {}]}, None),
        ("GetVariables", {"getVariableResult": "x"}, None),
    ],
)
def test_answer_says_its_status(action: str, payload: Any, status: str | None) -> None:
    assert answer_status(action, payload) == status
