"""SecurityEventNotification (1.6 security white paper, section 4.8)."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import event_write, read_message
from stations.ocpp.reading.shapes import SecurityEvent


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Keep the event; always answered with an empty object."""
    event = read_message(call)
    if not isinstance(event, SecurityEvent):
        return Unreadable(event.reason)
    write = event_write(call, "security", event.type, station_at=event.at)
    return Outcome(dict, [write], findings=event.notes)
