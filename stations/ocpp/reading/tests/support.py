"""What the tests of readers share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from stations.ocpp.reading import read
from stations.ocpp.reading.shapes import Arrival, SessionMessage
from stations.sessions.facts import Fact

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["", "NaN", "-1", "1e999", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)

START = {
    "connectorId": 1,
    "idTag": "ABC123",
    "meterStart": 1000,
    "timestamp": "2026-03-01T11:59:58Z",
}
STOP = {
    "transactionId": 7,
    "meterStop": 5000,
    "timestamp": "2026-03-01T11:59:58Z",
    "idTag": "ABC123",
    "reason": "EVDisconnected",
}
METER_VALUES = {
    "connectorId": 1,
    "transactionId": 7,
    "meterValue": [{"timestamp": "2026-03-01T11:59:58Z", "sampledValue": [{"value": "1500"}]}],
}
EVENT = {
    "eventType": "Started",
    "timestamp": "2026-03-01T11:59:58Z",
    "triggerReason": "Authorized",
    "seqNo": 0,
    "transactionInfo": {"transactionId": "T-1"},
    "evse": {"id": 1, "connectorId": 1},
    "idToken": {"idToken": "ABC123", "type": "ISO14443"},
}


def arrival(version: str = "1.6", station: str = "CS1") -> Arrival:
    return Arrival(station, version, NOW, STOCKHOLM)


def session(version: str, action: str, payload: Any) -> SessionMessage:
    message = read(action, payload, arrival(version))
    assert isinstance(message, SessionMessage), message
    return message


def fact(version: str, action: str, payload: Any) -> Fact:
    return session(version, action, payload).fact


def start(**changes: Any) -> Fact:
    return fact("1.6", "StartTransaction", START | changes)


def stop(**changes: Any) -> Fact:
    return fact("1.6", "StopTransaction", STOP | changes)


def event(**changes: Any) -> Fact:
    return fact("2.0.1", "TransactionEvent", EVENT | changes)


def meter_values(samples: Any, **changes: Any) -> Fact:
    value = [{"timestamp": "2026-03-01T11:59:58Z", "sampledValue": samples}]
    return fact("1.6", "MeterValues", METER_VALUES | {"meterValue": value} | changes)
