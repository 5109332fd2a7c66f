"""What the readers of boots, states, tokens and the rest hand on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from stations.ocpp.reading import read, reader
from stations.ocpp.reading.shapes import (
    AuthorizeRequest,
    Boot,
    FirmwareReport,
    Heartbeat,
    IdToken,
    LogReport,
    ReservationUpdate,
    SecurityEvent,
    StatusReport,
    Unreadable,
    VendorMessage,
)
from stations.ocpp.reading.tests.support import arrival

AT_RAW = "2026-03-01T11:00:00Z"
AT = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
CASES: list[tuple[str, str, Any, Any]] = [
    ("1.6", "Heartbeat", {}, Heartbeat()),
    ("1.6", "Heartbeat", None, Heartbeat()),
    ("1.6", "Heartbeat", [], Heartbeat(notes=("member_form",))),
    (
        "1.6",
        "BootNotification",
        {
            "chargePointVendor": "V",
            "chargePointModel": "M",
            "chargeBoxSerialNumber": "B",
            "firmwareVersion": "1.2",
            "iccid": "I",
            "imsi": "J",
            "meterType": "T",
            "meterSerialNumber": "N",
        },
        Boot(
            vendor="V",
            model="M",
            serial_number="B",
            firmware_version="1.2",
            iccid="I",
            imsi="J",
            meter_type="T",
            meter_serial_number="N",
        ),
    ),
    (
        "2.0.1",
        "BootNotification",
        {
            "reason": "PowerUp",
            "chargingStation": {
                "vendorName": "V",
                "model": "M",
                "serialNumber": "S",
                "firmwareVersion": "1.2",
                "modem": {"iccid": "I", "imsi": "J"},
            },
        },
        Boot(
            vendor="V",
            model="M",
            serial_number="S",
            firmware_version="1.2",
            iccid="I",
            imsi="J",
            reason="PowerUp",
        ),
    ),
    (
        "1.6",
        "StatusNotification",
        {
            "connectorId": 0,
            "errorCode": "NoError",
            "status": "Available",
            "info": "i",
            "vendorId": "v",
            "vendorErrorCode": "e",
        },
        StatusReport(
            evse=0,
            connector=0,
            status="available",
            status_raw="Available",
            at_raw="",
            at=None,
            error_code="NoError",
            info="i",
            vendor_id="v",
            vendor_error_code="e",
        ),
    ),
    (
        "1.6",
        "StatusNotification",
        {"connectorId": 2, "errorCode": "NoError", "status": "SuspendedEVSE", "timestamp": AT_RAW},
        StatusReport(
            evse=2,
            connector=1,
            status="suspended_evse",
            status_raw="SuspendedEVSE",
            at_raw=AT_RAW,
            at=AT,
            error_code="NoError",
        ),
    ),
    (
        "1.6",
        "StatusNotification",
        {"connectorId": 1, "status": "occupied"},
        StatusReport(
            evse=1,
            connector=1,
            status="occupied",
            status_raw="occupied",
            at_raw="",
            at=None,
            notes=("unknown_status",),
        ),
    ),
    (
        "2.0.1",
        "StatusNotification",
        {"timestamp": AT_RAW, "connectorStatus": "Occupied", "evseId": 1, "connectorId": 2},
        StatusReport(
            evse=1, connector=2, status="occupied", status_raw="Occupied", at_raw=AT_RAW, at=AT
        ),
    ),
    (
        "2.0.1",
        "StatusNotification",
        {"timestamp": AT_RAW, "connectorStatus": "Available", "evseId": 1},
        StatusReport(
            evse=1,
            connector=1,
            status="available",
            status_raw="Available",
            at_raw=AT_RAW,
            at=AT,
            notes=("connector_missing",),
        ),
    ),
    (
        "1.6",
        "Authorize",
        {"idTag": ""},
        AuthorizeRequest(token=IdToken(value=""), notes=("empty_id_token",)),
    ),
    (
        "2.0.1",
        "Authorize",
        {
            "idToken": {
                "idToken": "DE*ABC",
                "type": "eMAID",
                "additionalInfo": [{"additionalIdToken": "x", "type": "y"}],
            },
            "certificate": "PEM",
            "iso15118CertificateHashData": [{"serialNumber": "1"}],
        },
        AuthorizeRequest(
            token=IdToken(value="DE*ABC", type="eMAID", additional=(("x", "y"),)),
            certificate="PEM",
            certificate_hashes=({"serialNumber": "1"},),
        ),
    ),
    (
        "2.0.1",
        "Authorize",
        {"idToken": "ABC"},
        AuthorizeRequest(token=IdToken(value="ABC"), notes=("member_form",)),
    ),
    (
        "2.0.1",
        "Authorize",
        {"idToken": {"idToken": "", "type": "NoAuthorization"}},
        AuthorizeRequest(token=IdToken(value="", type="NoAuthorization")),
    ),
    (
        "1.6",
        "FirmwareStatusNotification",
        {"status": "Installed"},
        FirmwareReport(status="Installed"),
    ),
    (
        "1.6",
        "SignedFirmwareStatusNotification",
        {"status": "InvalidSignature", "requestId": 3},
        FirmwareReport(status="InvalidSignature", request_id=3),
    ),
    (
        "1.6",
        "DiagnosticsStatusNotification",
        {"status": "Uploaded"},
        LogReport(status="Uploaded"),
    ),
    (
        "2.0.1",
        "LogStatusNotification",
        {"status": "Uploading", "requestId": 3},
        LogReport(status="Uploading", request_id=3),
    ),
    (
        "1.6",
        "SecurityEventNotification",
        {"type": "TamperDetectionActivated", "timestamp": AT_RAW, "techInfo": "lid"},
        SecurityEvent(type="TamperDetectionActivated", at_raw=AT_RAW, at=AT, tech_info="lid"),
    ),
    (
        "1.6",
        "DataTransfer",
        {"vendorId": "V", "messageId": "M", "data": "d"},
        VendorMessage(vendor_id="V", message_id="M", data="d"),
    ),
    (
        "2.0.1",
        "DataTransfer",
        {"vendorId": "V", "data": {"a": [1]}},
        VendorMessage(vendor_id="V", data={"a": [1]}),
    ),
    (
        "2.0.1",
        "ReservationStatusUpdate",
        {"reservationId": 6, "reservationUpdateStatus": "Expired"},
        ReservationUpdate(reservation_id=6, status="Expired"),
    ),
]


@pytest.mark.parametrize(("version", "action", "payload", "expected"), CASES)
def test_message_is_read(version: str, action: str, payload: Any, expected: Any) -> None:
    assert read(action, payload, arrival(version)) == expected


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        ("1.6", "BootNotification", {}),
        ("2.0.1", "BootNotification", {"chargingStation": {}}),
        ("1.6", "StatusNotification", {"status": "Available"}),
        ("1.6", "StatusNotification", {"connectorId": -1, "status": "Available"}),
        ("1.6", "StatusNotification", {"connectorId": 1, "status": "Nonsense"}),
        ("2.0.1", "StatusNotification", {"connectorStatus": "Available"}),
        ("2.0.1", "StatusNotification", {"evseId": 1, "connectorStatus": ""}),
        ("1.6", "Authorize", {}),
        ("1.6", "Authorize", {"idTag": None}),
        ("2.0.1", "Authorize", {"idToken": {"type": "Central"}}),
        ("2.0.1", "Authorize", {"idToken": []}),
        ("1.6", "FirmwareStatusNotification", {}),
        ("1.6", "LogStatusNotification", {"status": ""}),
        ("1.6", "SecurityEventNotification", {"timestamp": AT_RAW}),
        ("1.6", "DataTransfer", {"data": "x"}),
        ("2.0.1", "NotifyReport", {"seqNo": 0}),
        ("2.0.1", "NotifyEvent", {"seqNo": 0}),
        ("2.0.1", "NotifyMonitoringReport", {}),
        ("2.0.1", "ReportChargingProfiles", {}),
        ("2.0.1", "ReservationStatusUpdate", {"reservationId": 1}),
        ("1.6", "SignCertificate", {"csr": "x"}),
    ],
)
def test_what_says_nothing_is_unreadable(version: str, action: str, payload: Any) -> None:
    result = read(action, payload, arrival(version))

    assert isinstance(result, Unreadable)
    assert result.reason


def test_unknown_action_has_no_reader() -> None:
    assert reader("1.6", "Nonsense") is None
    assert reader("0.9", "Heartbeat") is None
    assert reader("2.1", "Heartbeat") is not None


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "=HYPERLINK(1)", "'; DROP"])
def test_hostile_text_is_kept_as_text(hostile: str) -> None:
    boot = read(
        "BootNotification", {"chargePointVendor": hostile, "chargePointModel": "M"}, arrival()
    )

    assert boot == Boot(vendor=hostile, model="M")
