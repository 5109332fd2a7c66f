"""A car charging at an EVSE: power flows, readings are taken, something ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from stations.simulator.evse import Arrival, Evse, Fault, Signal, Stop
from stations.simulator.measuring import measure
from stations.simulator.meters import MeterFault
from stations.simulator.station import SimStation
from stations.simulator.wire import Transaction

_RARELY: Final = 5
"""A waiting car is reported so many times more seldom than a charging one."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ending:
    """Why charging ended."""

    reason: str
    fault: Fault | None = None


class Charging:
    """One session between its start and its stop. ``began``, ``last`` and ``sample_at`` are
    instants of the simulated world, ``clock_at`` is one of ours."""

    def __init__(self, station: SimStation, evse: Evse, tx: Transaction, arrival: Arrival) -> None:
        self.station, self.evse, self.tx, self.arrival = station, evse, tx, arrival
        self.battery = arrival.battery
        self.clock = station.world.clock
        self.began = self.last = self.clock.world_now()
        self.sample_at = self.began
        self.clock_at = self._next_aligned()

    async def run(self) -> Ending:
        """Charge until something ends it."""
        self._plan_sample(self.began)
        while True:
            self._tell_state()
            signal = await self.evse.next_signal(self.clock, self._wait_s())
            ending = self._move_on(self.clock.world_now(), signal)
            if ending:
                return ending

    def _wait_s(self) -> float:
        """Simulated seconds until the next reading is due."""
        sample_s = (self.sample_at - self.clock.world_now()).total_seconds()
        aligned_s = (self.clock_at - self.clock.now()).total_seconds()
        return max(0.0, min(sample_s, self.clock.simulated_s(aligned_s)))

    def _move_on(self, now: datetime, signal: Signal | None) -> Ending | None:
        power_w = self._flow(self.clock.real_s((now - self.last).total_seconds()))
        self.last = now
        if isinstance(signal, Stop):
            return Ending(signal.reason)
        if isinstance(signal, Fault):
            return Ending("Other", signal)
        if self.clock.now() >= self.clock_at:
            self._report(power_w, "MeterValueClock")
            self.clock_at = self._next_aligned()
        if now >= self.sample_at:
            self._report(power_w, "MeterValuePeriodic")
            self._plan_sample(now)
        return self._left(now)

    def _left(self, now: datetime) -> Ending | None:
        """Whether the driver takes the car away now."""
        plugged_s = (now - self.began).total_seconds()
        if self.arrival.stay_s and plugged_s >= self.arrival.stay_s:
            return Ending("EVDisconnected")
        if self.battery.is_full and not self.arrival.stay_s:
            return Ending("Local" if self.evse.spec.is_dc else "EVDisconnected")
        return None

    def _flow(self, seconds: float) -> float:
        """Move energy for a step; returns its power in W."""
        evse = self.evse
        energy_wh, power_w = self.battery.advance(seconds, evse.power_limit_w, dc=evse.spec.is_dc)
        evse.meter.add(energy_wh)
        if evse.meter.fault is MeterFault.RESET and self.station.rng.random() < 0.1:
            evse.meter.fall_back()
        return power_w

    def _report(self, power_w: float, trigger: str) -> None:
        measured = measure(self.evse, self.station.now(), power_w)
        self.station.report_progress(self.tx, measured, trigger)

    def _plan_sample(self, now: datetime) -> None:
        interval_s = self.station.sample_interval_s(dc=self.evse.spec.is_dc)
        if interval_s <= 0:
            self.sample_at = _NEVER
            return
        waiting = _RARELY if self.battery.is_full else 1
        jitter = self.station.rng.uniform(0.95, 1.05)
        self.sample_at = now + timedelta(seconds=interval_s * waiting * jitter)

    def _next_aligned(self) -> datetime:
        """The next multiple of the aligned interval since midnight (UTC)."""
        now = self.clock.now()
        interval_s = self.station.aligned_interval_s()
        if interval_s <= 0:
            return _NEVER
        since = now.timestamp() // interval_s * interval_s
        return datetime.fromtimestamp(since + interval_s, UTC)

    def _tell_state(self) -> None:
        """Tell Charging or why not; in 2.0.1 also as a change of charging state."""
        station, evse = self.station, self.evse
        station.apply_profiles()
        if self.battery.is_full:
            status = "SuspendedEV"
        else:
            status = "Charging" if evse.power_limit_w > 0 else "SuspendedEVSE"
        if evse.status == status:
            return
        station.set_status(evse, status)
        self.tx.charging_state = status
        if station.spec.version != "1.6":
            power_w = self.battery.power_w(evse.power_limit_w, dc=evse.spec.is_dc)
            self._report(power_w, "ChargingStateChanged")
