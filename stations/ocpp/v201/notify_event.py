"""NotifyEvent (2.0.1 N07): kept as events; connector states among them take effect."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import event_write, read_message, status_write
from stations.ocpp.reading.device_shapes import DeviceEvent, EventReport
from stations.ocpp.reading.shapes import StatusReport
from stations.ocpp.reading.status import our_status
from stations.ocpp.wire.masking import mask
from stations.ocpp.writes.base import Write


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Always answered with an empty object."""
    call.payload = mask(call.payload)
    report = read_message(call)
    if not isinstance(report, EventReport):
        return Unreadable(report.reason)
    writes: list[Write] = []
    for event in report.events:
        writes.append(_event(call, event))
        status = _status(event)
        if status is not None:
            writes.append(status_write(call, status))
    return Outcome(dict, writes, findings=report.notes)


def _event(call: Inbound, event: DeviceEvent) -> Write:
    name = event.name
    return event_write(
        call,
        "monitoring",
        f"{name.component}.{name.variable}",
        station_at=event.at,
        data={
            "evse": name.evse,
            "connector": name.connector,
            "trigger": event.trigger,
            "value": event.actual_value,
            "cleared": event.is_cleared,
            "cause": event.cause,
            "tech_code": event.tech_code,
            "tech_info": event.tech_info,
            "event_id": event.event_id,
        },
    )


def _status(event: DeviceEvent) -> StatusReport | None:
    """AvailabilityState of a connector is its status (2.0.1 G01.FR.08)."""
    name = event.name
    status = our_status(event.actual_value)
    if name.component != "Connector" or name.variable != "AvailabilityState" or not name.evse:
        return None
    if status is None:
        return None
    return StatusReport(
        evse=name.evse,
        connector=name.connector or 1,
        status=status,
        status_raw=event.actual_value,
        at_raw=event.at_raw,
        at=event.at,
    )
