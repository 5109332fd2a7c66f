"""How a site is used, from its sessions: who waited, who drove on, and what would help (pure).

That a driver waited shows when a car plugs in at a full site within minutes of another that leaves.
Who drove on leaves no trace: as many cars are taken to come while a site is full as at other
times, and those who did not wait are taken to have left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from planning.sizing import SizingError, fewest_evses

AFTER: Final = timedelta(minutes=5)
"""Who plugs in so soon after a full site had a place has waited for it."""
WAIT_H: Final = 5 / 60
WAIT_SHARE: Final = 0.1
FULL_SHARE: Final = 0.05
BUSY_SHARE: Final = 0.35
IDLE_SHARE: Final = 0.02
IDLE_SESSIONS: Final = 0.3
AT_LIMIT: Final = 0.85
SHORT: Final = timedelta(days=14)
OVER, UNDER, FINE, NEW = "over", "under", "fine", "new"


@dataclass(frozen=True, slots=True)
class Stay:
    """A session: its EVSE, from when to when, and what it took."""

    evse_id: int
    began_at: datetime
    ended_at: datetime
    kwh: float


@dataclass(frozen=True, slots=True)
class Place:
    """A site: the power (kW, 0: not known) of each EVSE by its id, and since when it is open."""

    powers_kw: Mapping[int, float]
    open_since: datetime | None = None

    def age(self, at: datetime) -> timedelta | None:
        """For how long it has been open; None when nobody knows."""
        return None if self.open_since is None else at - self.open_since


@dataclass(frozen=True, slots=True)
class Use:
    """What a site did in the days of a window in which it was open. ``waited`` and ``left`` are
    cars in the window; ``needed`` is the number of EVSEs at which one driver in ten waits longer
    than 5 minutes in the peak hour."""

    verdict: str
    days: float
    sessions: int
    kwh: float
    evses: int
    busy_share: float
    full_share: float
    waited: int
    left: float
    peak_per_hour: float
    stay_h: float
    needed: int
    at_limit_share: float

    @property
    def more(self) -> int:
        """EVSEs that are missing."""
        return max(0, self.needed - self.evses) if self.verdict == OVER else 0

    @property
    def wants_power(self) -> bool:
        """Whether cars take all that there is for most of their stay, at a site that is full."""
        return self.verdict == OVER and self.at_limit_share >= 0.5


def use_of(
    place: Place, stays: Sequence[Stay], begin: datetime, end: datetime, hours: Sequence[int]
) -> Use:
    """``hours``: the local hour in which each stay began, in the order of the stays. Stays at EVSEs
    that stand no more tell what was sold, not what is taken now."""
    evses = len(place.powers_kw)
    open_at = max(begin, place.open_since or begin)
    window_h = max((end - open_at).total_seconds() / 3600, 1e-9)
    here = [one for one in stays if one.evse_id in place.powers_kw]
    busy_h = sum(_hours(one, open_at, end) for one in here)
    full_h, waited, free_arrivals = _full(here, evses, open_at, end)
    full_share = min(1.0, full_h / window_h)
    rate = free_arrivals / max(window_h - full_h, 1e-9)
    left = max(0.0, rate * full_h - waited) if full_h > 0 else 0.0
    peak = _peak(hours, window_h) * (1 + left / max(1, len(stays)))
    stay_h = busy_h / len(here) if here else 0.0
    busy = min(1.0, busy_h / (window_h * evses)) if evses else 0.0
    return Use(
        verdict=_verdict(len(stays), evses, window_h, busy, full_share, place.age(end)),
        days=window_h / 24,
        sessions=len(stays),
        kwh=sum(one.kwh for one in stays),
        evses=evses,
        busy_share=busy,
        full_share=full_share,
        waited=waited,
        left=left,
        peak_per_hour=peak,
        stay_h=stay_h,
        needed=_needed(peak, stay_h, evses),
        at_limit_share=_at_limit(place, here),
    )


def _hours(one: Stay, begin: datetime, end: datetime) -> float:
    seconds = (min(one.ended_at, end) - max(one.began_at, begin)).total_seconds()
    return max(0.0, seconds / 3600)


def _full(
    stays: Sequence[Stay], evses: int, begin: datetime, end: datetime
) -> tuple[float, int, int]:
    """Hours in which every EVSE was taken, cars that waited, and cars that came to free places."""
    events = [(max(one.began_at, begin), 1) for one in stays if one.ended_at > begin]
    events += [(min(one.ended_at, end), -1) for one in stays if one.ended_at > begin]
    taken, full_since, freed_at = 0, begin, None
    full_h, waited, free = 0.0, 0, 0
    for at, step in sorted(events):
        if step > 0:
            if freed_at is not None and at - freed_at <= AFTER:
                waited += 1
                freed_at = None
            else:
                free += 1
        taken += step
        if step > 0 and taken == evses:
            full_since = at
        elif step < 0 and taken == evses - 1:
            full_h += (at - full_since).total_seconds() / 3600
            freed_at = at
    if evses and taken >= evses:
        full_h += max(0.0, (end - full_since).total_seconds() / 3600)
    return full_h, waited, free


def _peak(hours: Sequence[int], window_h: float) -> float:
    """Cars in the hour of the day that has most, on an average day."""
    counts = [0] * 24
    for hour in hours:
        counts[hour] += 1
    return max(counts) / max(1.0, window_h / 24)


def _needed(peak: float, stay_h: float, evses: int) -> int:
    if not peak or not stay_h:
        return min(1, evses)
    try:
        return fewest_evses(peak, stay_h, WAIT_H, WAIT_SHARE).evses
    except SizingError:
        return evses


def _at_limit(place: Place, stays: Sequence[Stay]) -> float:
    """The share of sessions whose mean power is near that of their EVSE, where it is known."""
    told = [(place.powers_kw[one.evse_id], one) for one in stays if place.powers_kw[one.evse_id]]
    near = sum(
        one.kwh >= AT_LIMIT * power * (one.ended_at - one.began_at).total_seconds() / 3600
        for power, one in told
    )
    return near / len(told) if told else 0.0


def _verdict(
    sessions: int, evses: int, window_h: float, busy: float, full: float, age: timedelta | None
) -> str:
    if not evses or (age is not None and age < SHORT):
        return NEW
    if full >= FULL_SHARE or busy >= BUSY_SHARE:
        return OVER
    if busy < IDLE_SHARE and sessions / evses / (window_h / 24) < IDLE_SESSIONS:
        return UNDER
    return FINE
