"""StatusNotification (1.6 section 4.9): journalled, and the connector's new state."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import read_message, status_write
from stations.ocpp.reading.shapes import StatusReport


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Always answered with an empty object."""
    report = read_message(call)
    if not isinstance(report, StatusReport):
        return Unreadable(report.reason)
    return Outcome(dict, [status_write(call, report)], findings=report.notes)
