"""When a schedule is due next (pure)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``weekday`` 0 is Monday. ``month_day`` beyond the month's end means its last day."""

    frequency: str
    hour: int
    zone: tzinfo
    weekday: int = 0
    month_day: int = 1


def next_due(rhythm: Rhythm, after: datetime) -> datetime:
    """The first due instant after ``after``, in UTC.

    The hour is that of a clock on the wall: an hour that a change of time skips is due when it
    would have been, one that it repeats is due the first time.
    """
    day = after.astimezone(rhythm.zone).date() - timedelta(days=1)
    while True:
        if _matches(rhythm, day):
            due = datetime.combine(day, time(rhythm.hour), rhythm.zone).astimezone(UTC)
            if due > after:
                return due
        day += timedelta(days=1)


def _matches(rhythm: Rhythm, day: date) -> bool:
    if rhythm.frequency == WEEKLY:
        return day.weekday() == rhythm.weekday
    if rhythm.frequency == MONTHLY:
        last = calendar.monthrange(day.year, day.month)[1]
        return day.day == min(rhythm.month_day, last)
    return True
