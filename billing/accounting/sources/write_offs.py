"""What is written off of invoices as entries: the loss, and the VAT that comes back.

What is written off is a column of the invoice, which changes. Each time it differs from what the
journal holds, the difference is booked on the day that it is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields import DecimalField
from django.db.models.functions import Coalesce

from billing.accounting import posting as post
from billing.accounting.entries import Entry, EntryKind, mirrored
from billing.accounting.models import JournalEntry, JournalPosting
from billing.accounting.reading import tax_kind
from billing.accounting.sources.receivables import for_invoices
from billing.accounting.sources.source import Ledger, Problem, drafted
from billing.accounting.writing import Draft
from billing.accounts.dated import operator_day
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.invoices.tax_sums import TaxKind
from billing.rating.rules.rounding import allocate
from billing.sellers.models import Seller
from core.money import minor_digits

WRITE_OFF: Final = "write_off"
_MONEY: Final = DecimalField(max_digits=18, decimal_places=4)


class WriteOffs:
    """Receivables that will not be paid."""

    kind = WRITE_OFF

    def pending(self, seller: Seller) -> QuerySet[Any]:
        """Invoices of which another amount is written off than is booked."""
        losses = JournalEntry.objects.filter(seller=seller, kind=EntryKind.WRITE_OFF.value)
        # By way of the customer, whose entries are few and found by an index.
        entries = losses.filter(account=OuterRef("account"), source_id=OuterRef("pk"))
        booked = JournalPosting.objects.filter(
            entry__account=OuterRef("account"),
            entry__kind=EntryKind.WRITE_OFF.value,
            entry__source_id=OuterRef("pk"),
            invoice_number=OuterRef("number"),
        )
        sums = booked.order_by().values("invoice_number").annotate(sum=Sum("amount")).values("sum")
        counts = entries.order_by().values("source_id").annotate(n=Count("pk")).values("n")
        rows: QuerySet[Any] = Invoice.objects.filter(
            Q(written_off_amount__gt=0) | Q(pk__in=losses.values("source_id")),
            seller=seller,
            kind=InvoiceKind.INVOICE,
        )
        rows = rows.exclude(state=InvoiceState.DRAFT).annotate(
            booked=Coalesce(Subquery(sums, _MONEY), Decimal(0), output_field=_MONEY),
            times=Coalesce(Subquery(counts), 0),
        )
        differing = rows.exclude(written_off_amount=-F("booked"))
        return differing.select_related("operator").prefetch_related("taxes").order_by("pk")

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Any]:
        """Of invoices issued up to the day."""
        return self.pending(seller).filter(issued_on__lte=until_on)

    def drafts(self, rows: Sequence[Any], ledger: Ledger) -> list[Draft | Problem]:
        """The loss against the receivable; the other way round where one is paid after all."""
        return drafted(WRITE_OFF, rows, lambda row: self._draft(row, ledger))

    def _draft(self, row: Any, ledger: Ledger) -> Draft:
        difference = row.written_off_amount + row.booked
        booking = post.Booking(operator_day(row.operator), row.number, row.currency)
        entry = post.write_off(
            ledger.chart, booking, shares(row, abs(difference)), tax_adjusted=True
        )
        if difference < 0:
            entry = _taken_back(entry)
        entry, invoices = for_invoices(entry, ledger.chart, [(row.number, abs(difference))])
        return Draft(
            seller_id=row.seller_id,
            entry=entry,
            source_kind=f"{WRITE_OFF}_{row.times + 1}" if row.times else WRITE_OFF,
            source_id=row.pk,
            account_id=row.account_id,
            invoices=invoices,
        )


def _taken_back(entry: Entry) -> Entry:
    return mirrored(entry, on=entry.on, kind=EntryKind.WRITE_OFF)


def shares(invoice: Invoice, amount: Decimal) -> list[tuple[TaxKind, Decimal, Decimal]]:
    """Net and tax by kind of a part of an invoice, in proportion, adding up to the part."""
    taxes = list(invoice.taxes.all())
    weights = [Fraction(value) for one in taxes for value in (one.net, one.tax)]
    digits = minor_digits(invoice.currency)
    units = int(amount.scaleb(digits))
    whole = sum(weights, Fraction())
    parts = allocate(units, [weight * units / whole for weight in weights])
    found = []
    for place, one in enumerate(taxes):
        kind = tax_kind(one.category, one.rate, one.country)
        net, tax = (Decimal(parts[2 * place + n]).scaleb(-digits) for n in (0, 1))
        found.append((kind, net, tax))
    return found
