"""What a file of prices or rates says, and what is wrong with it (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

LEAST_PRICE: Final = Decimal(-1000)
MOST_PRICE: Final = Decimal(10_000)
"""EUR/MWh. The market's own limits are -500 and some 4000 to 5000: beyond these a file is in
another unit or currency."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a code (``words.py`` has the sentence), where, and its values.
    Line 0 is the file as a whole."""

    code: str
    line: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)


class FileProblem(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, code: str, line: int = 0, **params: Any) -> None:
        super().__init__(code)
        self.problem = Problem(code, line, params)


@dataclass(frozen=True, slots=True)
class Slot:
    """One price as the file has it: where, from when, for how many minutes, EUR/MWh."""

    line: int
    area: str
    begins_at: datetime
    minutes: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class PriceFile:
    """A file of prices: its form, its slots in order of the file, what is wrong, and how many
    rows were passed over since they are no day-ahead prices of the first auction."""

    form: str
    slots: Sequence[Slot]
    problems: Sequence[Problem] = ()
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of a currency for one euro, as published on a day."""

    line: int
    currency: str
    published_on: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class RateFile:
    """A file of exchange rates."""

    form: str
    rates: Sequence[Rate]
    problems: Sequence[Problem] = ()
