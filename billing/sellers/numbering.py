"""What invoice numbers look like, by series and year, and what is missing (pure).

A pattern such as ``{series}{year}-{number:5}`` holds ``{number}`` once, padded with zeros to the
width after the colon, and at most once each of ``{series}``, ``{year}``, ``{yy}`` and ``{month}``.
Where the year stands in it, each year starts at one again; else the series runs on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from billing.problem import MoneyProblem

LONGEST: Final = 30
_PART: Final = re.compile(r"\{(\w+)(?::(\d{1,2}))?\}", re.ASCII)
_FIXED: Final = re.compile(r"[A-Z0-9/_.-]*", re.ASCII)
_SERIES: Final = re.compile(r"([A-Z0-9]{0,7}[A-Z])?", re.ASCII)
_READ: Final = {
    "series": r"(?P<series>(?:[A-Z0-9]{0,7}[A-Z])?)",
    "year": r"(?P<year>\d{4})",
    "yy": r"(?P<yy>\d\d)",
    "month": r"(?P<month>0[1-9]|1[0-2])",
}


@dataclass(frozen=True, slots=True)
class Counter:
    """Whose next number it is: a series, and the year where numbers start again each year."""

    series: str
    year: int | None


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number taken apart; ``year`` in full."""

    series: str
    year: int | None
    number: int


@dataclass(frozen=True)
class NumberFormat:
    """A checked pattern. Raises MoneyProblem for one that cannot name invoices."""

    pattern: str

    def __post_init__(self) -> None:
        names = [name for name, _width in _PART.findall(self.pattern)]
        unknown = set(names) - {*_READ, "number"}
        if unknown:
            raise MoneyProblem("number_part", f"There is no part {{{min(unknown)}}}")
        if names.count("number") != 1:
            raise MoneyProblem("number_once", "The pattern holds {number} exactly once")
        if len(set(names)) != len(names) or {"year", "yy"} <= set(names):
            raise MoneyProblem("number_twice", "No part may stand twice in the pattern")
        if "month" in names and not self.restarts:
            raise MoneyProblem("number_month", "A month needs its year in the pattern")
        if not _FIXED.fullmatch(_PART.sub("", self.pattern)):
            raise MoneyProblem("number_signs", "Only A-Z, 0-9 and / _ . - may stand between parts")
        if re.search(r"\d\{number|\}\{number(?!:)", self.pattern):
            raise MoneyProblem("number_runs_on", "Give {number} a width or a sign before it")

    @property
    def restarts(self) -> bool:
        """Whether each year starts at one again."""
        return "{year}" in self.pattern or "{yy}" in self.pattern

    def counter(self, series: str, issued_on: date) -> Counter:
        """Where the next number comes from."""
        return Counter(_series(series), issued_on.year if self.restarts else None)

    def written(self, series: str, issued_on: date, number: int) -> str:
        """The number as it stands on the invoice."""
        if number < 1:
            raise MoneyProblem("number_below_one", "Invoice numbers start at one")
        values = {
            "series": _series(series),
            "year": f"{issued_on.year:04}",
            "yy": f"{issued_on.year % 100:02}",
            "month": f"{issued_on.month:02}",
        }
        text = _PART.sub(
            lambda part: (
                str(number).zfill(int(part[2] or 0)) if part[1] == "number" else values[part[1]]
            ),
            self.pattern,
        )
        if len(text) > LONGEST:
            raise MoneyProblem("number_too_long", f"Numbers have at most {LONGEST} signs")
        return text

    def read(self, text: str) -> ReadNumber:
        """The series, year and number of a written one; refuses what the pattern cannot write."""
        found = self._reader.fullmatch(text)
        if found is None:
            raise MoneyProblem("number_unreadable", "This is no number of the pattern")
        values = found.groupdict()
        year = values.get("year") or ("20" + values["yy"] if values.get("yy") else None)
        return ReadNumber(
            values.get("series") or "", int(year) if year else None, int(values["number"])
        )

    @cached_property
    def _reader(self) -> re.Pattern[str]:
        text = ""
        place = 0
        for part in _PART.finditer(self.pattern):
            width = int(part[2] or 0)
            number = rf"(?P<number>\d{{{width}}}|[1-9]\d{{{width},}})" if width else None
            text += re.escape(self.pattern[place : part.start()])
            text += _READ.get(part[1]) or number or r"(?P<number>[1-9]\d*)"
            place = part.end()
        return re.compile(text + re.escape(self.pattern[place:]), re.ASCII)


def missing(numbers: Iterable[int]) -> list[int]:
    """Numbers from one to the highest that are not there."""
    used = set(numbers)
    return [number for number in range(1, max(used, default=0)) if number not in used]


def _series(series: str) -> str:
    if not _SERIES.fullmatch(series):
        raise MoneyProblem(
            "number_series", "A series has at most 8 signs of A-Z and 0-9 and ends with a letter"
        )
    return series
