"""Months by their first day (pure)."""

from __future__ import annotations

import calendar
import re
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


def month_of(text: str) -> date | None:
    """The first day of a month written as 2026-11; None for what is no month of this century."""
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text.strip())
    return date(int(found[1]), int(found[2]), 1) if found else None


def months_between(first: date, last: date) -> list[date]:
    """The first days of all months from the one of a day to that of another."""
    found, month = [], first_day(first)
    while month <= last:
        found.append(month)
        month = next_month(month)
    return found
