"""The measured mix of 2.0.1: per ten calls 2 Heartbeat, 2 StatusNotification, 1 Started,
4 Updated with one meter value, 1 Ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _call(number: int, action: str, payload: dict[str, object]) -> bytes:
    return orjson.dumps([2, f"{number}", action, payload])


def _status(number: int, status: str) -> bytes:
    return _call(
        number,
        "StatusNotification",
        {"timestamp": _now(), "connectorStatus": status, "evseId": 1, "connectorId": 1},
    )


def _event(number: int, kind: str, seq: int, transaction: str, **more: object) -> bytes:
    return _call(
        number,
        "TransactionEvent",
        {
            "eventType": kind,
            "timestamp": _now(),
            "triggerReason": "MeterValuePeriodic" if kind == "Updated" else "Authorized",
            "seqNo": seq,
            "transactionInfo": {"transactionId": transaction, "chargingState": "Charging"},
            **more,
        },
    )


def calls(token: str) -> Iterator[bytes]:
    """Calls of one station for ever; every one is a new fact."""
    number, register = 0, 1000
    while True:
        transaction = uuid.uuid4().hex
        sequence: list[tuple[str, dict[str, object]]] = []
        for index in range(10):
            number += 1
            if index in (0, 5):
                yield _call(number, "Heartbeat", {})
            elif index == 1:
                yield _status(number, "Occupied")
            elif index == 9:
                yield _status(number, "Available")
            else:
                seq = len(sequence)
                kind = "Started" if seq == 0 else "Ended" if index == 8 else "Updated"
                more: dict[str, object] = {}
                if kind == "Started":
                    more = {
                        "evse": {"id": 1, "connectorId": 1},
                        "idToken": {"idToken": token, "type": "ISO14443"},
                    }
                elif kind == "Updated":
                    register += 150
                    more = {"meterValue": [_meter_value(register)]}
                sequence.append((kind, more))
                yield _event(number, kind, seq, transaction, **more)


def _meter_value(register: int) -> dict[str, object]:
    return {
        "timestamp": _now(),
        "sampledValue": [
            {
                "value": register,
                "measurand": "Energy.Active.Import.Register",
                "context": "Sample.Periodic",
            }
        ],
    }
