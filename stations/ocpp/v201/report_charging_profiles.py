"""ReportChargingProfiles (2.0.1 K09): the profiles that a station holds."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import event_write, read_message
from stations.ocpp.reading.device_shapes import ProfileReport


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Keep the part as an event of its request."""
    report = read_message(call)
    if not isinstance(report, ProfileReport):
        return Unreadable(report.reason)
    name = f"{report.limit_source or '?'}: {len(report.profiles)} profiles"
    write = event_write(call, "profiles", name, request_number=report.request_id)
    return Outcome(dict, [write], findings=report.notes)
