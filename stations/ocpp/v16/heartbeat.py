"""Heartbeat (1.6 section 4.6): touches memory only; last-seen is flushed in bulk."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import timestamp


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Answer our time."""
    now = timestamp(call.received_at)
    return Outcome(lambda: {"currentTime": now})
