"""MeterValues (1.6 section 4.7): stored with their session, or alone."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import read_message
from stations.ocpp.reading.shapes import SessionMessage
from stations.ocpp.writes.sessions import SessionFactWrite


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Always answered with an empty object."""
    message = read_message(call)
    if not isinstance(message, SessionMessage):
        return Unreadable(message.reason)
    write = SessionFactWrite(
        operator_id=call.station.operator_id,
        station_id=call.station.id,
        fact=message.fact,
        answer={},
    )
    return Outcome(dict, [write], critical=True, findings=message.fact.notes)
