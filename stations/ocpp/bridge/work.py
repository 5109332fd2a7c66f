"""A unit of work for the writer: what a message changes, and how it is answered after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from stations.ocpp.bridge.directory import KnownStation
from stations.ocpp.writes.frames import FrameRow

if TYPE_CHECKING:
    from stations.ocpp.writes.base import Write


class Answering(Protocol):
    """Where an answer goes; a connection, or nothing when the socket is gone."""

    def answer(self, frame: bytes) -> None:
        """Send ``frame`` if the socket still stands."""

    def give_up(self, reason: str) -> None:
        """Close with 1013 so that the station keeps its queue."""


@dataclass(slots=True, eq=False)
class Work:
    """Facts of one message. ``reply`` is called once the writes have their results and
    returns the encoded answer (None: there is none). ``critical``: a message that must not
    be refused while the database is away (the socket is closed instead)."""

    station: KnownStation
    frame: FrameRow | None
    writes: list[Write] = field(default_factory=list)
    reply: Callable[[], bytes | None] | None = None
    refuse: Callable[[str], bytes | None] | None = None
    target: Answering | None = None
    critical: bool = False
    raw: bytes = b""
    received_at: datetime | None = None
    after: Callable[[], Any] | None = None
    kept: bool = False  # written after an outage; everything else is refused or sent again
    answer: bytes | None = None
    is_settled: bool = False  # answered or refused
    parked: bool = False
