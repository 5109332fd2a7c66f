"""Books with an entry, for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing.accounting import posting as post
from billing.accounting.book_models import ChartAccount, RevenueMapping, TaxMapping
from billing.accounting.books import chart_of, ensure_books
from billing.accounting.exports.services import create_profile, make_exports
from billing.accounting.models import JournalEntry, Period
from billing.accounting.writing import Draft, write
from billing.invoices.tax_sums import TaxKind
from billing.sellers.models import Seller
from core.ids import public_id
from core.tenancy.scopes import across_operators
from tests.factories.core import number

VAT25 = TaxKind("S", Decimal(25))


def make_entry(seller: Seller, document: str = "F1", on: date = date(2026, 10, 31)) -> JournalEntry:
    """An entry of 100 and 25 % VAT in the seller's books, which are made if need be."""
    with across_operators("tests make rows of any operator"):
        ensure_books(seller)
        sale = post.Sale((post.Revenue("energy", VAT25, Decimal(100)),), {VAT25: Decimal(25)})
        entry = post.invoice_issued(chart_of(seller), post.Booking(on, document, "SEK"), sale)
        draft = Draft(seller_id=seller.pk, entry=entry, source_kind="test", source_id=number())
        return write([draft])[0]


def book_rows(seller: Seller, mark: str) -> dict[str, Any]:
    """One of each by the first word of its address, with ``mark`` where text can stand."""
    entry = make_entry(seller, mark)
    of = {"seller": seller}
    with across_operators("tests make rows of any operator"):
        account = ChartAccount.objects.create(
            operator_id=seller.operator_id, seller=seller, number="9999", name=mark
        )
        period = Period.objects.create(
            operator_id=seller.operator_id,
            seller=seller,
            public_id=public_id("per"),
            begins_on=date(2026, 9, 1),
            state="closed",
            closed_at=timezone.now(),
            closed_by_label=mark,
        )
        profile = create_profile(
            seller=seller,
            name=mark,
            starts_on=date(2026, 1, 1),
            voucher_size="day_and_kind",
            file_format="json",
        )
        (receipt,) = make_exports(profile=profile)
        return {
            "export-profiles": profile,
            "export-receipts": receipt,
            "journal-entries": entry,
            "periods": period,
            "chart-accounts": account,
            "account-map": seller,
            "revenue-rules": RevenueMapping.objects.filter(**of).order_by("id")[0],
            "tax-rules": TaxMapping.objects.filter(**of).order_by("id")[0],
        }
