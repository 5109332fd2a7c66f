"""Where an entry comes from: the page of what it books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from billing.accounting.models import JournalEntry, PeriodChange
from billing.accounting.period_services import ACCRUAL
from billing.accounting.sources.invoices import INVOICE
from billing.accounting.sources.payments import (
    ALLOCATION,
    CLAIM,
    IDENTIFIED,
    PAYMENT,
    REFUND,
    WAIVED,
)
from billing.accounting.sources.settlement import HOST_PAYOUT, STATEMENT
from billing.accounting.sources.write_offs import WRITE_OFF
from billing.invoices.models import Invoice
from billing.payments.models import Claim, Payment, PaymentAllocation, Refund
from billing.settlement.models import Statement
from billing.settlement.payout_models import HostPayout


@dataclass(frozen=True, slots=True)
class Origin:
    """What an entry books, and its page; empty where it has none."""

    label: str
    url: str = ""


Finder = Callable[[int], Origin | None]


def origin_of(entry: JournalEntry) -> Origin:
    """What the entry books; its document where nothing more is known."""
    # A second write-off of an invoice, or waiver of a claim, has a number after its kind.
    kind = entry.source_kind.rstrip("0123456789").rstrip("_")
    # Accruals, their reversals and what undoes both are booked in the name of a closing.
    finder = _closing if ACCRUAL in kind else FINDERS.get(kind)
    found = finder(entry.source_id) if finder else None
    return found or Origin(entry.document)


def _invoice(key: int) -> Origin | None:
    row = Invoice.objects.filter(pk=key).first()
    return Origin(row.number, reverse("invoice_detail", args=[row.public_id])) if row else None


def _payment(key: int) -> Origin | None:
    row = Payment.objects.filter(pk=key).first()
    return Origin(row.public_id, reverse("payment_detail", args=[row.public_id])) if row else None


def _closing(key: int) -> Origin | None:
    row = PeriodChange.objects.filter(pk=key).select_related("period").first()
    if row is None:
        return None
    return Origin(str(row.period), reverse("period_detail", args=[row.period.public_id]))


def _claim(key: int) -> Origin | None:
    row = Claim.objects.filter(pk=key).first()
    return _invoice(row.invoice_id) if row else None


def _allocation(key: int) -> Origin | None:
    row = PaymentAllocation.objects.filter(pk=key).first()
    if row is None:
        return None
    return _invoice(row.invoice_id) if row.invoice_id else _claim(row.claim_id or 0)


def _refund(key: int) -> Origin | None:
    row = Refund.objects.filter(pk=key).first()
    return Origin(row.public_id, reverse("refund_detail", args=[row.public_id])) if row else None


def _statement(key: int) -> Origin | None:
    row = Statement.objects.filter(pk=key).first()
    return Origin(str(row), reverse("statement_detail", args=[row.public_id])) if row else None


def _host_payout(key: int) -> Origin | None:
    row = HostPayout.objects.filter(pk=key).select_related("batch").first()
    if row is None:
        return None
    return Origin(row.public_id, reverse("payout_batch_detail", args=[row.batch.public_id]))


FINDERS: Final[dict[str, Finder]] = {
    INVOICE: _invoice,
    WRITE_OFF: _invoice,
    PAYMENT: _payment,
    IDENTIFIED: _payment,
    ALLOCATION: _allocation,
    CLAIM: _claim,
    WAIVED: _claim,
    REFUND: _refund,
    STATEMENT: _statement,
    HOST_PAYOUT: _host_payout,
}
"""By the kind of the source; the rooms' rows are read within the reader's scope."""
