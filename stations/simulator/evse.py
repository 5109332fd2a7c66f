"""State of one EVSE of a simulated station and the signals that reach it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from stations.simulator.battery import Battery
from stations.simulator.clock import SimClock
from stations.simulator.meters import Meter
from stations.simulator.specs import EvseSpec
from stations.simulator.wire import Transaction


@dataclass(frozen=True, slots=True)
class Arrival:
    """A car comes with a driver who presents ``id_token``; ``stay_s`` 0: leaves when full."""

    id_token: str
    battery: Battery
    stay_s: float


@dataclass(frozen=True, slots=True)
class RemoteStart:
    """The network asks to begin a session."""

    id_token: str
    remote_start_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Something ends the session; ``reason`` in 1.6 spelling, ``answered`` when known."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The EVSE breaks for a while (simulated seconds)."""

    error: str
    info: str
    lasts_s: float


@dataclass(frozen=True, slots=True)
class Wake:
    """Something else changed (availability, limit, reservation); look again."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The station restarts on our order; passing faults are gone."""


Signal = Arrival | RemoteStart | Stop | Fault | Wake | Restarted


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation."""

    number: int
    id_token: str
    group_id_token: str
    expires_at: datetime


@dataclass(slots=True)
class Evse:
    """One EVSE. ``status`` is the 1.6 word last told; ``limit_w`` what profiles leave."""

    spec: EvseSpec
    meter: Meter
    status: str = "Available"
    error: str = "NoError"
    info: str = ""
    is_operative: bool = True
    limit_w: float | None = None
    hold: Hold | None = None
    tx: Transaction | None = None
    battery: Battery | None = None
    signals: asyncio.Queue[Signal] = field(default_factory=asyncio.Queue)

    @property
    def is_idle(self) -> bool:
        """Whether a car could come now."""
        return self.status == "Available" and self.tx is None and self.signals.empty()

    @property
    def power_limit_w(self) -> float:
        """What the EVSE offers now."""
        if self.limit_w is None:
            return self.spec.max_power_w
        return min(self.spec.max_power_w, self.limit_w)

    async def next_signal(self, clock: SimClock, timeout_s: float | None) -> Signal | None:
        """The next signal, or None after ``timeout_s`` simulated seconds."""
        if timeout_s is None:
            return await self.signals.get()
        try:
            async with asyncio.timeout(max(0.0, clock.real_s(timeout_s))):
                return await self.signals.get()
        except TimeoutError:
            return None
