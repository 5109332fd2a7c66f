"""StatusNotification (2.0.1 G): the state of a connector; EVSE 0 is the station."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import Arrival, StatusReport, Unreadable
from stations.ocpp.reading.status import belongs_to, our_status

_WORD_LENGTH = 50


def read(payload: Any, arrival: Arrival) -> StatusReport | Unreadable:
    """The state; a connector left out is the EVSE's first."""
    notes: list[str] = []
    members = Members(payload, notes)
    evse = members.integer("evseId")
    connector = members.integer("connectorId")
    raw = members.text("connectorStatus", _WORD_LENGTH) or ""
    status = our_status(raw)
    if evse is None or evse < 0:
        return Unreadable("A status of no EVSE")
    if status is None:
        return Unreadable("A status that does not exist")
    if connector is None or connector < 0:
        notes.append(Note.CONNECTOR_MISSING)
        connector = 1 if evse else 0
    if not belongs_to(raw, arrival.version):
        notes.append(Note.UNKNOWN_STATUS)
    instant = members.instant("timestamp", arrival.zone)
    return StatusReport(
        evse=evse,
        connector=connector,
        status=status,
        status_raw=raw,
        at_raw=instant.raw,
        at=instant.at,
        notes=unique(notes),
    )
