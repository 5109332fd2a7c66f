"""The books of sellers: made with the default chart, read as the pure chart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.db import transaction

from billing.accounting.bas import bas_chart
from billing.accounting.book_models import (
    AccountUse,
    Books,
    ChartAccount,
    RevenueMapping,
    TaxMapping,
)
from billing.accounting.chart import Chart, RevenueRule, TaxRule, Use
from billing.accounting.site_codes import codes_of
from billing.invoices.document_parts import LineKind, TaxCategory
from billing.sellers.models import Seller
from core.audit.services import record


def chart_of(seller: Seller) -> Chart:
    """The chart of a seller: five queries; the default one where it has no books yet."""
    return charts_of([seller])[seller.pk]


def charts_of(sellers: Iterable[Seller]) -> dict[int, Chart]:
    """The charts of several sellers by their key: six queries in all."""
    wanted = [one.pk for one in sellers]
    charts = dict.fromkeys(wanted, bas_chart())
    of = {"seller_id__in": wanted}
    books = {one.seller_id: one for one in Books.objects.filter(**of)}
    names: dict[int, dict[str, str]] = {key: {} for key in books}
    numbers: dict[int, str] = {}
    for account in ChartAccount.objects.filter(**of, seller__books__isnull=False):
        names[account.seller_id][account.number] = account.name
        numbers[account.pk] = account.number
    uses: dict[int, dict[Use, str]] = {key: {} for key in books}
    for use in AccountUse.objects.filter(**of):
        uses[use.seller_id][Use(use.use)] = numbers[use.account_id]
    revenue: dict[int, list[RevenueRule]] = {key: [] for key in books}
    for row in RevenueMapping.objects.filter(**of).order_by("id"):
        revenue[row.seller_id].append(_revenue(row, numbers))
    taxes: dict[int, list[TaxRule]] = {key: [] for key in books}
    for tax in TaxMapping.objects.filter(**of).order_by("id"):
        rule = TaxRule(account=numbers[tax.account_id], rate=tax.rate, country=tax.country or None)
        taxes[tax.seller_id].append(rule)
    codes = codes_of([one.operator_id for one in books.values()])
    for key, one in books.items():
        charts[key] = Chart(
            names[key], uses[key], tuple(revenue[key]), tuple(taxes[key]), one.site_dimension,
            codes[one.operator_id],
        )  # fmt: skip
    return charts


def _revenue(row: RevenueMapping, numbers: dict[int, str]) -> RevenueRule:
    return RevenueRule(
        account=numbers[row.account_id],
        kind=cast("LineKind | None", row.kind or None),
        category=cast("TaxCategory | None", row.category or None),
        rate=row.rate,
        country=row.country or None,
    )


@transaction.atomic
def ensure_books(seller: Seller) -> Books:
    """The seller's books, made with the default chart and map where there are none."""
    own = {"operator_id": seller.operator_id, "seller": seller}
    books, is_new = Books.objects.get_or_create(seller=seller, defaults=own)
    if not is_new:
        found: Books = books
        return found
    chart = bas_chart()
    accounts = {
        row.number: row
        for row in ChartAccount.objects.bulk_create(
            ChartAccount(**own, number=number, name=name) for number, name in chart.names.items()
        )
    }
    AccountUse.objects.bulk_create(
        AccountUse(**own, use=use.value, account=accounts[number])
        for use, number in chart.uses.items()
    )
    RevenueMapping.objects.bulk_create(
        RevenueMapping(
            **own,
            kind=rule.kind or "",
            category=rule.category or "",
            rate=rule.rate,
            country=rule.country or "",
            account=accounts[rule.account],
        )
        for rule in chart.revenue
    )
    TaxMapping.objects.bulk_create(
        TaxMapping(
            **own, rate=rule.rate, country=rule.country or "", account=accounts[rule.account]
        )
        for rule in chart.taxes
    )
    record("books.create", books, operator_id=seller.operator_id, after={"chart": "BAS"})
    made: Books = books
    return made


def make_missing_books() -> int:
    """Books for every seller in scope that has none; returns how many."""
    bare = list(Seller.objects.filter(books__isnull=True).order_by("id"))
    for seller in bare:
        ensure_books(seller)
    return len(bare)
