"""Sums of the journal that reports are tied to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from billing.accounting.book_models import AccountUse
from billing.accounting.chart import Use
from billing.accounting.models import JournalPosting
from billing.accounting.reports.report import Asked
from billing.sellers.models import Seller


def posted(asked: Asked) -> QuerySet[JournalPosting]:
    """Postings of the seller in the days that are asked for."""
    rows: QuerySet[JournalPosting] = JournalPosting.objects.filter(
        entry__seller=asked.seller,
        entry__booked_on__gte=asked.from_on,
        entry__booked_on__lte=asked.until_on,
    )
    return rows.order_by("entry__booked_on", "entry__number", "position")


def posted_until(seller: Seller, on: date) -> QuerySet[JournalPosting]:
    """All postings up to the end of a day."""
    rows: QuerySet[JournalPosting] = JournalPosting.objects.filter(
        entry__seller=seller, entry__booked_on__lte=on
    )
    return rows.order_by()


def used_for(seller: Seller, *uses: Use) -> Q:
    """Postings on the accounts of uses; receivables of invoices also on accounts that were the
    use's before."""
    accounts = AccountUse.objects.filter(seller=seller, use__in=[use.value for use in uses])
    on = Q(account__in=accounts.values("account_id"))
    return on | ~Q(invoice_number="") if Use.RECEIVABLE in uses else on


def by_currency(rows: QuerySet[JournalPosting]) -> dict[str, Decimal]:
    """Sums by currency."""
    sums: Any = rows.order_by().values("currency").annotate(sum=Sum("amount"))
    return {one["currency"]: one["sum"] for one in sums}
