"""Every command in every version: parameters in, action and payload out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stations.ocpp.outbound.tests.charging_cases import AT_WIRE, CHARGING_CASES

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
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
        "2.0.1",
        "show_cost",
        {"transaction": "T-1", "amount": "12.50"},
        "CostUpdated",
        {"totalCost": 12.5, "transactionId": "T-1"},
    ),
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
    *CHARGING_CASES,
]
