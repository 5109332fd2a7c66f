"""Hours of the week in which someone may charge (pure).

Stored as JSON: ``[{"days": [1, 2, 3, 4, 5], "from": "07:00", "to": "18:00"}]`` with ISO days
(1 is Monday). A window whose end is not after its start runs past midnight and belongs to the
day on which it begins. No window at all: always.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.marks import gettext_noop

DAY_MINUTES: Final = 24 * 60
MOST_WINDOWS: Final = 21
_TIME: Final = re.compile(r"([01]?\d|2[0-4])[:.]?([0-5]\d)?")
_LINE: Final = re.compile(r"(?P<days>\D*?)\s*(?P<start>\d[\d:.]*)\s*[-–]\s*(?P<end>\d[\d:.]*)\s*")
_NAMES: Final = {
    name: day
    for day, names in enumerate(
        (
            ("mon", "monday", "mån", "man", "måndag"),
            ("tue", "tues", "tuesday", "tis", "tisdag"),
            ("wed", "wednesday", "ons", "onsdag"),
            ("thu", "thur", "thurs", "thursday", "tor", "tors", "torsdag"),
            ("fri", "friday", "fre", "fredag"),
            ("sat", "saturday", "lör", "lor", "lördag"),
            ("sun", "sunday", "sön", "son", "söndag"),
        ),
        start=1,
    )
    for name in names
}
_EVERY_DAY: Final = frozenset({"", "daily", "every day", "alla dagar", "dagligen"})


class HoursError(ValueError):
    """Hours that cannot be read. ``text`` is at fault; the message is a marked text."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.text = text


@dataclass(frozen=True, slots=True)
class Window:
    """A part of each of ``days``; minutes after midnight, the end not included."""

    days: frozenset[int]
    start_minute: int
    end_minute: int

    def holds(self, local: datetime) -> bool:
        """Whether the clock ``local`` lies inside."""
        day, minute = local.isoweekday(), local.hour * 60 + local.minute
        if self.start_minute < self.end_minute:
            return day in self.days and self.start_minute <= minute < self.end_minute
        yesterday = (day - 2) % 7 + 1
        return (day in self.days and minute >= self.start_minute) or (
            yesterday in self.days and minute < self.end_minute
        )

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "days": sorted(self.days),
            "from": _clock(self.start_minute),
            "to": _clock(self.end_minute),
        }


def allows(windows: Sequence[Window], local: datetime) -> bool:
    """Whether one of the windows holds ``local``; True when there is none."""
    return not windows or any(window.holds(local) for window in windows)


def read_windows(stored: Any) -> tuple[Window, ...]:
    """Windows from their stored form. Raises HoursError for anything else."""
    if not isinstance(stored, list) or len(stored) > MOST_WINDOWS:
        raise HoursError(gettext_noop("Hours are a list of at most 21 windows."))
    return tuple(_window(one) for one in stored)


def _window(one: Any) -> Window:
    if not isinstance(one, Mapping) or set(one) != {"days", "from", "to"}:
        raise HoursError(gettext_noop("A window has days, from and to."), str(one)[:60])
    days = one["days"]
    good = isinstance(days, list) and days and all(type(d) is int and 1 <= d <= 7 for d in days)
    if not good:
        raise HoursError(gettext_noop("Days are numbers from 1 (Monday) to 7."), str(days)[:60])
    return _checked(frozenset(days), str(one["from"]), str(one["to"]))


def parse_text(text: str) -> list[dict[str, Any]]:
    """Windows as people write them, one a line: ``mon-fri 07:00-18:00``; English or Swedish.

    Raises HoursError with the line that cannot be read.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_WINDOWS:
        raise HoursError(gettext_noop("Hours are a list of at most 21 windows."))
    return [_line(line).stored() for line in lines]


def _line(line: str) -> Window:
    found = _LINE.fullmatch(line)
    if found is None:
        raise HoursError(gettext_noop("Write hours as mon-fri 07:00-18:00."), line[:60])
    return _checked(_days(found["days"].strip().lower(), line), found["start"], found["end"])


def _days(text: str, line: str) -> frozenset[int]:
    if text in _EVERY_DAY:
        return frozenset(range(1, 8))
    days: set[int] = set()
    for part in re.split(r"\s*,\s*|\s+", text):
        first, _sign, last = part.replace("–", "-").partition("-")
        begin, end = _NAMES.get(first), _NAMES.get(last or first)
        if begin is None or end is None:
            raise HoursError(gettext_noop("There is no such day of the week."), line[:60])
        days.update((begin + n - 1) % 7 + 1 for n in range((end - begin) % 7 + 1))
    return frozenset(days)


def _checked(days: frozenset[int], start: str, end: str) -> Window:
    window = Window(days, _minute(start), _minute(end))
    if window.start_minute in (window.end_minute, DAY_MINUTES):
        raise HoursError(gettext_noop("A window needs a beginning and a later end."), start[:20])
    return window


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    minute = int(found[1]) * 60 + int(found[2] or 0) if found else DAY_MINUTES + 1
    if minute > DAY_MINUTES:
        raise HoursError(gettext_noop("Write times as 07:00."), text[:20])
    return minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def to_lines(stored: Iterable[Mapping[str, Any]], day_names: Sequence[str]) -> list[str]:
    """One line a window, that ``parse_text`` reads; ``day_names`` from Monday."""
    return [
        f"{_spans(sorted(one['days']), day_names)} {one['from']}-{one['to']}".strip()
        for one in stored
    ]


def _spans(days: list[int], names: Sequence[str]) -> str:
    if len(days) == 7:
        return ""
    parts: list[list[int]] = []
    for day in days:
        if parts and parts[-1][-1] == day - 1:
            parts[-1].append(day)
        else:
            parts.append([day])
    return ",".join(
        names[part[0] - 1] if len(part) == 1 else f"{names[part[0] - 1]}-{names[part[-1] - 1]}"
        for part in parts
    )
