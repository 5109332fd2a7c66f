"""How a simulated day goes: how busy, how troubled, how fast (pure)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from stations.simulator.meters import MeterFault
from stations.simulator.specs import StationSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Settings of a run.

    ``duration_s``: real seconds, None for ever. ``begin_at``: the time of the simulated world
    when the run begins, None for now. ``least_busy``: share of EVSEs that have a car at any
    time, whatever the hour; above ``most_busy`` none come. ``faulted`` and ``offline``: how
    many EVSEs are faulted and stations offline at any time. ``storm_every_s``: all
    connections drop that often (simulated seconds). ``bad_meters`` and ``drifting``: shares
    of stations. ``sample_s``: simulated seconds between readings (AC; a third of it on DC),
    until the network sets another interval. ``stranger_share``: of tokens that should be
    refused.
    """

    seed: int = 1
    duration_s: float | None = None
    speed: float = 1.0
    begin_at: datetime | None = None
    time_zone: str = "Europe/Stockholm"
    least_busy: float = 0.0
    most_busy: float = 0.8
    faulted: int = 0
    offline: int = 0
    storm_every_s: float | None = None
    bad_meters: float = 0.0
    drifting: float = 0.0
    sample_s: float = 60.0
    stranger_share: float = 0.03
    boot_spread_s: float = 2.0
    response_timeout_s: float = 30.0


def with_habits(fleet: Sequence[StationSpec], scenario: Scenario) -> list[StationSpec]:
    """The fleet with bad meters and drifting clocks given to shares of it, by the seed."""
    rng = random.Random(f"{scenario.seed}:habits")
    faults = [fault for fault in MeterFault if fault is not MeterFault.NONE]
    return [_with_habits(rng, spec, scenario, faults) for spec in fleet]


def _with_habits(
    rng: random.Random, spec: StationSpec, scenario: Scenario, faults: Sequence[MeterFault]
) -> StationSpec:
    if rng.random() < scenario.bad_meters:
        spec = replace(spec, meter_fault=rng.choice(faults))
    if rng.random() < scenario.drifting:
        spec = replace(spec, drift_s=round(rng.uniform(-900, 900), 1))
    return spec
