"""The world around the stations: cars that come, faults, lost connections."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from stations.simulator.battery import arriving_battery
from stations.simulator.evse import Arrival, Evse, Fault
from stations.simulator.rhythm import RHYTHMS
from stations.simulator.station import SimStation, World

Tokens = Mapping[str, Sequence[str]]

FAULTS: Final = (
    ("GroundFailure", "Residual current device open"),
    ("ConnectorLockFailure", "Lock did not reach its end position"),
    ("HighTemperature", "Inlet above 85 C"),
    ("PowerMeterFailure", "No answer from meter on bus 1"),
    ("EVCommunicationError", "Control pilot out of range"),
)
_BURST: Final = 6
"""Cars that come at most in one step to fill an empty network."""
_SHORT_SHARE: Final = 0.35
"""Cars at fast stations that only top up for minutes."""


class Crowd:
    """Moves the world on in steps. ``good`` and ``bad``: tokens by token group."""

    def __init__(
        self, world: World, stations: Sequence[SimStation], good: Tokens, bad: Tokens
    ) -> None:
        self.world = world
        self.stations = stations
        self.good, self.bad = good, bad
        self.rng = random.Random(f"{world.scenario.seed}:crowd")
        self.zone = ZoneInfo(world.scenario.time_zone)
        self.is_open = True
        self._away: dict[str, datetime] = {}
        self._next_storm = world.clock.world_now()
        self._schedule_storm()

    def step(self, seconds: float) -> None:
        """Let ``seconds`` of simulated time pass."""
        if self.is_open:
            self._cars(seconds)
            self._faults()
        self._gaps()
        if self.world.scenario.storm_every_s and self.world.clock.world_now() >= self._next_storm:
            self._storm()

    # Cars

    def _cars(self, seconds: float) -> None:
        local = self.world.clock.world_now().astimezone(self.zone)
        everything = [(s, e) for s in self.stations for e in s.evses.values()]
        busy = sum(evse.tx is not None for _station, evse in everything)
        idle = [(s, e) for s, e in everything if e.is_idle and e.is_operative]
        if busy >= self.world.scenario.most_busy * len(everything):
            return
        for station, evse in idle:
            rate_an_hour = RHYTHMS[station.spec.kind].rate(local)
            if self.rng.random() < rate_an_hour * seconds / 3600:
                self._arrive(station, evse)
        missing = round(self.world.scenario.least_busy * len(everything)) - busy
        online = [(s, e) for s, e in idle if s.wire is not None and e.is_idle]
        for station, evse in self.rng.sample(online, max(0, min(missing, _BURST, len(online)))):
            self._arrive(station, evse)

    def _arrive(self, station: SimStation, evse: Evse) -> None:
        battery = arriving_battery(self.rng, dc=evse.spec.is_dc, shrink=self.world.clock.speed)
        rhythm = RHYTHMS[station.spec.kind]
        stay_s = 0.0 if evse.spec.is_dc else rhythm.stay_s(self.rng)
        if evse.spec.is_dc and self.rng.random() < _SHORT_SHARE:
            battery.target_percent = battery.soc_percent + self.rng.uniform(3, 12)
        elif not evse.spec.is_dc and not stay_s:
            stay_s = self.rng.uniform(1800, 7200)
        evse.signals.put_nowait(Arrival(self._token(station), battery, stay_s))

    def _token(self, station: SimStation) -> str:
        group = station.spec.token_group
        bad = self.bad.get(group, ())
        if self.rng.random() < self.world.scenario.stranger_share:
            return self.rng.choice(bad) if bad else f"04{self.rng.getrandbits(48):012X}"
        return self.rng.choice(self.good[group])

    # Troubles

    def _faults(self) -> None:
        broken = sum(
            evse.status == "Faulted" for station in self.stations for evse in station.evses.values()
        )
        online = [station for station in self.stations if station.wire is not None]
        if broken >= self.world.scenario.faulted or not online:
            return
        station = self.rng.choice(online)
        evse = self.rng.choice(list(station.evses.values()))
        error, info = self.rng.choice(FAULTS)
        evse.signals.put_nowait(Fault(error, info, self.rng.uniform(240, 2400)))

    def _gaps(self) -> None:
        now = self.world.clock.world_now()
        for station in self.stations:
            if self._away.get(station.spec.identity, now) < now or not self.is_open:
                self._away.pop(station.spec.identity, None)
                station.come_back()
        if not self.is_open or len(self._away) >= self.world.scenario.offline:
            return
        online = [station for station in self.stations if station.wire is not None]
        if online:
            station = self.rng.choice(online)
            gone_s = self.rng.uniform(180, 1800)
            self._away[station.spec.identity] = now + timedelta(seconds=gone_s)
            station.disconnect(stay_away=True)
            self.world.ledger.count("offline_gaps")

    def _storm(self) -> None:
        for station in self.stations:
            if station.wire is not None:
                station.disconnect()
        self.world.ledger.count("storms")
        self._schedule_storm()

    def _schedule_storm(self) -> None:
        every_s = self.world.scenario.storm_every_s or 0.0
        self._next_storm = self.world.clock.world_now() + timedelta(seconds=every_s)
