"""TransactionEvent (2.0.1 E01 to E14): every event is stored; repeats answer alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import ask, read_message
from stations.ocpp.reading.shapes import SessionMessage
from stations.ocpp.v201.token_info import id_token_info
from stations.ocpp.writes.base import Write
from stations.ocpp.writes.sessions import SessionFactWrite
from stations.sessions.facts import Fact
from stations.sessions.live import credible_time


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Store the event; judge its token where it brings one that begins or goes on."""
    message = read_message(call)
    if not isinstance(message, SessionMessage):
        return Unreadable(message.reason)
    fact, token = message.fact, message.token
    write = SessionFactWrite(
        operator_id=call.station.operator_id,
        station_id=call.station.id,
        fact=fact,
        answer=_cost(call, fact),
        id_token_type=token.type if token else "",
    )
    writes: list[Write] = [write]
    if token is not None:
        decision, attempt = await ask(
            call,
            token,
            evse_number=fact.evse,
            at=credible_time(fact.at, call.received_at),
            kind="start" if fact.kind == "start" else "event",
        )
        write.answer["idTokenInfo"] = id_token_info(decision)
        if fact.kind != "stop":
            write.fact = replace(fact, accepted=decision.is_accepted)
            write.token_snapshot = decision.snapshot
        attempt.fact = write
        writes.append(attempt)

    def reply() -> dict[str, Any]:
        return write.stored_answer if write.stored_answer is not None else write.answer

    return Outcome(reply, writes, critical=True, findings=fact.notes)


def _cost(call: Inbound, fact: Fact) -> dict[str, Any]:
    """The running cost, where this station was told one (I02.FR.01). The last event is answered
    without: the final cost is known only after the readings have been judged (left out it means
    "not free")."""
    if fact.transaction is None or not call.told_costs:
        return {}
    if fact.kind == "stop":
        call.told_costs.pop(fact.transaction, None)
    cost = call.told_costs.get(fact.transaction)
    return {} if cost is None else {"totalCost": cost}
