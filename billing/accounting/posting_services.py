"""Booking what happened: every row that has no entry yet becomes one, by pulling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import transaction

from billing.accounting.book_models import Books
from billing.accounting.books import chart_of, make_missing_books
from billing.accounting.sources.registry import SOURCES
from billing.accounting.sources.source import Ledger, Problem, Source
from billing.accounting.writing import Draft, write
from billing.sellers.models import Seller

BATCH: Final = 500
MOST_BATCHES: Final = 200


@dataclass(slots=True)
class Outcome:
    """How many entries were made, and what could not be booked."""

    entries: int = 0
    problems: list[Problem] = field(default_factory=list)


def post_due(*, sellers: Sequence[Seller] | None = None, batches: int = MOST_BATCHES) -> Outcome:
    """Book what is not booked, of all sellers in scope; may run twice at once, and again.

    A fixed number of queries a seller and batch. A row that cannot be booked stands in the way of
    no other: it is told, and tried again the next time.
    """
    if sellers is None:
        make_missing_books()
        sellers = list(Seller.objects.filter(books__isnull=False).order_by("id"))
    outcome = Outcome()
    for seller in sellers:
        for source in SOURCES:
            _post(source, seller, outcome, batches)
    return outcome


def _post(source: Source, seller: Seller, outcome: Outcome, batches: int) -> None:
    after = 0
    for _batch in range(batches):
        with transaction.atomic():
            # Whoever books for the seller waits here, so that no row is read twice.
            Books.objects.select_for_update().get(seller=seller)
            rows = list(source.pending(seller).filter(pk__gt=after)[:BATCH])
            if not rows:
                return
            made = source.drafts(rows, Ledger(seller, chart_of(seller)))
            outcome.problems += [one for one in made if isinstance(one, Problem)]
            drafts = [one for one in made if isinstance(one, Draft)]
            outcome.entries += len(write(drafts))
            after = rows[-1].pk
        if len(rows) < BATCH:
            return


def unposted(seller: Seller, until_on: date) -> dict[str, int]:
    """How many rows of each kind up to a day have no entry; kinds without any are left out."""
    counts = {source.kind: source.due_until(seller, until_on).count() for source in SOURCES}
    return {kind: count for kind, count in counts.items() if count}
