"""StopTransaction (1.6 section 6.49): a session ends. Whatever it says is kept.

A stop must say which transaction, what the meter shows or when it was; transaction ids
of 0 or below, negative meters and unknown reasons are noted, never refused.
"""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.digest import fact_key, undated
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.meter_values import read_readings
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.reasons import read_reason
from stations.ocpp.reading.shapes import Arrival, IdToken, SessionMessage, Unreadable
from stations.ocpp.reading.v16.meter import read_meter, read_transaction
from stations.sessions.facts import Fact


def read(payload: Any, arrival: Arrival) -> SessionMessage | Unreadable:
    """The stop with the token that stopped it, if one did (an empty one is none)."""
    notes: list[str] = []
    members = Members(payload, notes)
    transaction = read_transaction(members)
    if transaction is None:
        notes.append(Note.TRANSACTION_MISSING)
    meter_wh = read_meter(members, "meterStop")
    instant = members.instant("timestamp", arrival.zone)
    if transaction is None and meter_wh is None and instant.at is None:
        return Unreadable("A stop without transaction, meter and time")
    token = members.token("idTag") or None
    data = members.data
    if data.get("idTag") == "":
        notes.append(Note.EMPTY_ID_TOKEN)
    fact = Fact(
        key=fact_key(
            arrival.station,
            "StopTransaction",
            data.get("transactionId"),
            data.get("meterStop"),
            data.get("timestamp"),
            data.get("reason"),
            data.get("idTag"),
            undated(instant.at, arrival.arrived_at),
        ),
        kind="stop",
        station=arrival.station,
        version=arrival.version,
        arrived_at=arrival.arrived_at,
        at_raw=instant.raw,
        at=instant.at,
        transaction=transaction,
        id_token=token,
        meter_wh=meter_wh,
        reason=read_reason(members, "reason"),
        readings=read_readings(data.get("transactionData"), arrival.zone, notes),
        notes=unique(notes),
    )
    return SessionMessage(fact=fact, token=None if token is None else IdToken(value=token))
