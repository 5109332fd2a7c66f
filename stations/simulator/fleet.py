"""Running many simulated stations together, for a time or for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from stations.simulator.clock import SimClock, stamp
from stations.simulator.crowd import Crowd, Tokens
from stations.simulator.endings import end_tasks
from stations.simulator.evse import Stop
from stations.simulator.ledger import Ledger
from stations.simulator.life import live
from stations.simulator.link import keep_connected
from stations.simulator.memory_file import restore, save
from stations.simulator.scenario import Scenario, with_habits
from stations.simulator.specs import SpecError, StationSpec
from stations.simulator.station import SimStation, World

DRAIN_S: Final = 60.0
"""Real seconds given at the end for queued messages to be answered."""
_STEP_S: Final = 5.0
"""Simulated seconds between looks at the world, where real time allows."""
_SHORTEST_STEP_S: Final = 0.2
_SAVE_S: Final = 20.0


@dataclass(slots=True)
class Fleet:
    """A run: stations, where they connect, what drivers carry.

    ``good``: tokens by group that should be accepted; ``bad``: ones that should not.
    ``memory``: file with what stations remember; with it, a run that is stopped leaves its
    sessions open and the next one ends them as after a loss of power.
    """

    url: str
    specs: Sequence[StationSpec]
    scenario: Scenario
    good: Tokens
    bad: Tokens = field(default_factory=dict)
    lean: bool = False
    memory: Path | None = None
    stations: list[SimStation] = field(default_factory=list)

    def __post_init__(self) -> None:
        for spec in self.specs:
            if not self.good.get(spec.token_group):
                raise SpecError(f"{spec.identity}: no tokens for group {spec.token_group!r}")

    async def run(self, stop: asyncio.Event | None = None) -> dict[str, Any]:
        """Run for the scenario's duration, or until ``stop``; the report of what happened."""
        began_at = datetime.now(UTC)
        clock = SimClock(speed=self.scenario.speed, begin_at=self.scenario.begin_at)
        world = World(clock, Ledger(), self.scenario, self.lean)
        self.stations = [SimStation(spec, world) for spec in with_habits(self.specs, self.scenario)]
        if self.memory:
            restore(self.memory, self.stations)
        crowd = Crowd(world, self.stations, self.good, self.bad)
        lives = [
            asyncio.create_task(live(station, evse))
            for station in self.stations
            for evse in station.evses.values()
        ]
        links = [asyncio.create_task(self._connect(station)) for station in self.stations]
        try:
            await self._days(world, crowd, [*lives, *links], stop or asyncio.Event())
            if self.memory is None:
                await self._finish(crowd)
        finally:
            if self.memory:
                save(self.memory, self.stations)
            await end_tasks([*lives, *links, *(t for s in self.stations for t in s.tasks)])
        return self._report(world, began_at)

    async def _connect(self, station: SimStation) -> None:
        await asyncio.sleep(station.rng.uniform(0, self.scenario.boot_spread_s))
        await keep_connected(station, self.url)

    async def _days(
        self, world: World, crowd: Crowd, tasks: Sequence[asyncio.Task[None]], stop: asyncio.Event
    ) -> None:
        loop = asyncio.get_running_loop()
        ends_at = (
            None if self.scenario.duration_s is None else loop.time() + self.scenario.duration_s
        )
        saved_at = loop.time()
        step_s = max(_SHORTEST_STEP_S, world.clock.real_s(_STEP_S))
        while not stop.is_set() and (ends_at is None or loop.time() < ends_at):
            for task in tasks:
                if task.done():
                    task.result()  # an error of ours ends the run loudly
            crowd.step(step_s * self.scenario.speed)
            if self.memory and loop.time() - saved_at > _SAVE_S:
                save(self.memory, self.stations)
                saved_at = loop.time()
            try:
                await asyncio.wait_for(stop.wait(), step_s)
            except TimeoutError:
                continue

    async def _finish(self, crowd: Crowd) -> None:
        """Let cars leave and queued messages be answered."""
        crowd.is_open = False
        loop = asyncio.get_running_loop()
        until = loop.time() + DRAIN_S
        for station in self.stations:
            station.signal(None, Stop("Local"))
        while loop.time() < until and not all(_is_quiet(station) for station in self.stations):
            crowd.step(0)
            for station in self.stations:
                for evse in station.evses.values():
                    if evse.tx is not None and evse.signals.empty():
                        evse.signals.put_nowait(Stop("Local"))
            await asyncio.sleep(0.1)

    def _report(self, world: World, began_at: datetime) -> dict[str, Any]:
        return {
            "url": self.url,
            "stations": len(self.stations),
            "seed": self.scenario.seed,
            "speed": self.scenario.speed,
            "began_at": stamp(began_at),
            "ended_at": stamp(datetime.now(UTC)),
            **world.ledger.report(),
        }


def _is_quiet(station: SimStation) -> bool:
    """Whether nothing runs and nothing waits."""
    idle = all(evse.tx is None for evse in station.evses.values())
    return idle and len(station.outbox) == 0
