"""StopTransaction (1.6 section 4.10): never refused, matched now or later."""

from __future__ import annotations

from typing import Any

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import read_message
from stations.ocpp.reading.shapes import SessionMessage
from stations.ocpp.writes.sessions import SessionFactWrite


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Store the stop and end its session."""
    message = read_message(call)
    if not isinstance(message, SessionMessage):
        return Unreadable(message.reason)
    answer: dict[str, Any] = {"idTagInfo": {"status": "Accepted"}} if message.token else {}
    write = SessionFactWrite(
        operator_id=call.station.operator_id,
        station_id=call.station.id,
        fact=message.fact,
        answer=answer,
    )

    def reply() -> dict[str, Any]:
        return write.stored_answer if write.stored_answer is not None else write.answer

    return Outcome(reply, [write], critical=True, findings=message.fact.notes)
