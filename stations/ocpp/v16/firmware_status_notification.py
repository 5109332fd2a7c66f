"""FirmwareStatusNotification (1.6 section 4.5)."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import event_write, read_message
from stations.ocpp.reading.shapes import FirmwareReport


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Keep the progress; always answered with an empty object."""
    report = read_message(call)
    if not isinstance(report, FirmwareReport):
        return Unreadable(report.reason)
    write = event_write(call, "firmware", report.status, request_number=report.request_id)
    return Outcome(dict, [write], findings=report.notes)
