"""Commands become the right messages, and the messages keep to the schema."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.ocpp.outbound import COMMANDS, CommandParameterError, build, commands_of
from stations.ocpp.reading.tests.support import JSON

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AT_WIRE = "2026-03-01T12:00:00.000Z"
PROFILE = {
    "id": 5,
    "purpose": "tx_default",
    "unit": "A",
    "stack_level": 2,
    "start_at": "2026-03-01T13:00:00+01:00",
    "duration_s": 3600,
    "periods": [
        {"start_s": 0, "limit": Decimal("16.19"), "phases": 3},
        {"start_s": 60, "limit": 0},
    ],
}
TOKEN = {"idToken": "ABC", "type": "ISO14443"}

CASES: list[tuple[str, str, dict[str, Any], str, dict[str, Any]]] = [
    ("1.6", "reset", {"type": "soft"}, "Reset", {"type": "Soft"}),
    ("1.6", "reset", {"type": "immediate"}, "Reset", {"type": "Hard"}),
    ("2.0.1", "reset", {"type": "OnIdle"}, "Reset", {"type": "OnIdle"}),
    ("2.0.1", "reset", {"type": "hard", "evse": 2}, "Reset", {"type": "Immediate", "evseId": 2}),
    (
        "1.6",
        "change_availability",
        {"operative": False, "connectorId": 1},
        "ChangeAvailability",
        {"connectorId": 1, "type": "Inoperative"},
    ),
    (
        "1.6",
        "change_availability",
        {"type": "Operative"},
        "ChangeAvailability",
        {"connectorId": 0, "type": "Operative"},
    ),
    (
        "2.0.1",
        "change_availability",
        {"operative": True, "evse": 1, "connector": 2},
        "ChangeAvailability",
        {"operationalStatus": "Operative", "evse": {"id": 1, "connectorId": 2}},
    ),
    (
        "2.0.1",
        "change_availability",
        {"operative": "false", "evse": 0},
        "ChangeAvailability",
        {"operationalStatus": "Inoperative"},
    ),
    ("1.6", "unlock_connector", {"evse": 1}, "UnlockConnector", {"connectorId": 1}),
    (
        "2.0.1",
        "unlock_connector",
        {"evseId": 3},
        "UnlockConnector",
        {"evseId": 3, "connectorId": 1},
    ),
    (
        "1.6",
        "remote_start",
        {"idTag": "ABC", "connectorId": 99},
        "RemoteStartTransaction",
        {"idTag": "ABC", "connectorId": 99},
    ),
    (
        "2.0.1",
        "remote_start",
        {"id_token": "ABC", "evse": 1, "remote_start_id": 7, "group_id_token": "G"},
        "RequestStartTransaction",
        {
            "remoteStartId": 7,
            "idToken": TOKEN,
            "evseId": 1,
            "groupIdToken": {"idToken": "G", "type": "Central"},
        },
    ),
    ("1.6", "remote_stop", {"transaction": "12"}, "RemoteStopTransaction", {"transactionId": 12}),
    (
        "2.0.1",
        "remote_stop",
        {"transaction_id": "T-1"},
        "RequestStopTransaction",
        {"transactionId": "T-1"},
    ),
    (
        "1.6",
        "trigger_message",
        {"message": "StatusNotification", "connectorId": 1},
        "TriggerMessage",
        {"requestedMessage": "StatusNotification", "connectorId": 1},
    ),
    (
        "1.6",
        "trigger_message",
        {"message": "log_status"},
        "ExtendedTriggerMessage",
        {"requestedMessage": "LogStatusNotification"},
    ),
    (
        "2.0.1",
        "trigger_message",
        {"message": "status", "evse": 1},
        "TriggerMessage",
        {"requestedMessage": "StatusNotification", "evse": {"id": 1, "connectorId": 1}},
    ),
    ("1.6", "get_configuration", {}, "GetConfiguration", {}),
    (
        "1.6",
        "get_configuration",
        {"keys": "HeartbeatInterval, MeterValueSampleInterval"},
        "GetConfiguration",
        {"key": ["HeartbeatInterval", "MeterValueSampleInterval"]},
    ),
    (
        "2.0.1",
        "get_configuration",
        {"keys": ["OCPPCommCtrlr.HeartbeatInterval"], "attribute": "target"},
        "GetVariables",
        {
            "getVariableData": [
                {
                    "component": {"name": "OCPPCommCtrlr"},
                    "variable": {"name": "HeartbeatInterval"},
                    "attributeType": "Target",
                }
            ]
        },
    ),
    (
        "1.6",
        "set_configuration",
        {"key": "HeartbeatInterval", "value": 300},
        "ChangeConfiguration",
        {"key": "HeartbeatInterval", "value": "300"},
    ),
    (
        "2.0.1",
        "set_configuration",
        {"key": "OCPPCommCtrlr.HeartbeatInterval", "value": "300"},
        "SetVariables",
        {
            "setVariableData": [
                {
                    "attributeValue": "300",
                    "component": {"name": "OCPPCommCtrlr"},
                    "variable": {"name": "HeartbeatInterval"},
                }
            ]
        },
    ),
    (
        "2.0.1",
        "set_configuration",
        {
            "items": [
                {"component": "EVSE", "variable": "Power", "evse": 2, "value": "11000"},
                {"key": "A.B", "value": ""},
            ]
        },
        "SetVariables",
        {
            "setVariableData": [
                {
                    "attributeValue": "11000",
                    "component": {"name": "EVSE", "evse": {"id": 2}},
                    "variable": {"name": "Power"},
                },
                {"attributeValue": "", "component": {"name": "A"}, "variable": {"name": "B"}},
            ]
        },
    ),
    (
        "2.0.1",
        "get_base_report",
        {"request_id": 4, "report": "summary"},
        "GetBaseReport",
        {"requestId": 4, "reportBase": "SummaryInventory"},
    ),
    ("2.0.1", "get_transaction_status", {}, "GetTransactionStatus", {}),
    (
        "1.6",
        "send_local_list",
        {
            "version": 3,
            "update": "differential",
            "entries": [
                {"id_token": "A", "status": "accepted", "expires_at": AT, "group_id_token": "G"},
                {"id_token": "B"},
            ],
        },
        "SendLocalList",
        {
            "listVersion": 3,
            "updateType": "Differential",
            "localAuthorizationList": [
                {
                    "idTag": "A",
                    "idTagInfo": {"status": "Accepted", "expiryDate": AT_WIRE, "parentIdTag": "G"},
                },
                {"idTag": "B"},
            ],
        },
    ),
    (
        "2.0.1",
        "send_local_list",
        {"version": 1, "entries": []},
        "SendLocalList",
        {"versionNumber": 1, "updateType": "Full"},
    ),
    (
        "2.0.1",
        "send_local_list",
        {"version": 1, "entries": [{"id_token": "ABC", "status": "blocked"}]},
        "SendLocalList",
        {
            "versionNumber": 1,
            "updateType": "Full",
            "localAuthorizationList": [{"idToken": TOKEN, "idTokenInfo": {"status": "Blocked"}}],
        },
    ),
    ("1.6", "get_local_list_version", {}, "GetLocalListVersion", {}),
    ("2.0.1", "clear_cache", {}, "ClearCache", {}),
    (
        "1.6",
        "set_charging_profile",
        {"evse": 1, "profile": PROFILE},
        "SetChargingProfile",
        {
            "connectorId": 1,
            "csChargingProfiles": {
                "chargingProfileId": 5,
                "stackLevel": 2,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Absolute",
                "chargingSchedule": {
                    "startSchedule": AT_WIRE,
                    "duration": 3600,
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [
                        {"startPeriod": 0, "limit": 16.1, "numberPhases": 3},
                        {"startPeriod": 60, "limit": 0},
                    ],
                },
            },
        },
    ),
    (
        "1.6",
        "clear_charging_profile",
        {"purpose": "station_max", "stack_level": 1},
        "ClearChargingProfile",
        {"chargingProfilePurpose": "ChargePointMaxProfile", "stackLevel": 1},
    ),
    (
        "2.0.1",
        "clear_charging_profile",
        {"profile_id": 5},
        "ClearChargingProfile",
        {"chargingProfileId": 5},
    ),
    (
        "2.0.1",
        "clear_charging_profile",
        {"evse": 1, "purpose": "station_max"},
        "ClearChargingProfile",
        {
            "chargingProfileCriteria": {
                "evseId": 1,
                "chargingProfilePurpose": "ChargingStationMaxProfile",
            }
        },
    ),
    (
        "2.0.1",
        "get_charging_profiles",
        {"request_id": 2, "profile_ids": [5]},
        "GetChargingProfiles",
        {"requestId": 2, "chargingProfile": {"chargingProfileId": [5]}},
    ),
    (
        "1.6",
        "get_composite_schedule",
        {"evse": 1, "duration_s": 60, "unit": "W"},
        "GetCompositeSchedule",
        {"connectorId": 1, "duration": 60, "chargingRateUnit": "W"},
    ),
    (
        "1.6",
        "get_log",
        {"url": "https://example.org/up", "retries": 2},
        "GetDiagnostics",
        {"location": "https://example.org/up", "retries": 2},
    ),
    (
        "1.6",
        "get_log",
        {"log": "security", "url": "https://example.org/up", "request_id": 8},
        "GetLog",
        {
            "logType": "SecurityLog",
            "requestId": 8,
            "log": {"remoteLocation": "https://example.org/up"},
        },
    ),
    (
        "2.0.1",
        "get_log",
        {"url": "https://example.org/up", "request_id": 8, "from_at": AT},
        "GetLog",
        {
            "logType": "DiagnosticsLog",
            "requestId": 8,
            "log": {"remoteLocation": "https://example.org/up", "oldestTimestamp": AT_WIRE},
        },
    ),
    (
        "1.6",
        "update_firmware",
        {"url": "https://example.org/f", "retrieve_at": AT},
        "UpdateFirmware",
        {"location": "https://example.org/f", "retrieveDate": AT_WIRE},
    ),
    (
        "1.6",
        "update_firmware",
        {
            "url": "https://example.org/f",
            "retrieve_at": AT,
            "signature": "sig",
            "signing_certificate": "cert",
            "request_id": 1,
        },
        "SignedUpdateFirmware",
        {
            "requestId": 1,
            "firmware": {
                "location": "https://example.org/f",
                "retrieveDateTime": AT_WIRE,
                "signingCertificate": "cert",
                "signature": "sig",
            },
        },
    ),
    (
        "1.6",
        "reserve_now",
        {"reservation_id": 6, "id_token": "ABC", "expires_at": AT, "evse": 1},
        "ReserveNow",
        {"connectorId": 1, "expiryDate": AT_WIRE, "idTag": "ABC", "reservationId": 6},
    ),
    (
        "2.0.1",
        "reserve_now",
        {
            "reservation_id": 6,
            "id_token": "ABC",
            "expires_at": AT,
            "connector_type": "ctype2",
        },
        "ReserveNow",
        {"id": 6, "expiryDateTime": AT_WIRE, "idToken": TOKEN, "connectorType": "cType2"},
    ),
    (
        "2.0.1",
        "cancel_reservation",
        {"reservation_id": 6},
        "CancelReservation",
        {"reservationId": 6},
    ),
    (
        "2.0.1",
        "set_network_profile",
        {"slot": 1, "url": "wss://example.org/ocpp", "security_profile": 2},
        "SetNetworkProfile",
        {
            "configurationSlot": 1,
            "connectionData": {
                "ocppVersion": "OCPP20",
                "ocppTransport": "JSON",
                "ocppCsmsUrl": "wss://example.org/ocpp",
                "messageTimeout": 30,
                "securityProfile": 2,
                "ocppInterface": "Wired0",
            },
        },
    ),
    (
        "1.6",
        "data_transfer",
        {"vendor_id": "V", "message_id": "M", "data": {"a": 1}},
        "DataTransfer",
        {"vendorId": "V", "messageId": "M", "data": '{"a":1}'},
    ),
    (
        "2.0.1",
        "data_transfer",
        {"vendorId": "V", "data": {"a": 1}},
        "DataTransfer",
        {"vendorId": "V", "data": {"a": 1}},
    ),
]


@pytest.mark.parametrize(("version", "command", "parameters", "action", "payload"), CASES)
def test_command_becomes_the_message(
    version: str, command: str, parameters: dict[str, Any], action: str, payload: dict[str, Any]
) -> None:
    assert build(command, parameters, version) == (action, payload)


def test_every_command_has_a_case_in_every_version_but_2_1() -> None:
    seen = {(version, command) for version, command, *_ in CASES}

    assert {command for _, command in seen} == set(COMMANDS)


def test_profile_of_2_0_1_is_a_list_of_schedules_with_ids() -> None:
    _, payload = build("set_charging_profile", {"evse": 1, "profile": PROFILE}, "2.0.1")

    profile = payload["chargingProfile"]
    assert profile["id"] == 5
    assert [schedule["id"] for schedule in profile["chargingSchedule"]] == [5]


def test_profile_in_the_form_of_ocpp_is_passed_on() -> None:
    _, made = build("set_charging_profile", {"evse": 1, "profile": PROFILE}, "2.0.1")

    _, passed = build(
        "set_charging_profile", {"evse": 1, "profile": made["chargingProfile"]}, "2.0.1"
    )

    assert passed == made


@pytest.mark.parametrize(
    ("version", "command", "parameters", "field", "code"),
    [
        ("1.6", "explode", {}, "", "unknown_command"),
        ("1.6", "get_base_report", {"request_id": 1}, "", "version"),
        ("1.6", "reset", {}, "type", "required"),
        ("1.6", "reset", {"type": None}, "type", "required"),
        ("1.6", "reset", {"type": "gently"}, "type", "choice"),
        ("1.6", "reset", {"type": 5}, "type", "choice"),
        ("1.6", "reset", {"type": "soft", "evse": 1}, "evse", "version"),
        ("1.6", "reset", {"type": "soft", "when": "now"}, "when", "unknown"),
        ("1.6", "unlock_connector", {"evse": "one"}, "evse", "type"),
        ("1.6", "unlock_connector", {"evse": True}, "evse", "type"),
        ("1.6", "remote_stop", {"transaction": "T-1"}, "transaction", "type"),
        ("1.6", "remote_start", {"id_token": "x" * 21}, "idTag", "schema"),
        ("1.6", "remote_start", {"id_token": "a\x00b"}, "id_token", "type"),
        ("2.0.1", "remote_start", {"id_token": "A"}, "remote_start_id", "required"),
        ("1.6", "trigger_message", {"message": "transaction_event"}, "message", "choice"),
        ("2.0.1", "get_configuration", {}, "keys", "required"),
        ("2.0.1", "get_configuration", {"keys": ["NoDot"]}, "keys", "type"),
        ("2.0.1", "get_configuration", {"keys": [5]}, "keys", "type"),
        ("1.6", "set_configuration", {"value": "x"}, "key", "required"),
        ("2.0.1", "set_configuration", {"items": [5]}, "items", "type"),
        ("1.6", "reserve_now", {"reservation_id": 1, "id_token": "A"}, "expires_at", "required"),
        (
            "1.6",
            "update_firmware",
            {"url": "x", "retrieve_at": "2026-03-01T12:00:00"},
            "retrieve_at",
            "type",
        ),
        (
            "1.6",
            "update_firmware",
            {"url": "x", "retrieve_at": datetime(2026, 3, 1)},  # noqa: DTZ001 - refused
            "retrieve_at",
            "type",
        ),
        ("2.0.1", "get_log", {"url": "x"}, "request_id", "required"),
        ("1.6", "set_charging_profile", {"profile": 5}, "profile", "type"),
        ("1.6", "set_charging_profile", {"profile": {"id": 1}}, "purpose", "required"),
        (
            "1.6",
            "set_charging_profile",
            {"profile": PROFILE | {"purpose": "external"}},
            "purpose",
            "choice",
        ),
        ("1.6", "set_charging_profile", {"profile": PROFILE | {"periods": [1]}}, "periods", "type"),
        ("1.6", "send_local_list", {"version": 1, "entries": ["A"]}, "entries", "type"),
    ],
)
def test_bad_parameter_is_named(
    version: str, command: str, parameters: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(CommandParameterError) as caught:
        build(command, parameters, version)

    assert (caught.value.field, caught.value.code) == (field, code)
    assert caught.value.message


def test_table_names_every_command_with_its_consequence() -> None:
    for name, command in COMMANDS.items():
        assert command.name == name
        assert bool(command.consequence) == command.is_dangerous
        assert all(bool(p.choices) == (p.kind == "choice") for p in command.parameters)
    assert "get_base_report" not in {command.name for command in commands_of("1.6")}
    assert len(commands_of("2.0.1")) == len(COMMANDS)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(COMMANDS)),
    st.sampled_from(["1.6", "2.0.1", "2.1"]),
    st.data(),
)
def test_any_parameters_give_a_valid_message_or_a_clear_error(
    command: str, version: str, data: st.DataObject
) -> None:
    names = [parameter.name for parameter in COMMANDS[command].parameters] or ["none"]
    parameters = data.draw(st.dictionaries(st.sampled_from(names), JSON, max_size=8))

    error: CommandParameterError | None = None
    action = ""
    payload: dict[str, Any] = {}
    try:
        action, payload = build(command, parameters, version)
    except CommandParameterError as caught:
        error = caught

    assert bool(action) if error is None else bool(error.message)
    assert None not in payload.values()


@pytest.mark.parametrize(
    ("version", "command", "parameters", "field"),
    [
        ("1.6", "change_availability", {"operative": "perhaps"}, "operative"),
        ("2.0.1", "get_configuration", {"keys": 5}, "keys"),
        ("2.0.1", "get_configuration", {"keys": [{"component": "A"}]}, "keys"),
        ("1.6", "set_charging_profile", {"profile": PROFILE | {"transaction": "T"}}, "transaction"),
        (
            "1.6",
            "set_charging_profile",
            {"profile": PROFILE | {"periods": [{"start_s": 0, "limit": "x"}]}},
            "limit",
        ),
    ],
)
def test_value_of_the_wrong_kind_is_named(
    version: str, command: str, parameters: dict[str, Any], field: str
) -> None:
    with pytest.raises(CommandParameterError) as caught:
        build(command, parameters, version)

    assert (caught.value.field, caught.value.code) == (field, "type")


def test_profile_of_a_transaction_names_it_in_the_form_of_the_version() -> None:
    profile = PROFILE | {"purpose": "tx", "transaction": "12"}

    _, older = build("set_charging_profile", {"evse": 1, "profile": profile}, "1.6")
    _, newer = build("set_charging_profile", {"evse": 1, "profile": profile}, "2.0.1")

    assert older["csChargingProfiles"]["transactionId"] == 12
    assert newer["chargingProfile"]["transactionId"] == "12"


def test_variable_in_the_form_of_ocpp_is_passed_on() -> None:
    key = {"component": {"name": "A"}, "variable": {"name": "B"}, "surplus": 1}

    _, payload = build("get_configuration", {"keys": [key]}, "2.0.1")

    assert payload == {"getVariableData": [{"component": {"name": "A"}, "variable": {"name": "B"}}]}
