"""Which of several states is the worst: for markers, badges and sort order (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

OFFLINE: Final = "offline"

WORST_FIRST: Final[tuple[str, ...]] = (
    "faulted",
    "unavailable",
    "unknown",
    "suspended_evse",
    "finishing",
    "suspended_ev",
    "reserved",
    "occupied",
    "preparing",
    "charging",
    "available",
)
"""Statuses of connectors, the one that needs a person most first."""

_RANK: Final = {status: rank for rank, status in enumerate(WORST_FIRST)}


def rank(status: str) -> int:
    """Place of ``status`` in WORST_FIRST; a status we do not know counts as unknown."""
    return _RANK.get(status, _RANK["unknown"])


def worst(statuses: Iterable[str]) -> str:
    """The worst of ``statuses``; unknown when there are none."""
    return min(statuses, key=rank, default="unknown")


def marker(statuses: Iterable[str], *, offline_stations: int) -> str:
    """One word for a place: faulted before offline before everything else."""
    state = worst(statuses)
    if state == "faulted" or not offline_stations:
        return state
    return OFFLINE
