"""What the readers of device models, events, monitors and charging profiles hand on."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from stations.ocpp.reading import read
from stations.ocpp.reading.device_shapes import (
    Attribute,
    DeviceEvent,
    DeviceReport,
    EventReport,
    Monitor,
    MonitoringReport,
    ProfileReport,
    Variable,
    VariableName,
)
from stations.ocpp.reading.tests.support import arrival

AT_RAW = "2026-03-01T11:00:00Z"
AT = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
POWER = {
    "component": {"name": "EVSE", "instance": "i", "evse": {"id": 1, "connectorId": 2}},
    "variable": {"name": "Power", "instance": "j"},
}
POWER_NAME = VariableName(
    component="EVSE",
    variable="Power",
    component_instance="i",
    variable_instance="j",
    evse=1,
    connector=2,
)


CASES: list[tuple[str, str, Any, Any]] = [
    (
        "2.0.1",
        "NotifyReport",
        {
            "requestId": 4,
            "generatedAt": AT_RAW,
            "seqNo": 1,
            "tbc": True,
            "reportData": [
                POWER
                | {
                    "variableAttribute": [
                        {"value": "11000", "mutability": "ReadOnly", "persistent": True},
                        {"type": "MaxSet", "constant": True},
                    ],
                    "variableCharacteristics": {
                        "dataType": "decimal",
                        "unit": "W",
                        "maxLimit": 22000,
                        "supportsMonitoring": True,
                    },
                },
                {"component": {"name": "Nameless"}},
            ],
        },
        DeviceReport(
            request_id=4,
            seq_no=1,
            is_last=False,
            generated_at=AT,
            variables=(
                Variable(
                    name=POWER_NAME,
                    attributes=(
                        Attribute(value="11000", mutability="ReadOnly", persistent=True),
                        Attribute(type="MaxSet", constant=True),
                    ),
                    data_type="decimal",
                    unit="W",
                    max_limit=Decimal(22000),
                    supports_monitoring=True,
                ),
            ),
            notes=("member_form",),
        ),
    ),
    (
        "2.0.1",
        "NotifyEvent",
        {
            "generatedAt": AT_RAW,
            "seqNo": 0,
            "eventData": [
                POWER
                | {
                    "eventId": 9,
                    "timestamp": AT_RAW,
                    "trigger": "Alerting",
                    "eventNotificationType": "HardWiredNotification",
                    "actualValue": "Faulted",
                    "cause": 8,
                    "cleared": True,
                    "techCode": "E1",
                    "techInfo": "hot",
                    "transactionId": "T",
                    "variableMonitoringId": 2,
                }
            ],
        },
        EventReport(
            seq_no=0,
            is_last=True,
            generated_at=AT,
            events=(
                DeviceEvent(
                    name=POWER_NAME,
                    event_id=9,
                    at_raw=AT_RAW,
                    at=AT,
                    trigger="Alerting",
                    notification_type="HardWiredNotification",
                    actual_value="Faulted",
                    cause=8,
                    is_cleared=True,
                    tech_code="E1",
                    tech_info="hot",
                    transaction="T",
                    monitor_id=2,
                ),
            ),
        ),
    ),
    (
        "2.0.1",
        "NotifyMonitoringReport",
        {
            "requestId": 4,
            "seqNo": 0,
            "generatedAt": AT_RAW,
            "monitor": [
                POWER
                | {
                    "variableMonitoring": [
                        {
                            "id": 1,
                            "transaction": True,
                            "value": 5.5,
                            "type": "UpperThreshold",
                            "severity": 3,
                        }
                    ]
                },
                {"variableMonitoring": [{"id": 2}]},
            ],
        },
        MonitoringReport(
            request_id=4,
            seq_no=0,
            is_last=True,
            generated_at=AT,
            monitors=(
                Monitor(
                    name=POWER_NAME,
                    id=1,
                    type="UpperThreshold",
                    value=Decimal("5.5"),
                    severity=3,
                    only_in_transaction=True,
                ),
            ),
            notes=("member_form",),
        ),
    ),
    (
        "2.0.1",
        "ReportChargingProfiles",
        {
            "requestId": 4,
            "chargingLimitSource": "CSO",
            "evseId": 1,
            "chargingProfile": [{"id": 5}],
        },
        ProfileReport(
            request_id=4, evse=1, limit_source="CSO", is_last=True, profiles=({"id": 5},)
        ),
    ),
]


@pytest.mark.parametrize(("version", "action", "payload", "expected"), CASES)
def test_message_is_read(version: str, action: str, payload: Any, expected: Any) -> None:
    assert read(action, payload, arrival(version)) == expected
