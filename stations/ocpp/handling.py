"""What handlers of all versions share: reading, and the writes of each kind of message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stations.ocpp.authorisation.protocol import Decision
from stations.ocpp.bridge.inbound import Inbound
from stations.ocpp.reading import read
from stations.ocpp.reading.shapes import Arrival, IdToken, StatusReport
from stations.ocpp.wire.masking import mask
from stations.ocpp.writes.base import Write
from stations.ocpp.writes.hardware import StatusWrite
from stations.ocpp.writes.records import AttemptWrite, EventWrite


def read_message(call: Inbound) -> Any:
    """The call as one of ``reading.shapes``."""
    station = call.station
    return read(
        call.action,
        call.payload,
        Arrival(station.identity, call.version, call.received_at, station.zone),
    )


def timestamp(at: datetime) -> str:
    """An instant as OCPP writes it: UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def ask(
    call: Inbound, token: IdToken, *, evse_number: int | None, at: datetime, kind: str
) -> tuple[Decision, AttemptWrite]:
    """Decide about a token, and the attempt to keep."""
    decision = await call.authorise(
        call.station,
        id_token=token.value,
        id_token_type=token.type,
        evse_number=evse_number,
        at=at,
        kind=kind,
    )
    attempt = AttemptWrite(
        operator_id=call.station.operator_id,
        station_id=call.station.id,
        evse_number=evse_number,
        at=at,
        kind=kind,
        id_token=token.value,
        id_token_type=token.type,
        decision=decision.status,
        reason_code=decision.reason_code,
        token_snapshot=decision.snapshot,
    )
    return decision, attempt


def status_write(call: Inbound, report: StatusReport) -> StatusWrite:
    """Journal entry and state of a reported status."""
    return StatusWrite(
        operator_id=call.station.operator_id,
        station_id=call.station.id,
        generation=call.generation,
        received_at=call.received_at,
        evse_number=max(report.evse, 0),
        connector_number=max(report.connector, 0),
        status=report.status,
        status_raw=report.status_raw,
        error_code=report.error_code,
        vendor_error_code=report.vendor_error_code,
        vendor_id=report.vendor_id,
        info=report.info,
        station_at=report.at,
        station_at_raw=report.at_raw,
    )


def event_write(
    call: Inbound,
    kind: str,
    name: str,
    *,
    data: dict[str, Any] | None = None,
    station_at: datetime | None = None,
    severity: int | None = None,
    request_number: int | None = None,
) -> Write:
    """A station event; ``data`` defaults to the payload."""
    payload = call.payload if isinstance(call.payload, dict) else {"value": call.payload}
    return EventWrite(
        operator_id=call.station.operator_id,
        station_id=call.station.id,
        received_at=call.received_at,
        station_at=station_at,
        kind=kind,
        name=name,
        severity=severity,
        request_number=request_number,
        data=mask(payload) if data is None else data,
    )
