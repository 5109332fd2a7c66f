"""The journal as pure entries, for files, reports and checks."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, cast

from django.db.models import QuerySet

from billing.accounting.entries import Entry, EntryKind, Posting, TaxMark, TaxPart
from billing.accounting.models import JournalEntry, JournalPosting
from billing.invoices.document_parts import TaxCategory
from billing.invoices.tax_sums import TaxKind

_NO_RATE: Final = Decimal(0)


def pure_entries(rows: QuerySet[JournalEntry]) -> list[Entry]:
    """Entries in the order of the queryset: two queries."""
    found = list(rows.prefetch_related("postings__account"))
    return [pure_entry(row) for row in found]


def pure_entry(row: JournalEntry) -> Entry:
    """One entry; its postings and their accounts should be there already."""
    postings = sorted(row.postings.all(), key=lambda one: one.position)
    return Entry(
        EntryKind(row.kind),
        row.booked_on,
        row.document,
        tuple(_posting(one) for one in postings),
        row.text,
    )


def tax_kind(category: str, rate: Decimal, country: str) -> TaxKind:
    """A kind of tax as rows name it; their choices are the categories."""
    return TaxKind(cast("TaxCategory", category), rate, country)


def _posting(row: JournalPosting) -> Posting:
    mark = None
    if row.tax_part:
        kind = tax_kind(row.tax_category, row.tax_rate or _NO_RATE, row.tax_country)
        mark = TaxMark(TaxPart(row.tax_part), kind)
    return Posting(
        row.account.number,
        row.amount,
        row.currency,
        row.text,
        tuple((int(number), str(code)) for number, code in row.dimensions),
        mark,
    )
