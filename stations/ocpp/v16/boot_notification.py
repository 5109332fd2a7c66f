"""BootNotification (1.6 section 4.2): a known station is always accepted."""

from __future__ import annotations

from typing import Any

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import read_message, timestamp
from stations.ocpp.writes.hardware import BootWrite


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Keep what the station says of itself; answer time and heartbeat interval."""
    boot = read_message(call)
    write = BootWrite(
        station_id=call.station.id,
        generation=call.generation,
        received_at=call.received_at,
        status="accepted",
        vendor=getattr(boot, "vendor", ""),
        model=getattr(boot, "model", ""),
        serial_number=getattr(boot, "serial_number", ""),
        firmware_version=getattr(boot, "firmware_version", ""),
        info=call.payload if isinstance(call.payload, dict) else {"value": call.payload},
    )

    def reply() -> dict[str, Any]:
        return {
            "status": "Accepted",
            "currentTime": timestamp(call.received_at),
            "interval": call.heartbeat_interval(),
        }

    return Outcome(reply, [write], findings=getattr(boot, "notes", ()), booted=True)
