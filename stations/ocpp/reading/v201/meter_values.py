"""MeterValues (2.0.1 J): readings of an EVSE outside of transaction events."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.digest import fact_key
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.meter_values import read_readings
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import Arrival, SessionMessage, Unreadable
from stations.sessions.facts import Fact


def read(payload: Any, arrival: Arrival) -> SessionMessage | Unreadable:
    """The readings of an EVSE; EVSE 0 is the station's main meter."""
    notes: list[str] = []
    members = Members(payload, notes)
    evse = members.integer("evseId")
    if evse is None:
        return Unreadable("Meter values of no EVSE")
    readings = read_readings(members.data.get("meterValue"), arrival.zone, notes)
    if not readings:
        notes.append(Note.NO_SAMPLES)
    last = readings[-1] if readings else None
    return SessionMessage(
        fact=Fact(
            key=fact_key(arrival.station, "MeterValues", payload),
            kind="readings",
            station=arrival.station,
            version=arrival.version,
            arrived_at=arrival.arrived_at,
            at_raw=last.at_raw if last else "",
            at=last.at if last else None,
            evse=evse,
            readings=readings,
            notes=unique(notes),
        )
    )
