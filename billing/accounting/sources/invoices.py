"""Issued invoices and credit notes as entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.accounting import posting as post
from billing.accounting.chart import Chart
from billing.accounting.entries import Entry
from billing.accounting.reading import tax_kind
from billing.accounting.sources.receivables import for_invoices
from billing.accounting.sources.source import Ledger, Problem, drafted, unbooked
from billing.accounting.writing import Draft
from billing.invoices.document_parts import LineKind
from billing.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState
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
            # What is rounded away to nothing was sold all the same.
            Q(payable__gt=0) | ~Q(rounding=0),
            seller=seller,
            kind__in=(InvoiceKind.INVOICE, InvoiceKind.CREDIT_NOTE),
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
        return drafted(INVOICE, rows, lambda row: self._draft(row, ledger))

    def _draft(self, row: Any, ledger: Ledger) -> Draft:
        entry = invoice_entry(row, ledger.chart)
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
        {tax_kind(one.category, one.rate, one.country): one.tax for one in row.taxes.all()},
        row.rounding,
    )
    if sale.payable != row.payable:
        raise MoneyProblem("invoice_sums", f"The lines make {sale.payable}, not {row.payable}")
    booking = post.Booking(row.issued_on, row.number, row.currency)
    if row.kind == InvoiceKind.CREDIT_NOTE:
        return post.credit_note_issued(chart, booking, sale)
    return post.invoice_issued(chart, booking, sale)


def _revenue(line: InvoiceLine, chart: Chart) -> post.Revenue:
    tax = tax_kind(line.tax_category, line.tax_rate, line.tax_country)
    own = line.revenue_account if line.revenue_account in chart.names else ""
    site = line.site.public_id if line.site else ""
    return post.Revenue(cast("LineKind", line.kind), tax, line.net, site, own)
