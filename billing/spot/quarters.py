"""Quarters of an hour, and the days of the market with 92, 96 or 100 of them (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

QUARTER: Final = timedelta(minutes=15)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MARKET_ZONE: Final = ZoneInfo("Europe/Brussels")
"""The day-ahead market trades days of CET/CEST, in Finland and the Baltic countries too."""


def floor_quarter(at: datetime) -> datetime:
    """The start of the quarter that ``at`` lies in, in UTC."""
    instant = at.astimezone(UTC)
    return instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)


def is_quarter(at: datetime) -> bool:
    """Whether a quarter starts at ``at``."""
    return floor_quarter(at) == at


def quarters(begins_at: datetime, ends_at: datetime) -> Iterator[datetime]:
    """Starts of all quarters that touch the half-open interval, in UTC."""
    at = floor_quarter(begins_at)
    while at < ends_at:
        yield at
        at += QUARTER


def market_day(at: datetime) -> date:
    """The day of the market that ``at`` lies in."""
    return at.astimezone(MARKET_ZONE).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Begin and end of a day of the market, in UTC."""
    begin = datetime.combine(day, time(), MARKET_ZONE)
    return begin.astimezone(UTC), datetime.combine(day + DAY, time(), MARKET_ZONE).astimezone(UTC)


def day_quarters(day: date) -> list[datetime]:
    """Starts of the quarters of a day of the market: 96, and 92 or 100 when clocks change."""
    return list(quarters(*day_bounds(day)))


def is_skipped(local: datetime) -> bool:
    """Whether the naive time of CET/CEST never was, since clocks went forward."""
    aware = local.replace(tzinfo=MARKET_ZONE)
    return aware.astimezone(UTC).astimezone(MARKET_ZONE).replace(tzinfo=None) != local


def is_repeated(local: datetime) -> bool:
    """Whether the naive time of CET/CEST was twice, since clocks went back."""
    aware = local.replace(tzinfo=MARKET_ZONE)
    return not is_skipped(local) and aware.utcoffset() != aware.replace(fold=1).utcoffset()


def instant(local: datetime, fold: int = 0) -> datetime:
    """The naive time of CET/CEST as an instant; ``fold`` 1 is the second of two."""
    return local.replace(tzinfo=MARKET_ZONE, fold=fold).astimezone(UTC)


def ranges(starts: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """Quarters as the fewest half-open intervals, in order."""
    found: list[tuple[datetime, datetime]] = []
    for at in sorted(starts):
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + QUARTER)
        else:
            found.append((at, at + QUARTER))
    return found


def shown(begins_at: datetime, ends_at: datetime) -> str:
    """An interval as the market writes it, with the zone, which tells the hours of one name
    apart: ``2026-10-25 02:00–03:00 CEST``."""
    begin, end = begins_at.astimezone(MARKET_ZONE), ends_at.astimezone(MARKET_ZONE)
    last = (ends_at - QUARTER).astimezone(MARKET_ZONE)
    if begin.date() != last.date():
        return f"{begin:%Y-%m-%d %H:%M %Z} – {end:%Y-%m-%d %H:%M %Z}"
    if begin.tzname() != last.tzname():
        return f"{begin:%Y-%m-%d %H:%M %Z} – {_until(end)} {end:%Z}"
    # The hour that ends when clocks go back ends at 03:00 of its own time.
    until = _until(last.replace(tzinfo=None) + QUARTER)
    return f"{begin:%Y-%m-%d %H:%M}–{until} {begin:%Z}"


def _until(end: datetime) -> str:
    return "24:00" if end.time() == time() else f"{end:%H:%M}"
