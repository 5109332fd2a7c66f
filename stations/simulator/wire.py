"""What a station can say, whatever version of OCPP it speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from stations.simulator.ledger import BelievedSession
from stations.simulator.meters import Shown

CONTEXTS: Final = {"MeterValueClock": "Sample.Clock", "Trigger": "Trigger"}
"""Reading contexts by the reason of an event; all others are Sample.Periodic."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One reading along the way. ``register`` None: a meter that is silent."""

    at: datetime
    register: Shown | None
    power_w: float
    current_a: tuple[float, ...]
    soc_percent: float | None


@dataclass(slots=True)
class Transaction:
    """A session in the words of the wire. ``id``: in 1.6 an int that the answer to the
    start gives, None before; in 2.0.1 a text of the station's own."""

    evse: int
    connector: int
    id_token: str
    belief: BelievedSession
    id: int | str | None = None
    seq_no: int = 0
    remote_start_id: int | None = None
    reservation_id: int | None = None
    charging_state: str = "EVConnected"
    samples: list[Measured] = field(default_factory=list)

    def next_seq(self) -> int:
        """The sequence number of the next 2.0.1 event."""
        self.seq_no += 1
        return self.seq_no - 1


@dataclass(frozen=True, slots=True)
class Booted:
    """Answer to a boot."""

    accepted: bool
    interval_s: int


class Wire(Protocol):
    """One connection in one version. Methods raise TimeoutError without an answer and
    ocpp.exceptions.OCPPError when refused."""

    async def boot(self, reason: str) -> Booted:
        """BootNotification."""

    async def heartbeat(self) -> None:
        """Heartbeat."""

    async def status(self, evse: int, status: str, error: str, info: str, at: datetime) -> None:
        """StatusNotification; ``status`` is the 1.6 word, EVSE 0 the station itself."""

    async def authorize(self, id_token: str) -> bool:
        """Authorize; whether the token was accepted."""

    async def begin(self, tx: Transaction, at: datetime, *, offline: bool) -> bool:
        """Start of a session; whether the token was accepted."""

    async def progress(
        self, tx: Transaction, measured: Measured, trigger: str, *, offline: bool
    ) -> None:
        """Reading along the way; ``trigger`` is the 2.0.1 reason of the event."""

    async def reading(self, evse: int, measured: Measured) -> None:
        """Reading outside any session."""

    async def end(self, tx: Transaction, at: datetime, reason: str, *, offline: bool) -> None:
        """Stop of a session; ``reason`` in 1.6 spelling."""

    async def firmware_status(self, status: str, request_id: int | None) -> None:
        """Progress of a firmware update, 1.6 words."""

    async def log_status(self, status: str, request_id: int | None) -> None:
        """Progress of an upload of diagnostics or a log, 2.0.1 words."""
