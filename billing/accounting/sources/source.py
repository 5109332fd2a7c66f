"""A kind of rows that are booked: which are not yet, and what one becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from django.db.models import Exists, F, Model, OuterRef, QuerySet

from billing.accounting.chart import Chart
from billing.accounting.models import CoveredSource, JournalEntry
from billing.accounting.writing import Draft
from billing.problem import MoneyProblem
from billing.sellers.models import Seller

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Whose rows are booked, by which chart."""

    seller: Seller
    chart: Chart


class Source(Protocol):
    """Rows of one kind. ``kind`` names them in the journal."""

    kind: str

    def pending(self, seller: Seller) -> QuerySet[Any]:
        """The seller's rows that are not booked, by key; a fixed number of queries."""
        ...

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Any]:
        """Those of the pending rows that belong to a day up to ``until_on``."""
        ...

    def drafts(self, rows: Sequence[Any], ledger: Ledger) -> list[Draft | Problem]:
        """What they become, in their order; a row that cannot be booked says why."""
        ...


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be booked, and why."""

    kind: str
    row_id: int
    document: str
    message: str


def unbooked(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
    """Those of ``rows`` that no entry books."""
    of = {"source_kind": kind, "source_id": OuterRef("pk")}
    return rows.filter(
        ~Exists(JournalEntry.objects.filter(**of)), ~Exists(CoveredSource.objects.filter(**of))
    ).order_by(F("pk"))


def drafted(kind: str, rows: Sequence[Row], draft: Callable[[Row], Draft]) -> list[Draft | Problem]:
    """What each of ``rows`` becomes; one that the books refuse stands in no other's way."""
    made: list[Draft | Problem] = []
    for row in rows:
        try:
            made.append(draft(row))
        except MoneyProblem as problem:
            made.append(Problem(kind, row.pk, str(row), problem.message))
    return made
