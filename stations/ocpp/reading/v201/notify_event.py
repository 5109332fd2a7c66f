"""NotifyEvent (2.0.1 N): events of monitored variables, connector states among them."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from stations.ocpp.reading.device_shapes import DeviceEvent, EventReport
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import Arrival, Unreadable
from stations.ocpp.reading.v201.notify_report import VALUE_LENGTH
from stations.ocpp.reading.v201.variables import read_name

_WORD_LENGTH = 50
_INFO_LENGTH = 500


def read(payload: Any, arrival: Arrival) -> EventReport | Unreadable:
    """The events that name a variable; the others are left out with a note."""
    notes: list[str] = []
    members = Members(payload, notes)
    if not members.has("eventData"):
        return Unreadable("A report of events without events")
    events = [_event(item, arrival.zone) for item in members.children("eventData")]
    if None in events:
        notes.append(Note.MEMBER_FORM)
    return EventReport(
        seq_no=members.integer("seqNo") or 0,
        is_last=not members.flag("tbc"),
        generated_at=members.optional_instant("generatedAt", arrival.zone).at,
        events=tuple(event for event in events if event is not None),
        notes=unique(notes),
    )


def _event(item: Members, zone: tzinfo) -> DeviceEvent | None:
    name = read_name(item)
    if name is None:
        return None
    instant = item.instant("timestamp", zone)
    return DeviceEvent(
        name=name,
        event_id=item.integer("eventId"),
        at_raw=instant.raw,
        at=instant.at,
        trigger=item.text("trigger", _WORD_LENGTH) or "",
        notification_type=item.text("eventNotificationType", _WORD_LENGTH) or "",
        actual_value=item.text("actualValue", VALUE_LENGTH) or "",
        cause=item.integer("cause"),
        is_cleared=item.flag("cleared"),
        tech_code=item.text("techCode", _WORD_LENGTH) or "",
        tech_info=item.text("techInfo", _INFO_LENGTH) or "",
        transaction=item.text("transactionId", _WORD_LENGTH) or None,
        monitor_id=item.integer("variableMonitoringId"),
    )
