"""Schema verdicts: codes, paths, and that nothing can make them raise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.ocpp.wire import validators
from stations.ocpp.wire.tests.test_frames import JSON
from stations.ocpp.wire.validators import OK, Violation, actions, verdict


def violation(version: str, action: str, payload: Any) -> Violation:
    result = verdict(version, action, payload)
    assert isinstance(result, Violation)
    return result


def test_valid_payload_is_ok() -> None:
    assert verdict("1.6", "Authorize", {"idTag": "ABC"}) is OK
    assert verdict("2.0.1", "Heartbeat", {}) is OK
    assert verdict("1.6", "Heartbeat", {"currentTime": "yesterday"}, "response") is OK


@pytest.mark.parametrize(
    ("payload", "code", "path", "keyword"),
    [
        ({}, "ProtocolError", "", "required"),
        ({"idTag": 5}, "TypeConstraintViolation", "idTag", "type"),
        ({"idTag": "x" * 21}, "TypeConstraintViolation", "idTag", "maxLength"),
        ({"idTag": "x", "connectorId": 1}, "FormationViolation", "", "additionalProperties"),
        ([], "TypeConstraintViolation", "", "type"),
        (None, "TypeConstraintViolation", "", "type"),
    ],
)
def test_violation_of_1_6_says_where_and_what(
    payload: Any, code: str, path: str, keyword: str
) -> None:
    result = violation("1.6", "Authorize", payload)

    assert (result.code, result.path, result.keyword) == (code, path, keyword)


def test_path_leads_into_lists() -> None:
    payload = {"connectorId": 1, "meterValue": [{"timestamp": "t", "sampledValue": [{"value": 5}]}]}

    assert violation("1.6", "MeterValues", payload).path == "meterValue/0/sampledValue/0/value"


def test_enumeration_is_a_format_violation_in_2_x() -> None:
    assert violation("2.0.1", "Reset", {"type": "Soft"}).code == "FormatViolation"


def test_message_does_not_repeat_the_value() -> None:
    result = violation(
        "1.6", "ChangeConfiguration", {"key": "AuthorizationKey", "value": "s" * 999}
    )

    assert result.path == "value"
    assert "sss" not in result.message


@pytest.mark.parametrize(
    "action", ["Nonsense", "", "../Authorize", "AuthorizeResponse", "heartbeat"]
)
def test_unknown_action_is_not_implemented(action: str) -> None:
    assert violation("1.6", action, {}).code == "NotImplemented"
    assert not validators.is_known("1.6", action)


def test_unknown_version_knows_no_action() -> None:
    assert violation("1.5", "Heartbeat", {}).code == "NotImplemented"


def test_actions_of_each_version() -> None:
    assert {"StartTransaction", "SignedUpdateFirmware"} <= actions("1.6")
    assert {"TransactionEvent", "NotifyReport"} <= actions("2.0.1")
    assert "NotifyPeriodicEventStream" in actions("2.1")
    assert "TransactionEvent" not in actions("1.6")


def test_warm_up_compiles_every_schema() -> None:
    for version in ("1.6", "2.0.1", "2.1"):
        assert validators.warm_up(version) == len(validators.schema_names(version))


@pytest.mark.parametrize("payload", [{1: 2}, {"a": object()}, float("nan"), {"idTag": "\ud800"}])
def test_values_that_are_no_json_never_raise(payload: Any) -> None:
    assert verdict("1.6", "Authorize", payload) is not None


@settings(deadline=None)
@given(st.sampled_from(["1.6", "2.0.1", "2.1"]), JSON)
def test_verdict_never_raises(version: str, payload: Any) -> None:
    for action in ("MeterValues", "StatusNotification", "Authorize", "DataTransfer"):
        assert verdict(version, action, payload) is not None
