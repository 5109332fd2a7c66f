"""TransactionEvent (2.0.1 E): a session begins, goes on or ends.

An event must name its transaction or its EVSE. EVSE, token, meter values, sequence number
and reason may be missing, as real stations leave each of them out.
"""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.digest import fact_key, undated
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.meter_values import read_readings
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.reasons import read_reason
from stations.ocpp.reading.shapes import Arrival, SessionMessage, Unreadable
from stations.ocpp.reading.v201.evses import read_evse
from stations.ocpp.reading.v201.tokens import read_id_token
from stations.sessions.facts import Fact, FactKind

_KINDS: dict[str, FactKind] = {"started": "start", "updated": "update", "ended": "stop"}
_ID_LENGTH = 64  # OCPP allows 36
_WORD_LENGTH = 50


def read(payload: Any, arrival: Arrival) -> SessionMessage | Unreadable:
    """The event with the token presented in it, if any."""
    notes: list[str] = []
    members = Members(payload, notes)
    transaction = members.child("transactionInfo")
    transaction_id = transaction.text("transactionId", _ID_LENGTH) or None
    evse, connector = read_evse(members)
    if transaction_id is None:
        if evse is None:
            return Unreadable("An event without transaction and EVSE")
        notes.append(Note.TRANSACTION_MISSING)
    kind = _kind(members)
    instant = members.instant("timestamp", arrival.zone)
    token = read_id_token(members, "idToken")
    seq_no = members.integer("seqNo")
    if seq_no is None:
        notes.append(Note.SEQUENCE_MISSING)
    fact = Fact(
        key=fact_key(
            arrival.station, "TransactionEvent", payload, undated(instant.at, arrival.arrived_at)
        ),
        kind=kind,
        station=arrival.station,
        version=arrival.version,
        arrived_at=arrival.arrived_at,
        at_raw=instant.raw,
        at=instant.at,
        transaction=transaction_id,
        evse=evse,
        connector=connector,
        id_token=token.value if token is not None else None,
        id_token_type=token.type if token is not None else "",
        seq_no=seq_no,
        offline=members.flag("offline"),
        trigger=members.text("triggerReason", _WORD_LENGTH),
        charging_state=transaction.text("chargingState", _WORD_LENGTH),
        reason=read_reason(transaction, "stoppedReason") if kind == "stop" else None,
        reservation=members.integer("reservationId"),
        remote_start=transaction.integer("remoteStartId"),
        readings=read_readings(members.data.get("meterValue"), arrival.zone, notes),
        notes=unique(notes),
    )
    return SessionMessage(
        fact=fact,
        token=token,
        phases_used=members.integer("numberOfPhasesUsed"),
        cable_max_a=members.integer("cableMaxCurrent"),
    )


def _kind(members: Members) -> FactKind:
    value = members.data.get("eventType")
    kind = _KINDS.get(value.strip().lower()) if isinstance(value, str) else None
    if kind is None:
        members.notes.append(Note.UNKNOWN_EVENT_TYPE)
        return "update"
    return kind
