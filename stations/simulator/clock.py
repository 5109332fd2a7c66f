"""Time of the simulated world, which may pass faster than ours."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class SimClock:
    """Two times. ``now`` is ours: stations stamp their messages with it. ``world_now`` begins
    at ``begin_at`` and runs ``speed`` times as fast: arrivals, stays, faults and intervals
    follow it.

    Power stays what it is, so in a run of speed 60 a session is sixty times shorter, has a
    sixtieth of the energy (batteries shrink), and every register fits its timestamps.
    """

    def __init__(self, *, speed: float = 1.0, begin_at: datetime | None = None) -> None:
        if speed <= 0:
            raise ValueError("speed must be greater than 0")
        self.speed = speed
        self.begin_at = begin_at or datetime.now(UTC)
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """The real instant, aware."""
        return datetime.now(UTC)

    def world_now(self) -> datetime:
        """The simulated instant, aware."""
        passed_s = (time.monotonic() - self._origin) * self.speed
        return self.begin_at + timedelta(seconds=passed_s)

    def real_s(self, simulated_s: float) -> float:
        """How many real seconds a simulated span takes."""
        return simulated_s / self.speed

    def simulated_s(self, real_s: float) -> float:
        """How many simulated seconds pass in a real span."""
        return real_s * self.speed

    async def sleep(self, simulated_s: float) -> None:
        """Wait for a simulated span."""
        await asyncio.sleep(max(0.0, self.real_s(simulated_s)))


def stamp(at: datetime) -> str:
    """An OCPP timestamp: UTC with milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
