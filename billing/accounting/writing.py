"""Writing entries into the journal, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction

from billing.accounting.book_models import Books, ChartAccount
from billing.accounting.entries import Entry, Posting
from billing.accounting.models import CoveredSource, JournalEntry, JournalPosting
from billing.accounting.selectors import closed_months
from core.errors import RuleViolation
from core.ids import public_id
from core.months import next_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry that is to be written, and the row that it books.

    ``account_id`` is the customer's billing account. ``invoices`` gives the number of the invoice
    for each posting that moves a receivable, in the order of the postings; empty: none does.
    ``covers``: other rows that the entry books too.
    """

    seller_id: int
    entry: Entry
    source_kind: str
    source_id: int
    account_id: int | None = None
    invoices: tuple[str, ...] = ()
    covers: tuple[tuple[str, int], ...] = ()
    reverses_id: int | None = None


@transaction.atomic
def write(drafts: Sequence[Draft]) -> list[JournalEntry]:
    """Store entries of any sellers, numbered in the given order, each in an open month.

    Nine queries, whatever the number of entries. The database refuses a closed month, an entry
    that does not balance and a source that is booked already.
    """
    if not drafts:
        return []
    sellers = sorted({one.seller_id for one in drafts})
    books = {
        one.seller_id: one
        for one in Books.objects.select_for_update().filter(seller_id__in=sellers).order_by("pk")
    }
    if set(books) != set(sellers):
        raise RuleViolation("no_books", "The seller has no books")
    closed = closed_months(sellers)
    drafts = [_in_open_month(one, closed) for one in drafts]
    rows = JournalEntry.objects.bulk_create([_row(one, books[one.seller_id]) for one in drafts])
    Books.objects.bulk_update(books.values(), ["last_number"])
    accounts = {
        (account.seller_id, account.number): account.pk
        for account in ChartAccount.objects.filter(seller_id__in=sellers)
    }
    JournalPosting.objects.bulk_create(_postings(rows, drafts, accounts))
    CoveredSource.objects.bulk_create(
        CoveredSource(operator_id=row.operator_id, entry=row, source_kind=kind, source_id=key)
        for row, draft in zip(rows, drafts, strict=True)
        for kind, key in draft.covers
    )
    return rows


def _in_open_month(draft: Draft, closed: frozenset[tuple[int, date]]) -> Draft:
    """What belongs to a closed month is booked on the first day of the next open one."""
    entry = draft.entry
    month = entry.on.replace(day=1)
    if (draft.seller_id, month) not in closed:
        return draft
    while (draft.seller_id, month) in closed:
        month = next_month(month)
    text = f"{entry.text or entry.document} ({entry.on})"
    return replace(draft, entry=replace(entry, on=month, text=text))


def _row(draft: Draft, books: Books) -> JournalEntry:
    books.last_number += 1
    one = draft.entry
    debit = sum((posting.amount for posting in one.postings if posting.amount > 0), Decimal(0))
    currencies = {posting.currency for posting in one.postings}
    if len(currencies) != 1:
        raise RuleViolation("entry_currencies", "An entry has one currency")
    return JournalEntry(
        operator_id=books.operator_id,
        public_id=public_id("ver"),
        seller_id=draft.seller_id,
        number=books.last_number,
        kind=one.kind.value,
        booked_on=one.on,
        document=one.document[:80],
        text=one.text[:200],
        currency=currencies.pop(),
        total=debit,
        posting_count=len(one.postings),
        source_kind=draft.source_kind,
        source_id=draft.source_id,
        account_id=draft.account_id,
        reverses_id=draft.reverses_id,
    )


def _postings(
    rows: Sequence[JournalEntry], drafts: Sequence[Draft], accounts: dict[tuple[int, str], int]
) -> Iterable[JournalPosting]:
    for row, draft in zip(rows, drafts, strict=True):
        invoices = draft.invoices or ("",) * len(draft.entry.postings)
        pairs = zip(draft.entry.postings, invoices, strict=True)
        for position, (posting, invoice) in enumerate(pairs, start=1):
            account = accounts[draft.seller_id, posting.account]
            yield _posting(row, position, posting, account, invoice)


def _posting(
    row: JournalEntry, position: int, posting: Posting, account_id: int, invoice: str
) -> JournalPosting:
    kind = posting.tax.kind if posting.tax else None
    return JournalPosting(
        operator_id=row.operator_id,
        entry=row,
        position=position,
        account_id=account_id,
        amount=posting.amount,
        currency=posting.currency,
        text=posting.text[:200],
        dimensions=[list(pair) for pair in posting.dimensions],
        tax_part=posting.tax.part.value if posting.tax else "",
        tax_category=kind.category if kind else "",
        tax_rate=kind.rate if kind else None,
        tax_country=kind.country if kind else "",
        invoice_number=invoice,
    )
