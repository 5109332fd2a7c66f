"""BootNotification (1.6): who the station says it is."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.shapes import Arrival, Boot, Unreadable

LENGTH = 100
"""Longer than OCPP's 20 to 50 characters, which real stations exceed."""


def read(payload: Any, _arrival: Arrival) -> Boot | Unreadable:
    """Vendor, model and serial number, of which one at least must be there."""
    notes: list[str] = []
    members = Members(payload, notes)
    vendor = members.text("chargePointVendor", LENGTH) or ""
    model = members.text("chargePointModel", LENGTH) or ""
    serial = members.text("chargePointSerialNumber", LENGTH) or ""
    serial = serial or members.text("chargeBoxSerialNumber", LENGTH) or ""
    if not (vendor or model or serial):
        return Unreadable("A boot without vendor, model and serial number")
    return Boot(
        vendor=vendor,
        model=model,
        serial_number=serial,
        firmware_version=members.text("firmwareVersion", LENGTH) or "",
        iccid=members.text("iccid", LENGTH) or "",
        imsi=members.text("imsi", LENGTH) or "",
        meter_type=members.text("meterType", LENGTH) or "",
        meter_serial_number=members.text("meterSerialNumber", LENGTH) or "",
        notes=unique(notes),
    )
