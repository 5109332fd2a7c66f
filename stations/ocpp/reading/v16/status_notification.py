"""StatusNotification (1.6): the state of a connector, or of the station (connector 0)."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import Arrival, StatusReport, Unreadable
from stations.ocpp.reading.status import belongs_to, our_status

_WORD_LENGTH = 50
_INFO_LENGTH = 255


def read(payload: Any, arrival: Arrival) -> StatusReport | Unreadable:
    """The state; an error code of the vendor's own is kept as sent.

    The time is optional in 1.6: the station then means now.
    """
    notes: list[str] = []
    members = Members(payload, notes)
    connector = members.integer("connectorId")
    raw = members.text("status", _WORD_LENGTH) or ""
    status = our_status(raw)
    if connector is None or connector < 0:
        return Unreadable("A status of no connector")
    if status is None:
        return Unreadable("A status that does not exist")
    if not belongs_to(raw, arrival.version):
        notes.append(Note.UNKNOWN_STATUS)
    instant = members.optional_instant("timestamp", arrival.zone)
    return StatusReport(
        evse=connector,
        connector=1 if connector else 0,
        status=status,
        status_raw=raw,
        at_raw=instant.raw,
        at=instant.at,
        error_code=members.text("errorCode", _WORD_LENGTH) or "",
        info=members.text("info", _INFO_LENGTH) or "",
        vendor_id=members.text("vendorId", _INFO_LENGTH) or "",
        vendor_error_code=members.text("vendorErrorCode", _WORD_LENGTH) or "",
        notes=unique(notes),
    )
