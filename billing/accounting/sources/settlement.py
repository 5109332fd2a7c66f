"""What hosts earned and were paid, as entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet

from billing.accounting import posting as post
from billing.accounting.reading import tax_kind
from billing.accounting.sources.source import Ledger, Problem, drafted, unbooked
from billing.accounting.writing import Draft
from billing.invoices.tax_sums import TaxKind
from billing.sellers.models import Seller
from billing.settlement.models import Statement
from billing.settlement.payout_models import HostPayout, PayoutState
from billing.settlement.self_billing import tax_parts

STATEMENT: Final = "statement"
HOST_PAYOUT: Final = "host_payout"
Part = tuple[TaxKind, Decimal, Decimal]


class Statements:
    """Statements that became a debt: cost and input VAT against what hosts are owed."""

    kind = STATEMENT

    def pending(self, seller: Seller) -> QuerySet[Any]:
        """Owed, and not booked."""
        rows: QuerySet[Statement] = Statement.objects.filter(seller=seller, owed_on__isnull=False)
        return (
            unbooked(rows, STATEMENT)
            .select_related("host", "seller", "site", "invoice")
            .prefetch_related("lines", "invoice__taxes")
        )

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Any]:
        """Owed since a day up to ``until_on``."""
        return self.pending(seller).filter(owed_on__lte=until_on)

    def drafts(self, rows: Sequence[Any], ledger: Ledger) -> list[Draft | Problem]:
        """One entry a statement."""
        return drafted(STATEMENT, rows, lambda row: self._draft(row, ledger))

    def _draft(self, row: Any, ledger: Ledger) -> Draft:
        document = row.invoice.number if row.invoice else row.host_invoice_number or row.public_id
        period = f"{row.period_from_on}–{row.period_until_on}"
        booking = post.Booking(row.owed_on, document, row.currency, f"{row.host} {period}")
        entry = post.host_statement(ledger.chart, booking, _parts(row), site=row.site.public_id)
        return Draft(seller_id=row.seller_id, entry=entry, source_kind=STATEMENT, source_id=row.pk)


def _parts(row: Statement) -> list[Part]:
    """Net and tax by kind: of the self-billing invoice, or of what the statement says."""
    if row.invoice is not None:
        return [
            (tax_kind(one.category, one.rate, one.country), one.net, one.tax)
            for one in row.invoice.taxes.all()
        ]
    if not row.tax:
        return [(tax_kind("E", Decimal(0), row.host.country_code), row.net, Decimal(0))]
    return tax_parts(row, list(row.lines.all()))


class HostPayouts:
    """What went out to hosts. What was set off is booked with its payment."""

    kind = HOST_PAYOUT

    def pending(self, seller: Seller) -> QuerySet[Any]:
        """Paid out, and not booked."""
        rows: QuerySet[HostPayout] = HostPayout.objects.filter(
            batch__seller=seller, state=PayoutState.DONE, amount__gt=0
        )
        return unbooked(rows, HOST_PAYOUT)

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Any]:
        """Paid up to the day."""
        return self.pending(seller).filter(paid_on__lte=until_on)

    def drafts(self, rows: Sequence[Any], ledger: Ledger) -> list[Draft | Problem]:
        """From what is owed to the bank."""
        return drafted(HOST_PAYOUT, rows, lambda row: self._draft(row, ledger))

    def _draft(self, row: Any, ledger: Ledger) -> Draft:
        booking = post.Booking(row.paid_on, row.public_id, row.currency, row.name)
        entry = post.host_payout(ledger.chart, booking, row.amount)
        return Draft(
            seller_id=ledger.seller.pk, entry=entry, source_kind=HOST_PAYOUT, source_id=row.pk
        )
