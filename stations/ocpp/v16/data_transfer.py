"""DataTransfer (1.6 section 4.3): kept; no vendor's messages are known here."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import event_write, read_message
from stations.ocpp.reading.shapes import VendorMessage


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Answer UnknownVendorId and keep what was sent."""
    message = read_message(call)
    if not isinstance(message, VendorMessage):
        return Unreadable(message.reason)
    name = ".".join(filter(None, [message.vendor_id, message.message_id])) or "?"
    write = event_write(call, "data_transfer", name)
    return Outcome(lambda: {"status": "UnknownVendorId"}, [write], findings=message.notes)
