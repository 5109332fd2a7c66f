"""Which handler serves which action in which version. A new version is a new entry."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Handler
from stations.ocpp.v16 import HANDLERS as HANDLERS_16
from stations.ocpp.v201 import HANDLERS as HANDLERS_201

_HANDLERS: dict[str, dict[str, Handler]] = {"1.6": HANDLERS_16, "2.0.1": HANDLERS_201}


def handler_for(version: str, action: str) -> Handler | None:
    """The handler of a call of a station; None when the action is not known."""
    return _HANDLERS.get(version, {}).get(action)
