"""BootNotification (2.0.1 B): who the station says it is, and why it booted."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.shapes import Arrival, Boot, Unreadable
from stations.ocpp.reading.v16.boot_notification import LENGTH


def read(payload: Any, _arrival: Arrival) -> Boot | Unreadable:
    """The station's own description, of which something at least must be there."""
    notes: list[str] = []
    members = Members(payload, notes)
    station = members.child("chargingStation")
    modem = station.child("modem")
    vendor = station.text("vendorName", LENGTH) or ""
    model = station.text("model", LENGTH) or ""
    serial = station.text("serialNumber", LENGTH) or ""
    reason = members.text("reason", LENGTH) or ""
    if not (vendor or model or serial or reason):
        return Unreadable("A boot without station and reason")
    return Boot(
        vendor=vendor,
        model=model,
        serial_number=serial,
        firmware_version=station.text("firmwareVersion", LENGTH) or "",
        iccid=modem.text("iccid", LENGTH) or "",
        imsi=modem.text("imsi", LENGTH) or "",
        reason=reason,
        notes=unique(notes),
    )
