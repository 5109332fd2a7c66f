"""Readers that 1.6 and 2.x share because the messages are alike but for a few names."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import (
    Arrival,
    FirmwareReport,
    Heartbeat,
    LogReport,
    SecurityEvent,
    Unreadable,
    VendorMessage,
)

STATUS_LENGTH = 50
TECH_INFO_LENGTH = 255
VENDOR_LENGTH = 255


def read_heartbeat(payload: Any, _arrival: Arrival) -> Heartbeat:
    """A heartbeat says all by arriving; whatever is in it does not matter."""
    notes: list[str] = []
    Members(payload, notes)
    return Heartbeat(notes=unique(notes))


def read_firmware_status(payload: Any, _arrival: Arrival) -> FirmwareReport | Unreadable:
    """Progress of a firmware update; unknown words are kept."""
    notes: list[str] = []
    members = Members(payload, notes)
    status = members.text("status", STATUS_LENGTH)
    if not status:
        return Unreadable("A firmware status without status")
    return FirmwareReport(
        status=status, request_id=members.integer("requestId"), notes=unique(notes)
    )


def read_log_status(payload: Any, _arrival: Arrival) -> LogReport | Unreadable:
    """Progress of an upload; unknown words are kept."""
    notes: list[str] = []
    members = Members(payload, notes)
    status = members.text("status", STATUS_LENGTH)
    if not status:
        return Unreadable("A log status without status")
    return LogReport(status=status, request_id=members.integer("requestId"), notes=unique(notes))


def read_security_event(payload: Any, arrival: Arrival) -> SecurityEvent | Unreadable:
    """A security event; a missing time leaves the arrival to tell it."""
    notes: list[str] = []
    members = Members(payload, notes)
    kind = members.text("type", STATUS_LENGTH)
    if not kind:
        return Unreadable("A security event without type")
    instant = members.instant("timestamp", arrival.zone)
    return SecurityEvent(
        type=kind,
        at_raw=instant.raw,
        at=instant.at,
        tech_info=members.text("techInfo", TECH_INFO_LENGTH) or "",
        notes=unique(notes),
    )


def read_data_transfer(payload: Any, _arrival: Arrival) -> VendorMessage | Unreadable:
    """A vendor's message; without vendor nobody can tell what it means."""
    notes: list[str] = []
    members = Members(payload, notes)
    vendor = members.text("vendorId", VENDOR_LENGTH)
    if vendor is None:
        return Unreadable("A data transfer without vendor")
    if not vendor:
        notes.append(Note.MEMBER_FORM)
    return VendorMessage(
        vendor_id=vendor,
        message_id=members.text("messageId", STATUS_LENGTH) or "",
        data=members.data.get("data"),
        notes=unique(notes),
    )
