"""Calendar quarters, written 2026-Q3 (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.months import last_day


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months, January to March being the first."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def from_on(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def until_on(self) -> date:
        """Its last day."""
        return last_day(date(self.year, 3 * self.number, 1))

    @property
    def year_from_on(self) -> date:
        """The first of the twelve months that end with it."""
        after = self.until_on + timedelta(days=1)
        return date(after.year - 1, after.month, 1)

    @property
    def before(self) -> Quarter:
        """The one before."""
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )

    def holds(self, day: date) -> bool:
        """Whether a day is one of it."""
        return self.from_on <= day <= self.until_on


def quarter_on(day: date) -> Quarter:
    """The quarter of a day."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_of(text: str) -> Quarter | None:
    """2026-Q3 as a quarter; None for what is none of this century."""
    found = re.fullmatch(r"(20\d\d)-[Qq]([1-4])", text.strip())
    return Quarter(int(found[1]), int(found[2])) if found else None


def quarters_back(day: date, count: int) -> Iterator[Quarter]:
    """The quarter of a day and those before, the latest first."""
    one = quarter_on(day)
    for _n in range(count):
        yield one
        one = one.before
