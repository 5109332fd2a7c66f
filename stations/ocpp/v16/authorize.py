"""Authorize (1.6 section 4.1)."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import ask, read_message
from stations.ocpp.reading.shapes import AuthorizeRequest
from stations.ocpp.v16.token_info import id_tag_info


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Decide about the token and keep the attempt."""
    request = read_message(call)
    if not isinstance(request, AuthorizeRequest):
        return Unreadable(request.reason)
    decision, attempt = await ask(
        call, request.token, evse_number=None, at=call.received_at, kind="authorize"
    )
    info = id_tag_info(decision)
    return Outcome(lambda: {"idTagInfo": info}, [attempt], findings=request.notes)
