"""Opening hours in a form: a text for each weekday, a line for each date that differs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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

ALWAYS: Final = "always_open"
EXCEPTIONS: Final = "exceptions"
DAYS: Final = tuple(f"hours_{number}" for number in range(1, 8))
HOLIDAYS: Final = "hours_holidays"
NAMES: Final = (ALWAYS, *DAYS, HOLIDAYS, EXCEPTIONS)
CLOSED_WORDS: Final = ("closed", "stängt", "-")
_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\d)\s+(closed|stängt|-|[\d:.,\-–\s]+)\s*(.*)", re.I)

WRONG: Final[Mapping[str, str | Promise]] = {
    "bad_period": _("Write hours as 07:00-18:00, several with a comma between them."),
    "bad_time": _("Write times as 07:00; midnight at the end of a day is 24:00."),
    "end_before_begin": _("Hours must end after they begin. Split them at midnight."),
    "overlap": _("Hours of one day overlap."),
    "too_many_periods": _("Too many periods for one day."),
    "bad_part": _("Write 24/7, or weekdays from 1 (Monday) to 7 with hours, as 1-5 07:00-18:00."),
    "bad_line": _("Write a line as: 2026-12-24 closed Christmas Eve, or 2026-12-31 10:00-14:00."),
    "bad_date": _("This is no date: write it as 2026-12-24."),
    "date_twice": _("A date stands twice."),
    "too_many_exceptions": _("Too many dates."),
    "always_and_weekly": _("Always open has no hours by weekday."),
}


def wording(error: HoursError) -> str:
    """What is wrong with hours, in words."""
    text = str(WRONG.get(error.code, gettext("These are no opening hours.")))
    return f"{error.at}: {text}" if error.at else text


def hours_fields() -> dict[str, forms.Field]:
    """The fields, in order."""
    days = {
        name: forms.CharField(label=WEEKDAYS[index], max_length=100, required=False)
        for index, name in enumerate(DAYS)
    }
    return {
        ALWAYS: forms.BooleanField(label=_("Open at all hours"), required=False),
        **days,
        HOLIDAYS: forms.CharField(
            label=_("Public holidays"),
            max_length=100,
            required=False,
            help_text=_("Of the site's country. Empty: as the weekday; or closed, or hours."),
        ),
        EXCEPTIONS: forms.CharField(
            label=_("Dates that differ"),
            required=False,
            max_length=8000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("One a line: 2026-12-24 closed Christmas Eve, or 2026-12-31 10:00-14:00"),
        ),
    }


def initial_of(stored: object) -> dict[str, Any]:
    """Values of the fields for stored hours."""
    if stored is None:
        return {ALWAYS: False, HOLIDAYS: "", EXCEPTIONS: "", **dict.fromkeys(DAYS, "")}
    hours = parse_hours(stored)
    days = {name: show_spans(hours.week[index]) for index, name in enumerate(DAYS)}
    lines = "\n".join(_line(one) for one in hours.exceptions)
    holidays = "" if hours.holidays is None else show_spans(hours.holidays) or gettext("closed")
    return {ALWAYS: hours.always, HOLIDAYS: holidays, EXCEPTIONS: lines, **days}


def _line(one: Exceptional) -> str:
    words = [one.on.isoformat(), show_spans(one.spans).replace(" ", "") or gettext("closed")]
    return " ".join([*words, one.note]).strip()


def read_exceptions(text: str) -> tuple[Exceptional, ...]:
    """Dates that differ, from one line each. Raises HoursError with the line's date."""
    found = []
    for line in filter(None, (part.strip() for part in text.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None:
            raise HoursError("bad_line", line[:30])
        on, spans, note = match.groups()
        closed = spans.strip().lower() in CLOSED_WORDS
        found.append(
            Exceptional(_date(on), () if closed else read_spans(spans.replace(" ", ""), on), note)
        )
    return tuple(found)


def read_holidays(text: str) -> tuple[Span, ...] | None:
    """Hours of public holidays; None: as the weekday. Raises HoursError."""
    plain = text.strip()
    if not plain:
        return None
    return () if plain.casefold() in CLOSED_WORDS else read_spans(plain, "")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise HoursError("bad_date", text) from error


def clean_field(name: str, value: Any) -> None:
    """Raise a form error where one field alone is wrong."""
    try:
        if name == EXCEPTIONS:
            read_exceptions(value)
        elif name == HOLIDAYS:
            read_holidays(value)
        elif name in DAYS:
            read_spans(value)
    except HoursError as error:
        raise forms.ValidationError(wording(error)) from error


def stored_of(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Hours to store from the values of all fields; None: not stated. Raises HoursError."""
    if not any(values[name] for name in NAMES):
        return None
    always = bool(values[ALWAYS])
    week = tuple(read_spans(values[name], name[-1]) for name in DAYS)
    hours = Hours(
        always,
        ((),) * 7 if always else week,
        read_exceptions(values[EXCEPTIONS]),
        read_holidays(values[HOLIDAYS]),
    )
    return as_stored(parse_hours(as_stored(hours)))
