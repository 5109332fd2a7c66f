"""Reading the journal and the charts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from billing.accounting.book_models import ChartAccount
from billing.accounting.models import (
    JournalEntry,
    JournalPosting,
    Period,
    PeriodChange,
    PeriodState,
)
from billing.sellers.models import Seller
from core.months import first_day, next_month


def sellers() -> QuerySet[Seller]:
    """Sellers of the operator in scope, the default one first."""
    rows: QuerySet[Seller] = Seller.objects.order_by("-is_default", "name", "id")
    return rows


def entries() -> QuerySet[JournalEntry]:
    """The journal of the operator in scope, the latest first."""
    rows: QuerySet[JournalEntry] = JournalEntry.objects.select_related("seller", "account")
    return rows.order_by("-booked_on", "-id")


def postings_of(entry: JournalEntry) -> QuerySet[JournalPosting]:
    """The postings of an entry in their order."""
    rows: QuerySet[JournalPosting] = JournalPosting.objects.filter(entry=entry)
    return rows.select_related("account").order_by("position")


def chart_accounts() -> QuerySet[ChartAccount]:
    """All accounts of all charts in scope, with how often each is used by the map."""
    rows: QuerySet[ChartAccount] = ChartAccount.objects.select_related("seller")
    return rows.annotate(
        is_booked=Exists(JournalPosting.objects.filter(account=OuterRef("pk"))),
        map_count=Count("uses", distinct=True)
        + Count("sales", distinct=True)
        + Count("taxes", distinct=True),
    ).order_by("number", "id")


def periods() -> QuerySet[Period]:
    """Months that have been closed or reopened, the latest first."""
    rows: QuerySet[Period] = Period.objects.select_related("seller")
    return rows.order_by("-begins_on", "seller__name", "id")


def closed_months(sellers: Iterable[int]) -> frozenset[tuple[int, date]]:
    """The closed months of sellers, each by its first day."""
    rows = Period.objects.filter(seller_id__in=list(sellers), state=PeriodState.CLOSED)
    return frozenset(rows.values_list("seller_id", "begins_on"))


def open_months(seller: Seller, until_on: date) -> list[date]:
    """Months that are not closed, from that of the first entry to that of the day, the earliest
    first; without an entry that of the day alone."""
    first = JournalEntry.objects.filter(seller=seller).aggregate(day=Min("booked_on"))["day"]
    month = first_day(first or until_on)
    closed = closed_months([seller.pk])
    months = []
    while month <= until_on:
        if (seller.pk, month) not in closed:
            months.append(month)
        month = next_month(month)
    return months


def changes_of(period: Period) -> QuerySet[PeriodChange]:
    """When a month was closed and reopened, the latest first."""
    rows: QuerySet[PeriodChange] = PeriodChange.objects.filter(period=period)
    return rows.order_by("-happened_at", "-id")
