"""How many EVSEs a site needs, by queues with Poisson arrivals and exponential stays (pure).

Stays at fast chargers vary less than exponential ones, so the numbers are on the safe side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_EVSES = 10_000


class SizingError(ValueError):
    """Figures that no queue can have."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What drivers meet at a site: how likely they wait or leave, and how long they wait."""

    evses: int
    utilisation: float
    wait_probability: float
    mean_wait_h: float
    turned_away: float = 0.0

    ends_per_h: float = 0.0
    """How much faster a full site ends stays than cars arrive."""

    def waits_longer(self, hours: float) -> float:
        """The share of drivers who wait longer than so many hours (without a limit of places)."""
        return self.wait_probability * math.exp(-self.ends_per_h * hours)


def endless_queue(arrivals_per_h: float, stay_h: float, evses: int) -> Queue:
    """M/M/c (Erlang C): everybody waits. SizingError when the queue would grow without end."""
    load = _load(arrivals_per_h, stay_h, evses)
    if load >= evses:
        raise SizingError(f"{evses} EVSEs cannot serve a load of {load:g}")
    blocked = 1.0
    for number in range(1, evses + 1):
        blocked = load * blocked / (number + load * blocked)
    use = load / evses
    waits = blocked / (1 - use * (1 - blocked))
    spare = evses / stay_h - arrivals_per_h
    return Queue(evses, use, waits, waits / spare, ends_per_h=spare)


def finite_queue(arrivals_per_h: float, stay_h: float, evses: int, places: int) -> Queue:
    """M/M/c/K: who finds all EVSEs and all ``places`` to wait taken drives on.

    Waiting is told of those who stay.
    """
    load = _load(arrivals_per_h, stay_h, evses)
    if places < 0:
        raise SizingError("The places to wait are negative")
    logs = [0.0]
    for number in range(1, evses + places + 1):
        step = load / min(number, evses)
        logs.append(logs[-1] + math.log(step) if step > 0 else -math.inf)
    highest = max(logs)
    shares = [math.exp(one - highest) for one in logs]
    total = math.fsum(shares)
    away = shares[-1] / total
    waiting = math.fsum((n - evses) * share for n, share in enumerate(shares) if n > evses) / total
    entered = 1 - away
    waits = math.fsum(shares[evses:-1]) / total
    return Queue(
        evses,
        load * entered / evses,
        waits / entered,
        waiting / (arrivals_per_h * entered) if arrivals_per_h else 0.0,
        away,
    )


def fewest_evses(
    arrivals_per_h: float, stay_h: float, longest_wait_h: float, share: float
) -> Queue:
    """The smallest site where at most this share of drivers waits longer than that."""
    if not 0 < share <= 1:
        raise SizingError("The share must be above 0 and at most 1")
    if longest_wait_h < 0:
        raise SizingError("The wait is negative")
    least = math.floor(_load(arrivals_per_h, stay_h, 1)) + 1
    for evses in range(least, MOST_EVSES + 1):
        found = endless_queue(arrivals_per_h, stay_h, evses)
        if found.waits_longer(longest_wait_h) <= share:
            return found
    raise SizingError(f"More than {MOST_EVSES} EVSEs would be needed")


def _load(arrivals_per_h: float, stay_h: float, evses: int) -> float:
    """Erlangs: how many EVSEs are in use at once if nobody had to wait."""
    if not (math.isfinite(arrivals_per_h) and arrivals_per_h >= 0):
        raise SizingError("The arrivals must be a number from 0")
    if not (math.isfinite(stay_h) and stay_h > 0):
        raise SizingError("The stay must be longer than nothing")
    if evses < 1:
        raise SizingError("A site has at least one EVSE")
    return arrivals_per_h * stay_h
