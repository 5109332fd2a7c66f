"""Readings of an EVSE as its station reports them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from stations.simulator.battery import VOLTAGE_V
from stations.simulator.evse import Evse
from stations.simulator.wire import Measured

_DC_VOLTAGE_V: Final = 400.0


def measure(evse: Evse, at: datetime, power_w: float) -> Measured:
    """What the meter shows now, with current per phase (AC) or state of charge (DC)."""
    battery = evse.battery
    if evse.spec.is_dc:
        current_a: tuple[float, ...] = (round(power_w / _DC_VOLTAGE_V, 1),)
    else:
        phases = battery.car.phases if battery else 3
        each = round(power_w / phases / VOLTAGE_V, 1)
        current_a = tuple(each if phase < phases else 0.0 for phase in range(3))
    return Measured(
        at=at,
        register=evse.meter.sample(),
        power_w=round(power_w, 1),
        current_a=current_a,
        soc_percent=round(battery.soc_percent, 1) if evse.spec.is_dc and battery else None,
    )
