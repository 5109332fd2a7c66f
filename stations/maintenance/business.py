"""Business hours: how much of them lies between two instants, and when so much has passed (pure).

Hours are those of ``stations.sites.hours``, public holidays those of a country; a calendar whose
hours are always has neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.periods import Period, Periods, clipped, difference, total
from stations.sites.hours import Hours
from stations.sites.public_holidays import holidays_of

MOST_DAYS: Final = 4000
"""A calendar that opens less than this is taken for one that never opens."""


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """When people work: weekly hours of a zone, with the public holidays of a country."""

    hours: Hours
    zone: str
    country: str = ""

    def open_on(self, day: date) -> Periods:
        """When it is open on a date of its zone, in UTC."""
        spans = self.hours.spans_on(day, holidays_of(self.country, day.year))
        zone = ZoneInfo(self.zone)
        return tuple(
            Period(_instant(day, span.begin, zone), _instant(day, span.end, zone)) for span in spans
        )


ALWAYS: Final = BusinessCalendar(Hours(always=True), "UTC")


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    on = day + timedelta(days=minutes // 1440)
    local = datetime.combine(on, time(minutes % 1440 // 60, minutes % 60), zone)
    return local.astimezone(UTC)


def _days(calendar: BusinessCalendar, start: datetime) -> Iterator[Periods]:
    day = start.astimezone(ZoneInfo(calendar.zone)).date()
    for ahead in range(MOST_DAYS):
        yield calendar.open_on(day + timedelta(days=ahead))


def business_time(
    calendar: BusinessCalendar, start: datetime, end: datetime, pauses: Iterable[Period] = ()
) -> timedelta:
    """How much of the open time lies between two instants, without the pauses."""
    if end <= start:
        return timedelta()
    within = Period(start, end)
    if calendar.hours.always and calendar.hours.holidays is None and not calendar.hours.exceptions:
        return total(difference((within,), pauses))
    found: list[Period] = []
    zone = ZoneInfo(calendar.zone)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        found += clipped(calendar.open_on(day), within)
        day += timedelta(days=1)
    return total(difference(found, pauses))


def add_business_time(
    calendar: BusinessCalendar, start: datetime, amount: timedelta, pauses: Iterable[Period] = ()
) -> datetime | None:
    """The first instant by which so much open time has passed; None where that never comes."""
    if amount <= timedelta():
        return start
    stops = tuple(pauses)
    left = amount
    for periods in _days(calendar, start):
        for one in difference(periods, stops):
            if one.end <= start:
                continue
            begin = max(one.start, start)
            if one.end - begin >= left:
                return begin + left
            left -= one.end - begin
    return None
