"""Issued invoices and credit notes as entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.accounting import posting as post
from billing.accounting.chart import Chart
from billing.accounting.entries import Entry
from billing.accounting.sources.receivables import for_invoices
from billing.accounting.sources.source import Ledger, Problem, unbooked
from billing.accounting.writing import Draft
from billing.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState
from billing.invoices.tax_sums import TaxKind
from billing.payments.models import PaymentAllocation, Refund, RefundState
from billing.problem import MoneyProblem
from billing.sellers.models import Seller

INVOICE: Final = "invoice"
_MONEY: Final = DecimalField(max_digits=18, decimal_places=4)


class Invoices:
    """Invoices and credit notes of a seller: receivable against sales, tax and rounding."""

    kind = INVOICE

    def pending(self, seller: Seller) -> QuerySet[Any]:
        """Issued, and not booked; credit notes with what was used and refunded of them since."""
        of = {"credit_note": OuterRef("pk")}
        used = PaymentAllocation.objects.filter(**of)
        refunded = Refund.objects.filter(**of).exclude(state=RefundState.CANCELLED)
        rows: QuerySet[Invoice] = Invoice.objects.filter(
            seller=seller, kind__in=(InvoiceKind.INVOICE, InvoiceKind.CREDIT_NOTE), payable__gt=0
        ).exclude(state=InvoiceState.DRAFT)
        found: QuerySet[Any] = (
            unbooked(rows, INVOICE)
            .annotate(used=_sum(used), refunded=_sum(refunded))
            .select_related("original")
            .prefetch_related("lines__site", "taxes")
        )
        return found

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Any]:
        """Issued up to the day."""
        return self.pending(seller).filter(issued_on__lte=until_on)

    def drafts(self, rows: Sequence[Any], ledger: Ledger) -> list[Draft | Problem]:
        """One entry a document."""
        return [self._draft(row, ledger) for row in rows]

    def _draft(self, row: Any, ledger: Ledger) -> Draft | Problem:
        try:
            entry = invoice_entry(row, ledger.chart)
        except MoneyProblem as problem:
            return Problem(INVOICE, row.pk, row.number, problem.message)
        parts = [(row.number, row.payable)]
        if row.original:  # what it took off the invoice, and what the customer has to get
            taken_off = row.paid_amount - row.used - row.refunded
            parts = [(row.original.number, taken_off), *parts]
        divided, numbers = for_invoices(entry, ledger.chart, parts)
        return Draft(
            seller_id=row.seller_id,
            entry=divided,
            source_kind=INVOICE,
            source_id=row.pk,
            account_id=row.account_id,
            invoices=numbers,
        )


def _sum(rows: QuerySet[Any]) -> Coalesce:
    """The sum of amounts by credit note, for an outer query."""
    sums = rows.order_by().values("credit_note").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums, _MONEY), Decimal(0), output_field=_MONEY)


def invoice_entry(row: Invoice, chart: Chart) -> Entry:
    """The entry of an issued document. Raises MoneyProblem where the chart has no account."""
    assert row.issued_on is not None
    sale = post.Sale(
        tuple(_revenue(line, chart) for line in row.lines.all()),
        {_tax_kind(one.category, one.rate, one.country): one.tax for one in row.taxes.all()},
        row.rounding,
    )
    if sale.payable != row.payable:
        raise MoneyProblem("invoice_sums", f"The lines make {sale.payable}, not {row.payable}")
    booking = post.Booking(row.issued_on, row.number, row.currency)
    if row.kind == InvoiceKind.CREDIT_NOTE:
        return post.credit_note_issued(chart, booking, sale)
    return post.invoice_issued(chart, booking, sale)


def _revenue(line: InvoiceLine, chart: Chart) -> post.Revenue:
    kind = _tax_kind(line.tax_category, line.tax_rate, line.tax_country)
    own = line.revenue_account if line.revenue_account in chart.names else ""
    site = line.site.public_id if line.site else ""
    return post.Revenue(line.kind, kind, line.net, site, own)  # type: ignore[arg-type]  # choices


def _tax_kind(category: str, rate: Decimal, country: str) -> TaxKind:
    return TaxKind(category, rate, country)  # type: ignore[arg-type]  # one of the categories
