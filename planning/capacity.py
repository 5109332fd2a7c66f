"""How many EVSEs of what power a site gets: arrivals by hour, waits, growth, the grid (pure).

The queue of each hour is taken by itself (planning/sizing.py). ``Diversity`` says how much of the
EVSEs' power the grid must carry at once; a rule of load management can stand in its place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from planning.sizing import Queue, SizingError, endless_queue, finite_queue

MOST_EVSES: Final = 400


class PowerRule(Protocol):
    """How many kW the grid connection must carry for so many EVSEs of a power."""

    def grid_kw(self, evses: int, power_kw: float) -> float:
        """kW of the connection."""
        ...


@dataclass(frozen=True, slots=True)
class Diversity:
    """The first EVSEs count whole, each more a share: all are seldom at full power at once."""

    whole: int = 2
    beyond: float = 0.6

    def grid_kw(self, evses: int, power_kw: float) -> float:
        """kW of the connection."""
        first = min(evses, self.whole)
        return power_kw * (first + self.beyond * (evses - first))


@dataclass(frozen=True, slots=True)
class Service:
    """What drivers are to meet: at most ``share`` of a day's drivers wait longer than ``wait_h``.

    ``places`` to wait (None: everybody waits; else who finds them taken drives on). A stay is the
    session's energy at ``taper`` of the power, and ``overhead_h`` besides. ``peak`` is how much
    busier than the average day the day is that counts.
    """

    session_kwh: float = 25.0
    wait_h: float = 5 / 60
    share: float = 0.1
    places: int | None = None
    taper: float = 0.6
    overhead_h: float = 4 / 60
    peak: float = 1.4
    spare_from: int = 4
    """From so many EVSEs one more is built as a spare; 0: never."""

    def stay_h(self, power_kw: float) -> float:
        """How long a car stands."""
        return self.session_kwh / (power_kw * self.taper) + self.overhead_h

    def arrivals(self, kwh_by_hour: Sequence[float]) -> list[float]:
        """Cars in each hour of the day that counts."""
        return [kwh * self.peak / self.session_kwh for kwh in kwh_by_hour]


@dataclass(frozen=True, slots=True)
class Met:
    """What drivers meet on that day; ``away`` is the share who drive on."""

    waits_longer: float
    away: float
    utilisation: float
    busiest: float


@dataclass(frozen=True, slots=True)
class SiteSize:
    """A site: its EVSEs without and with the spare, and what limits it (waiting or grid)."""

    evses: int
    spare: int
    power_kw: float
    grid_kw: float
    met: Met
    limited_by: str
    per_day: float

    @property
    def built(self) -> int:
        """All EVSEs."""
        return self.evses + self.spare


def met(arrivals: Sequence[float], service: Service, evses: int, power_kw: float) -> Met:
    """Over the hours of a day, by who arrives in them; an overfull hour lets everybody wait."""
    stay = service.stay_h(power_kw)
    total = math.fsum(arrivals)
    late = away = busy = 0.0
    for cars in arrivals:
        if not cars:
            continue
        if service.places is not None:
            queue = finite_queue(cars, stay, evses, service.places)
            away += cars * queue.turned_away
            late += cars * (1 - queue.turned_away) * _later(queue, service)
            busy += queue.utilisation
        elif cars * stay < evses:
            queue = endless_queue(cars, stay, evses)
            late += cars * queue.waits_longer(service.wait_h)
            busy += queue.utilisation
        else:
            late += cars
            busy += 1.0
    hours = max(1, len(arrivals))
    top = max(arrivals, default=0.0) * stay / evses
    return Met(late / total if total else 0.0, away / total if total else 0.0, busy / hours, top)


def _later(queue: Queue, service: Service) -> float:
    """Of a finite queue: waits beyond the limit are taken as exponential about their mean."""
    waits, mean = queue.wait_probability, queue.mean_wait_h
    if waits <= 0 or mean <= 0:
        return 0.0
    return waits * math.exp(-service.wait_h * waits / mean)


def size_site(
    kwh_by_hour: Sequence[float],
    service: Service,
    power_kw: float,
    *,
    grid_limit_kw: float | None = None,
    rule: PowerRule | None = None,
) -> SiteSize:
    """The fewest EVSEs with which waits stay within the limit, as far as the grid carries them.

    One EVSE at least. SizingError when the grid carries none, or figures cannot be.
    """
    power = rule or Diversity()
    if not power_kw > 0 or not service.session_kwh > 0:
        raise SizingError("The power and the energy of a session must be above zero")
    if not 0 < service.share <= 1:
        raise SizingError("The share must be above 0 and at most 1")
    arrivals = service.arrivals(kwh_by_hour)
    limit = math.inf if grid_limit_kw is None else grid_limit_kw
    if power.grid_kw(1, power_kw) > limit:
        raise SizingError(f"The grid gives {limit:g} kW, less than one EVSE of {power_kw:g} kW")
    evses, limited = 1, "waiting"
    while not _good(found := met(arrivals, service, evses, power_kw), service):
        if power.grid_kw(evses + 1, power_kw) > limit or evses >= MOST_EVSES:
            limited = "grid" if evses < MOST_EVSES else "size"
            break
        evses += 1
    spare = int(0 < service.spare_from <= evses)
    if power.grid_kw(evses + spare, power_kw) > limit:
        spare = 0
    grid = power.grid_kw(evses + spare, power_kw)
    return SiteSize(evses, spare, power_kw, grid, found, limited, math.fsum(arrivals))


def best_size(
    kwh_by_hour: Sequence[float],
    service: Service,
    powers_kw: Sequence[float],
    *,
    grid_limit_kw: float | None = None,
    rule: PowerRule | None = None,
) -> SiteSize:
    """The highest of the powers whose waits the grid allows, else the one with fewest waits."""
    sizes: list[SiteSize] = []
    for power_kw in sorted(powers_kw, reverse=True):
        try:
            size = size_site(kwh_by_hour, service, power_kw, grid_limit_kw=grid_limit_kw, rule=rule)
        except SizingError:
            continue
        if size.limited_by == "waiting":
            return size
        sizes.append(size)
    if not sizes:
        raise SizingError(f"The grid gives {grid_limit_kw or 0:g} kW, too little for any EVSE")
    return min(sizes, key=lambda one: (one.met.waits_longer + one.met.away, -one.power_kw))


def by_year(
    kwh_by_hour: Sequence[float],
    service: Service,
    power_kw: float,
    factors: Sequence[float],
    *,
    grid_limit_kw: float | None = None,
    rule: PowerRule | None = None,
) -> list[SiteSize]:
    """What each year needs, whose demand is so many times that of the hours."""
    return [
        size_site(
            [kwh * factor for kwh in kwh_by_hour],
            service, power_kw, grid_limit_kw=grid_limit_kw, rule=rule,
        )
        for factor in factors
    ]  # fmt: skip


def _good(found: Met, service: Service) -> bool:
    return found.waits_longer + found.away <= service.share and found.busiest < 1.0
