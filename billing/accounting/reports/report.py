"""What a report is: columns, rows, and the account that they add up to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import override

from billing.sellers.models import Seller

Text = str | Promise
Row = tuple[object, ...]
"""Cells; words among them are lazy: pages have them in the reader's language, files in Swedish."""
LEDGER_LANGUAGE: Final = "sv"
"""In which files and calls have words, as their headers are."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header in files (as Swedish accountants know it) and its word on pages.
    ``is_minor``: a page shows it only when all columns are asked for."""

    header: str
    label: Text
    is_number: bool = False
    is_summed: bool = False
    is_currency: bool = False
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """What the rows add up to, and what the journal says; a sound report has no difference.
    Without a currency both are numbers of rows."""

    label: Text
    rows: Decimal
    journal: Decimal
    currency: str

    @property
    def difference(self) -> Decimal:
        """What is not explained."""
        return self.rows - self.journal


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose books, and of which days (both included); ``by`` is a grouping."""

    seller: Seller
    from_on: date
    until_on: date
    by: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The rows with their columns, and what they are tied to. ``currencies``: those of the rows,
    where neither a column nor a tie names them."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    ties: Sequence[Tie] = ()
    currencies: frozenset[str] = frozenset()

    @property
    def is_summed(self) -> bool:
        """Whether it has sums: there are rows, and their amounts are of one currency."""
        return bool(self.rows) and len(self._currencies()) < 2 and any(
            column.is_summed for column in self.columns
        )  # fmt: skip

    @property
    def totals(self) -> list[Decimal | None]:
        """Sums of the columns that are summed; None for the others."""
        is_summed = self.is_summed
        return [
            self._sum(place) if is_summed and column.is_summed else None
            for place, column in enumerate(self.columns)
        ]

    def file_rows(self) -> list[Row]:
        """The rows with their words as files and calls have them, whoever asks."""
        with override(LEDGER_LANGUAGE):
            return [
                tuple(str(one) if isinstance(one, Promise) else one for one in row)
                for row in self.rows
            ]

    def _currencies(self) -> set[object]:
        places = [place for place, column in enumerate(self.columns) if column.is_currency]
        named = {row[place] for place in places for row in self.rows}
        return named | {tie.currency for tie in self.ties if tie.currency} | self.currencies

    def _sum(self, place: int) -> Decimal:
        values = (row[place] for row in self.rows)
        return sum((one for one in values if isinstance(one, Decimal)), Decimal(0))


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its name, what it is called and says, and how it is made.

    ``is_as_of``: about the end of a day, not about a span. ``groupings``: values of ``by``.
    """

    name: str
    title: Text
    about: Text
    make: Callable[[Asked], Result]
    is_as_of: bool = False
    groupings: Sequence[tuple[str, Text]] = field(default=())
