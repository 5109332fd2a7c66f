"""NotifyMonitoringReport (2.0.1 N02): the monitors that are set."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import event_write, read_message
from stations.ocpp.reading.device_shapes import MonitoringReport


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Keep the part as an event of its request."""
    report = read_message(call)
    if not isinstance(report, MonitoringReport):
        return Unreadable(report.reason)
    write = event_write(
        call, "monitors", f"{len(report.monitors)} monitors", request_number=report.request_id
    )
    return Outcome(dict, [write], findings=report.notes)
