"""Authorize (2.0.1 C01): the token is judged; contract certificates are not yet."""

from __future__ import annotations

from typing import Any

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import ask, read_message
from stations.ocpp.reading.shapes import AuthorizeRequest
from stations.ocpp.v201.token_info import id_token_info


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Decide about the token and keep the attempt."""
    request = read_message(call)
    if not isinstance(request, AuthorizeRequest):
        return Unreadable(request.reason)
    decision, attempt = await ask(
        call, request.token, evse_number=None, at=call.received_at, kind="authorize"
    )
    answer: dict[str, Any] = {"idTokenInfo": id_token_info(decision)}
    return Outcome(lambda: answer, [attempt], findings=request.notes)
