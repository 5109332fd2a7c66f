"""Clocks of service agreements: what is promised, what is used of it, when it is due (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from core.periods import Period
from stations.maintenance.business import (
    ALWAYS,
    BusinessCalendar,
    add_business_time,
    business_time,
)
from stations.sites.hours import parse_hours

SHORT_PERCENT: Final = 80
"""From this share of the promised time on a clock is short of it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised for one order: minutes until somebody is there and until it works."""

    respond_min: int | None
    restore_min: int | None
    calendar: BusinessCalendar = ALWAYS

    @staticmethod
    def read(data: Mapping[str, Any]) -> Terms | None:
        """From the form that an order keeps; None where nothing was agreed."""
        if not data:
            return None
        hours = data.get("hours")
        calendar = (
            ALWAYS
            if hours is None
            else BusinessCalendar(parse_hours(hours), data["zone"], data.get("country", ""))
        )
        return Terms(data.get("respond_min"), data.get("restore_min"), calendar)


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count; no end: still."""

    start: datetime
    end: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock at an instant. ``wall``: what a clock on the wall says, pauses and nights too."""

    allowed: timedelta
    used: timedelta
    wall: timedelta
    due_at: datetime | None
    stopped_at: datetime | None
    is_paused: bool

    @property
    def share(self) -> int:
        """Used of allowed, in whole percent (rounded down, so that 100 is really used up)."""
        return int(Fraction(self.used / self.allowed) * 100) if self.allowed else 100

    @property
    def is_breached(self) -> bool:
        """Whether more was used than allowed."""
        return self.used > self.allowed

    @property
    def left(self) -> timedelta:
        """What is left; below zero after a breach."""
        return self.allowed - self.used

    @property
    def state(self) -> str:
        """How it stands, as ``core.status_words`` names it."""
        if self.is_breached:
            return "breached"
        if self.stopped_at is not None:
            return "kept"
        if self.is_paused:
            return "paused"
        return "short" if self.share >= SHORT_PERCENT else "running"

    @property
    def over(self) -> timedelta:
        """How much too much was used; nothing before a breach."""
        return max(self.used - self.allowed, timedelta())


def clock(
    *,
    minutes: int | None,
    calendar: BusinessCalendar,
    started_at: datetime,
    stopped_at: datetime | None,
    pauses: tuple[Pause, ...],
    now: datetime,
) -> Clock | None:
    """The state of one clock; None where no time is promised.

    An open pause holds the clock: it is due when what is left has passed after ``now``.
    """
    if minutes is None:
        return None
    until = stopped_at or now
    stops = tuple(
        Period(one.start, max(one.start, one.end or until)) for one in pauses if one.start < until
    )
    allowed = timedelta(minutes=minutes)
    return Clock(
        allowed=allowed,
        used=business_time(calendar, started_at, until, stops),
        wall=max(until - started_at, timedelta()),
        due_at=add_business_time(calendar, started_at, allowed, stops),
        stopped_at=stopped_at,
        is_paused=stopped_at is None and any(one.end is None for one in pauses),
    )


def stages_reached(one: Clock, stages: Iterable[int]) -> tuple[int, ...]:
    """The stages (percent of the promised time) that a clock has passed; 100 is a breach, so it
    takes more than the promised time, not just all of it."""
    return tuple(
        stage
        for stage in stages
        if (one.is_breached if stage == 100 else one.used * 100 >= one.allowed * stage)
    )
