"""Lenient readers: what an inbound message says, whether or not it keeps to the schema.

``read`` serves valid frames too. Readers are pure and never raise; what is odd is left as
notes (``notes.Note``); only what they cannot make sense of at all is ``Unreadable``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from stations.ocpp.reading.shapes import Arrival, SessionMessage, Unreadable
from stations.ocpp.reading.v16 import READERS as READERS_16
from stations.ocpp.reading.v201 import READERS as READERS_201
from stations.sessions.facts import Fact

Reader = Callable[[Any, Arrival], Any]

READERS: dict[str, dict[str, Reader]] = {
    "1.6": READERS_16,
    "2.0.1": READERS_201,
    "2.1": READERS_201,
}

SESSION_ACTIONS: dict[str, frozenset[str]] = {
    "1.6": frozenset({"StartTransaction", "StopTransaction", "MeterValues"}),
    "2.0.1": frozenset({"TransactionEvent", "MeterValues"}),
    "2.1": frozenset({"TransactionEvent", "MeterValues"}),
}


def reader(version: str, action: str) -> Reader | None:
    """The reader of an inbound action, None when there is none."""
    return READERS.get(version, {}).get(action)


def read(action: str, payload: Any, arrival: Arrival) -> Any:
    """The message as one of ``shapes``; ``Unreadable`` also when no reader knows the action."""
    found = reader(arrival.version, action)
    return Unreadable("No such message is read") if found is None else found(payload, arrival)


def read_fact(
    version: str,
    action: str,
    payload: Any,
    *,
    station: str,
    arrived_at: datetime,
    zone: tzinfo,
) -> Fact | None:
    """The fact about a session in a message; None when it is none or unreadable."""
    if action not in SESSION_ACTIONS.get(version, ()):
        return None
    message = read(action, payload, Arrival(station, version, arrived_at, zone))
    return message.fact if isinstance(message, SessionMessage) else None
