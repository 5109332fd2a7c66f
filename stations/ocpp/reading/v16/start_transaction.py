"""StartTransaction (1.6 section 6.45): a session begins.

A start must say where or who, otherwise nothing can be done with it; all else may be
missing or odd and is noted, because a refused start is a lost session.
"""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.digest import fact_key, undated
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import Arrival, IdToken, SessionMessage, Unreadable
from stations.ocpp.reading.v16.meter import read_meter
from stations.sessions.facts import Fact


def read(payload: Any, arrival: Arrival) -> SessionMessage | Unreadable:
    """The start with its token; an empty token is kept as empty (it is Invalid)."""
    notes: list[str] = []
    members = Members(payload, notes)
    connector = members.integer("connectorId")
    token = _token(members)
    if connector is None and not token:
        return Unreadable("A start without connector and token")
    _note_connector(connector, notes)
    meter_wh = read_meter(members, "meterStart")
    instant = members.instant("timestamp", arrival.zone)
    data = members.data
    fact = Fact(
        key=fact_key(
            arrival.station,
            "StartTransaction",
            data.get("connectorId"),
            data.get("idTag"),
            data.get("meterStart"),
            data.get("timestamp"),
            undated(instant.at, arrival.arrived_at),
        ),
        kind="start",
        station=arrival.station,
        version=arrival.version,
        arrived_at=arrival.arrived_at,
        at_raw=instant.raw,
        at=instant.at,
        evse=connector,
        connector=1 if connector is not None and connector > 0 else None,
        id_token=token,
        meter_wh=meter_wh,
        reservation=members.integer("reservationId"),
        notes=unique(notes),
    )
    return SessionMessage(fact=fact, token=None if token is None else IdToken(value=token))


def _token(members: Members) -> str | None:
    token = members.token("idTag")
    if token is None:
        members.notes.append(Note.ID_TOKEN_MISSING)
    elif not token:
        members.notes.append(Note.EMPTY_ID_TOKEN)
    return token


def _note_connector(connector: int | None, notes: list[str]) -> None:
    if connector is None:
        notes.append(Note.CONNECTOR_MISSING)
    elif connector <= 0:
        notes.append(Note.CONNECTOR_IMPLAUSIBLE)
