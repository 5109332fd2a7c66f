"""Why a station is not updated now, or not at all (pure). The first reason that holds is told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

MAY_START: Final = frozenset(
    {"preparing", "occupied", "charging", "suspended_ev", "suspended_evse", "finishing", "reserved"}
)
"""Statuses of a connector with a car that charges, or that may start to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFacts:
    """What is so at a station now. ``hour`` is of its site's clock."""

    is_retired: bool = False
    hands_off: bool = False
    is_other_model: bool = False
    has_version: bool = False
    is_known: bool = True
    is_connected: bool = True
    has_session: bool = False
    was_authorised: bool = False
    is_updating: bool = False
    statuses: Collection[str] = ()
    hour: int = 0


def never(facts: StationFacts) -> str:
    """Why the station takes no part at all; empty: it does."""
    if facts.is_retired:
        return "retired"
    if facts.hands_off:
        return "hands_off"
    if facts.is_other_model:
        return "other_model"
    if facts.has_version:
        return "has_version"
    if not facts.is_known:
        return "no_version"
    return ""


def not_now(facts: StationFacts, from_hour: int | None, until_hour: int | None) -> str:
    """Why the station has to wait; empty: it can be asked now."""
    if not facts.is_connected:
        return "offline"
    if facts.is_updating:
        return "updating"
    if facts.has_session:
        return "session"
    if facts.was_authorised or any(status in MAY_START for status in facts.statuses):
        return "plugged"
    if not is_allowed_hour(facts.hour, from_hour, until_hour):
        return "hours"
    return ""


def is_allowed_hour(hour: int, from_hour: int | None, until_hour: int | None) -> bool:
    """Whether an hour lies from one until another, over midnight too; without both, always."""
    if from_hour is None or until_hour is None or from_hour == until_hour:
        return True
    if from_hour < until_hour:
        return from_hour <= hour < until_hour
    return hour >= from_hour or hour < until_hour
