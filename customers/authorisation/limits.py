"""The limits of a token (pure): which one says no, if any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Use:
    """What a token uses now: running sessions elsewhere, energy of this month."""

    running_sessions: int
    energy_wh: int


def month_began_at(at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant of the month of ``at`` in ``zone``."""
    return at.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def exceeded(
    use: Use, *, max_concurrent_sessions: int | None, max_energy_wh_per_month: int | None
) -> str | None:
    """``concurrent_sessions`` or ``energy_limit`` when one more session is too many."""
    if max_concurrent_sessions is not None and use.running_sessions >= max_concurrent_sessions:
        return "concurrent_sessions"
    if max_energy_wh_per_month is not None and use.energy_wh >= max_energy_wh_per_month:
        return "energy_limit"
    return None
