"""An EVSE that says it is available and does not deliver (pure).

So many attempts in a row without energy, by at least two drivers, mean that the EVSE is out of
service. The outage is back-dated to the first of them, the first failure after the last success,
and lasts until the next success.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.periods import Period

LEAST_DRIVERS: Final = 2


@dataclass(frozen=True, slots=True)
class Try:
    """One session of the EVSE: when it began, who tried, whether energy flowed; ``ref`` names
    it."""

    at: datetime
    driver: str
    succeeded: bool
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Silent:
    """Out of service over ``period``, as the attempts named by ``refs`` tell."""

    period: Period
    refs: tuple[str, ...]


def silent_outages(tries: Iterable[Try], least: int, now: datetime) -> list[Silent]:
    """The outages until ``now``; ``least`` 0: such failures are not judged."""
    if least < 1:
        return []
    found: list[Silent] = []
    run: list[Try] = []
    for one in sorted(set(tries), key=lambda one: (one.at, one.ref)):
        if not one.succeeded:
            run.append(one)
            continue
        found += _outage(run, least, one.at)
        run = []
    return found + _outage(run, least, now)


def run_began(tries: Iterable[Try], at: datetime) -> datetime:
    """The first failure after the last success before an instant; the instant where none is."""
    earlier = [one for one in tries if one.at < at]
    good = max((one.at for one in earlier if one.succeeded), default=None)
    return min((one.at for one in earlier if good is None or one.at > good), default=at)


def _outage(run: Sequence[Try], least: int, end: datetime) -> list[Silent]:
    drivers = {one.driver for one in run}
    if len(run) < least or len(drivers) < LEAST_DRIVERS or run[0].at >= end:
        return []
    return [Silent(Period(run[0].at, end), tuple(one.ref for one in run))]
