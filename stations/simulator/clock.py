"""Time of the simulated world, which may run faster than ours."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class SimClock:
    """Begins at ``begin_at`` and runs ``speed`` times as fast as real time.

    For a run of known length, a beginning that lies (speed - 1) x length in the past makes
    simulated time meet real time at the end, so that no station ever reports the future.
    """

    def __init__(self, *, speed: float = 1.0, begin_at: datetime | None = None) -> None:
        if speed <= 0:
            raise ValueError("speed must be greater than 0")
        self.speed = speed
        self.begin_at = begin_at or datetime.now(UTC)
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """The simulated instant, aware."""
        passed_s = (time.monotonic() - self._origin) * self.speed
        return self.begin_at + timedelta(seconds=passed_s)

    def real_s(self, simulated_s: float) -> float:
        """How many real seconds a simulated span takes."""
        return simulated_s / self.speed

    async def sleep(self, simulated_s: float) -> None:
        """Wait for a simulated span."""
        await asyncio.sleep(max(0.0, self.real_s(simulated_s)))


def begin_for(duration_s: float, speed: float, ending_at: datetime) -> datetime:
    """Where a clock must begin so that a run of ``duration_s`` real seconds ends on time."""
    return ending_at - timedelta(seconds=duration_s * speed)


def stamp(at: datetime) -> str:
    """An OCPP timestamp: UTC with milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
