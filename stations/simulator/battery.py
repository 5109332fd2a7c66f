"""Cars and how their batteries take power (pure)."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Final

# Share of a car's greatest DC power that it takes at a state of charge, between points.
DC_TAPER: Final = ((0.0, 0.55), (8.0, 1.0), (45.0, 0.95), (60.0, 0.7), (80.0, 0.38), (100.0, 0.06))
# On-board chargers hold their power nearly to the end.
AC_TAPER: Final = ((0.0, 1.0), (96.0, 1.0), (100.0, 0.25))
VOLTAGE_V: Final = 230.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A kind of car: usable battery, on-board charger with its phases, DC power."""

    capacity_wh: float
    ac_power_w: float
    phases: int
    dc_power_w: float


CARS: Final = (
    Car(capacity_wh=58_000, ac_power_w=11_040, phases=3, dc_power_w=120_000),
    Car(capacity_wh=77_000, ac_power_w=11_040, phases=3, dc_power_w=170_000),
    Car(capacity_wh=75_000, ac_power_w=11_040, phases=3, dc_power_w=210_000),
    Car(capacity_wh=100_000, ac_power_w=22_080, phases=3, dc_power_w=260_000),
    Car(capacity_wh=39_000, ac_power_w=6_600, phases=1, dc_power_w=46_000),
    Car(capacity_wh=52_000, ac_power_w=22_080, phases=3, dc_power_w=48_000),
    Car(capacity_wh=12_000, ac_power_w=3_680, phases=1, dc_power_w=0),
)


def taper(points: tuple[tuple[float, float], ...], soc_percent: float) -> float:
    """Value at ``soc_percent`` on a line through ``points``; flat outside."""
    last_soc, last_share = points[0]
    for soc, share in points[1:]:
        if soc_percent <= soc:
            step = max(0.0, soc_percent - last_soc) / (soc - last_soc)
            return last_share + step * (share - last_share)
        last_soc, last_share = soc, share
    return last_share


@dataclass(slots=True)
class Battery:
    """The battery of a car at a socket; ``advance`` charges it."""

    car: Car
    soc_percent: float
    target_percent: float

    @property
    def is_full(self) -> bool:
        """Whether the car stopped taking power."""
        return self.soc_percent >= self.target_percent

    def power_w(self, limit_w: float, *, dc: bool) -> float:
        """What the car takes now if the station offers ``limit_w``."""
        if self.is_full or limit_w <= 0:
            return 0.0
        if dc:
            wanted = self.car.dc_power_w * taper(DC_TAPER, self.soc_percent)
        else:
            wanted = self.car.ac_power_w * taper(AC_TAPER, self.soc_percent)
        return min(limit_w, wanted)

    def advance(self, seconds: float, limit_w: float, *, dc: bool) -> tuple[float, float]:
        """Charge for ``seconds``; returns (energy in Wh, power in W) of the step."""
        power_w = self.power_w(limit_w, dc=dc)
        room_wh = max(0.0, self.target_percent - self.soc_percent) / 100 * self.car.capacity_wh
        energy_wh = min(power_w * seconds / 3600, room_wh)
        self.soc_percent += energy_wh / self.car.capacity_wh * 100
        if energy_wh >= room_wh:
            self.soc_percent = self.target_percent
        return energy_wh, power_w


def arriving_battery(rng: random.Random, *, dc: bool, shrink: float = 1.0) -> Battery:
    """A car as it comes: rather empty at fast stations, anything elsewhere.

    ``shrink``: its battery is so many times smaller, for worlds that run faster.
    """
    kinds = [car for car in CARS if car.dc_power_w] if dc else CARS
    kind = rng.choice(kinds)
    car = replace(kind, capacity_wh=kind.capacity_wh / shrink)
    if dc:
        return Battery(car, rng.uniform(6, 45), rng.choice((70.0, 80.0, 80.0, 80.0, 90.0)))
    return Battery(car, rng.uniform(15, 80), rng.choice((80.0, 90.0, 100.0, 100.0)))
