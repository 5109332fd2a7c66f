"""Hours of operation as periods: when a place is closed (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from core.periods import Period, Periods, gaps, merged
from stations.sites.hours import DAY, Hours, Span


def closed_periods(
    hours: Hours | None, period: Period, zone: tzinfo, public: Collection[date] = ()
) -> Periods:
    """When the place is closed in ``period``, by the clock of its zone. No hours: never."""
    if hours is None:
        return ()
    return gaps(merged(_open(hours, period, zone, public)), period)


def daily_hours(begin: int, end: int) -> Hours:
    """The same whole hours every day; an end before the beginning is one of the next day."""
    if begin < end:
        spans: tuple[Span, ...] = (Span(begin * 60, end * 60),)
    else:
        late = Span(begin * 60, DAY)
        spans = (Span(0, end * 60), late) if end else (late,)
    return Hours(always=False, week=(spans,) * 7)


def _open(hours: Hours, period: Period, zone: tzinfo, public: Collection[date]) -> Iterator[Period]:
    day = period.start.astimezone(zone).date() - timedelta(days=1)
    last = period.end.astimezone(zone).date()
    while day <= last:
        for span in hours.spans_on(day, public):
            begin, end = (_instant(day, edge, zone) for edge in (span.begin, span.end))
            if begin < end:
                yield Period(begin, end)
        day += timedelta(days=1)


def _instant(day: date, minute: int, zone: tzinfo) -> datetime:
    """The instant of a time of the wall clock; 1440 is midnight of the next day."""
    on = day + timedelta(days=minute // DAY)
    minute %= DAY
    local = datetime.combine(on, time(minute // 60, minute % 60), tzinfo=zone)
    return local.astimezone(UTC)
