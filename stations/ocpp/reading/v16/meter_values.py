"""MeterValues (1.6 section 6.31): readings of a connector, of a session or clock-aligned."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.digest import fact_key
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.meter_values import read_readings
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import Arrival, SessionMessage, Unreadable
from stations.ocpp.reading.v16.meter import read_transaction
from stations.sessions.facts import Fact


def read(payload: Any, arrival: Arrival) -> SessionMessage | Unreadable:
    """The readings; their instant is that of the last one which has a time."""
    notes: list[str] = []
    members = Members(payload, notes)
    connector = members.integer("connectorId")
    transaction = read_transaction(members)
    if connector is None and transaction is None:
        return Unreadable("Meter values of no connector and no transaction")
    if connector is None:
        notes.append(Note.CONNECTOR_MISSING)
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
            transaction=transaction,
            evse=connector,
            connector=1 if connector is not None and connector > 0 else None,
            readings=readings,
            notes=unique(notes),
        )
    )
