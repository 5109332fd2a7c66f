"""A call of a station as handlers get it, and what they give back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from stations.ocpp.authorisation.protocol import Decision
from stations.ocpp.bridge.directory import KnownStation
from stations.ocpp.writes.base import Write


class Authorise(Protocol):
    """Decides who may charge; never raises, no decision in time is not Accepted."""

    def __call__(
        self,
        station: KnownStation,
        *,
        id_token: str,
        id_token_type: str,
        evse_number: int | None,
        at: datetime,
        kind: str,
    ) -> Awaitable[Decision]:
        """The decision about ``id_token`` at this station and instant."""


@dataclass(slots=True, eq=False)
class Inbound:
    """One call: who, when, what. ``payload`` kept the schema if ``is_valid``."""

    station: KnownStation
    version: str
    generation: int
    action: str
    payload: Any
    received_at: datetime
    is_valid: bool
    authorise: Authorise
    heartbeat_interval: Callable[[], int]
    told_costs: dict[str, float] = field(default_factory=dict)
    """What this connection was told that running transactions have cost, by their ids."""


@dataclass(slots=True)
class Outcome:
    """What a handler asks for. ``reply`` is called after the writes have their results."""

    reply: Callable[[], dict[str, Any]]
    writes: list[Write] = field(default_factory=list)
    critical: bool = False
    findings: tuple[str, ...] = ()
    booted: bool = False


@dataclass(slots=True)
class Unreadable:
    """A handler's refusal: not even the lenient reader could use the call."""

    reason: str


Handler = Callable[[Inbound], Awaitable[Outcome | Unreadable]]
