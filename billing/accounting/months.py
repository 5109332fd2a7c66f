"""Months by their first day (pure)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def first_day(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def last_day(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def next_month(day: date) -> date:
    """The first day of the month after."""
    return last_day(day) + timedelta(days=1)


def month_before(day: date) -> date:
    """The first day of the month before."""
    return first_day(first_day(day) - timedelta(days=1))


def year_around(day: date, first_month: int = 1) -> tuple[date, date]:
    """The first and last day of the financial year that holds a day."""
    year = day.year if day.month >= first_month else day.year - 1
    begin = date(year, first_month, 1)
    end = date(year + 1, first_month, 1) - timedelta(days=1)
    return begin, end
