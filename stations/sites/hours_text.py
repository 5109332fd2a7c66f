"""Opening hours as the text of one cell: ``1-5 07:00-18:00; 6 10:00-14:00; holidays closed;
2026-12-24 closed Christmas Eve``, or ``24/7``."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final

from stations.sites.hours import (
    Exceptional,
    Hours,
    HoursError,
    Span,
    as_stored,
    parse_hours,
    read_spans,
    show_spans,
)
from stations.sites.hours_form import CLOSED_WORDS, read_exceptions

ALWAYS: Final = "24/7"
HOLIDAYS: Final = "holidays"
_WEEKDAYS: Final = re.compile(r"([1-7])(?:\s*[-–]\s*([1-7]))?\s+(.*)")
_DATE: Final = re.compile(r"\d{4}-")


def write_hours(hours: Hours) -> str:
    """The text of hours; days that follow each other with the same hours stand together."""
    parts = [ALWAYS] if hours.always else []
    for spans, days in groupby(range(7), lambda day: hours.week[day]):
        numbers = [day + 1 for day in days]
        if spans:
            first, last = numbers[0], numbers[-1]
            name = str(first) if first == last else f"{first}-{last}"
            parts.append(f"{name} {_spans(spans)}")
    if hours.holidays is not None:
        parts.append(f"{HOLIDAYS} {_spans(hours.holidays)}")
    parts += [_exception(one) for one in hours.exceptions]
    return "; ".join(parts)


def read_hours(text: str) -> Hours:
    """Hours from their text. Raises HoursError with the part that is wrong."""
    always, holidays = False, None
    exceptions: list[Exceptional] = []
    week: list[tuple[Span, ...]] = [()] * 7
    for part in filter(None, (one.strip() for one in re.split(r"[;\n]", text))):
        if part == ALWAYS:
            always = True
        elif part.casefold().startswith(f"{HOLIDAYS} "):
            holidays = _read(part[len(HOLIDAYS) :], HOLIDAYS)
        elif _DATE.match(part):
            exceptions += read_exceptions(part)
        elif match := _WEEKDAYS.fullmatch(part):
            first, last, spans = match.groups()
            for number in range(int(first), int(last or first) + 1):
                week[number - 1] = _read(spans, part[:30])
        else:
            raise HoursError("bad_part", part[:30])
    hours = Hours(always, tuple(week), tuple(exceptions), holidays)
    return parse_hours(as_stored(hours))


def _read(text: str, at: str) -> tuple[Span, ...]:
    closed = text.strip().casefold() in CLOSED_WORDS
    return () if closed else read_spans(text.replace(" ", ""), at)


def _spans(spans: tuple[Span, ...]) -> str:
    return show_spans(spans).replace(" ", "").replace("–", "-") or "closed"


def _exception(one: Exceptional) -> str:
    note = re.sub(r"[;\n]+", ",", one.note)
    return f"{one.on.isoformat()} {_spans(one.spans)} {note}".strip()
