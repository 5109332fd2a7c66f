"""When customers are told of a price (pure): instants in, instants out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 365
MAILS_GO_AT: Final = time(9)
TRIES: Final = 6
TIME_TO_ENTER: Final = timedelta(minutes=10)
_FIRST_WAIT: Final = timedelta(minutes=5)


def earliest_start(now: datetime, days: int) -> datetime:
    """The first instant from which a price may hold that is told of now."""
    return now + timedelta(days=days)


def proposed_start(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The first full hour that is no shorter notice by the time somebody has entered it."""
    first = (earliest_start(now, days) + TIME_TO_ENTER).astimezone(zone)
    return first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def is_short(start: datetime, now: datetime, days: int) -> bool:
    """Whether there are fewer days left than customers must be told before."""
    return start < earliest_start(now, days)


def send_at(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """09:00 of the last morning, in the operator's zone, that is the full time before the start."""
    last = (start - timedelta(days=days)).astimezone(zone)
    morning = datetime.combine(last.date(), MAILS_GO_AT, zone)
    if morning > last:
        morning = datetime.combine(last.date() - timedelta(days=1), MAILS_GO_AT, zone)
    return morning


def next_try_at(now: datetime, attempts: int) -> datetime | None:
    """When to try again after ``attempts`` failures: 5 minutes, doubled each time; None: never."""
    if attempts >= TRIES:
        return None
    wait: timedelta = _FIRST_WAIT * (1 << max(attempts - 1, 0))
    return now + wait
