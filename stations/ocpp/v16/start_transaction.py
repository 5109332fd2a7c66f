"""StartTransaction (1.6 section 4.8): always a transaction id, whatever the token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import ask, read_message
from stations.ocpp.reading.shapes import IdToken, SessionMessage
from stations.ocpp.v16.token_info import id_tag_info
from stations.ocpp.writes.sessions import SessionFactWrite
from stations.sessions.live import credible_time


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Store the start, open the session, answer id and verdict on the token."""
    message = read_message(call)
    if not isinstance(message, SessionMessage):
        return Unreadable(message.reason)
    fact = message.fact
    decision, attempt = await ask(
        call,
        message.token or IdToken(value=""),
        evse_number=fact.evse,
        at=credible_time(fact.at, call.received_at),
        kind="start",
    )
    write = SessionFactWrite(
        operator_id=call.station.operator_id,
        station_id=call.station.id,
        fact=replace(fact, accepted=decision.is_accepted),
        answer={"idTagInfo": id_tag_info(decision)},
        token_snapshot=decision.snapshot,
    )
    attempt.fact = write

    def reply() -> dict[str, Any]:
        answer = write.stored_answer if write.stored_answer is not None else write.answer
        return {"transactionId": int(write.transaction or 0), **answer}

    return Outcome(reply, [write, attempt], critical=True, findings=fact.notes)
