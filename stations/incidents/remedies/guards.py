"""When a remedy must not be carried out (pure). The first reason that holds is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from stations.incidents.remedies.playbooks import SAFE_FOR_SAFETY, Action

MAY_START: Final = frozenset(
    {"preparing", "occupied", "charging", "suspended_ev", "suspended_evse", "finishing", "reserved"}
)
"""Statuses of a connector with a car that charges, or that may start to."""
PASSING: Final = frozenset(
    {"session", "plugged", "offline", "hours", "too_many_6h", "cool_down", "site_busy"}
)
"""Reasons that go away by themselves: the run waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the operator allows. Hours are of the site's clock; from after until is overnight."""

    mode: str = "on"
    most_per_six_hours: int = 2
    most_per_day: int = 3
    cool_down_s: int = 900
    from_hour: int | None = None
    until_hour: int | None = None
    makes_orders: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is so at a station: EVSEs with a session that runs (0: not known which), statuses by
    EVSE, EVSEs (0: any) where a card was accepted just now, restarts by us lately, the end of the
    last run, the hour of the site's clock, whether a safety fault is open at it."""

    is_connected: bool
    hands_off: bool
    sessions: frozenset[int]
    statuses: tuple[tuple[int, str], ...]
    authorised: frozenset[int]
    restarts: Sequence[datetime]
    last_run_at: datetime | None
    hour: int
    is_maintained: bool = False
    is_site_busy: bool = False
    has_safety_fault: bool = False


def starting_guard(
    facts: Surroundings, limits: Limits, now: datetime, fault_class: str = ""
) -> str:
    """Why no run may begin now; empty: it may. What is unsafe is taken out of service at once,
    whatever else is healed at the site and however short ago the last run was."""
    if limits.mode == "off":
        return "off"
    if facts.hands_off:
        return "hands_off"
    if facts.is_maintained:
        return "maintenance"
    if fault_class == "safety":
        return ""
    if facts.is_site_busy:
        return "site_busy"
    rest = timedelta(seconds=limits.cool_down_s)
    if facts.last_run_at is not None and now - facts.last_run_at < rest:
        return "cool_down"
    return ""


def guard(
    action: Action,
    fault_class: str,
    evse: int,
    facts: Surroundings,
    limits: Limits,
    now: datetime,
) -> str:
    """Why a step must not be taken now; empty: it may. ``evse`` 0 is the whole station."""
    if limits.mode == "off":
        return "off"
    if facts.hands_off:
        return "hands_off"
    if facts.is_maintained:
        return "maintenance"
    if fault_class == "safety" and action.name not in SAFE_FOR_SAFETY:
        return "safety"
    if facts.has_safety_fault and fault_class != "safety" and _may_wake(action):
        return "safety"
    if not facts.is_connected:
        return "offline"
    return _disturbs(action, evse, facts) or _too_often(action, facts, limits, now)


def _may_wake(action: Action) -> bool:
    """Whether an action may bring a station with a safety fault back, or move its parts."""
    return action.reach != "none" or action.name == "availability_on"


def _disturbs(action: Action, evse: int, facts: Surroundings) -> str:
    if action.reach == "none":
        return ""
    whole = action.reach == "station" or not evse
    if facts.sessions and (whole or facts.sessions & {evse, 0}):
        return "session"
    occupied = {number for number, status in facts.statuses if status in MAY_START}
    occupied |= facts.authorised
    if occupied and (whole or occupied & {evse, 0}):
        return "plugged"
    return ""


def _too_often(action: Action, facts: Surroundings, limits: Limits, now: datetime) -> str:
    if action.reach != "none" and not _is_allowed_hour(facts.hour, limits):
        return "hours"
    if not action.is_restart:
        return ""
    if _since(facts.restarts, now - timedelta(days=1)) >= limits.most_per_day:
        return "too_many_day"
    if _since(facts.restarts, now - timedelta(hours=6)) >= limits.most_per_six_hours:
        return "too_many_6h"
    return ""


def _since(restarts: Sequence[datetime], begin: datetime) -> int:
    return sum(at > begin for at in restarts)


def _is_allowed_hour(hour: int, limits: Limits) -> bool:
    begin, end = limits.from_hour, limits.until_hour
    if begin is None or end is None or begin == end:
        return True
    return begin <= hour < end if begin < end else hour >= begin or hour < end
