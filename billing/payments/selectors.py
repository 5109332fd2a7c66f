"""Reading payments, refunds and files to the bank."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Subquery
from django.shortcuts import get_object_or_404

from billing.invoices.models import Invoice, InvoiceState
from billing.payments.credits import with_rest
from billing.payments.models import (
    Payment,
    PaymentAllocation,
    PayoutFile,
    Refund,
    RefundState,
)
from billing.payments.seller_of import owed_by
from billing.sellers.models import Seller


def payments() -> QuerySet[Any]:
    """All payments with account, bank file and ``rest``, the latest first."""
    rows: QuerySet[Payment] = Payment.objects.select_related(
        "account", "transaction", "transaction__bank_file"
    ).defer("transaction__bank_file__raw")
    return with_rest(rows).order_by("-booked_on", "-id")


def allocations_of(payment: Payment) -> QuerySet[PaymentAllocation]:
    """What a payment settled, in order, with what was taken back again."""
    rows: QuerySet[PaymentAllocation] = PaymentAllocation.objects.filter(payment=payment)
    return rows.select_related("invoice", "claim").order_by("pk")


def refunds() -> QuerySet[Refund]:
    """All refunds, the latest first."""
    rows: QuerySet[Refund] = Refund.objects.select_related(
        "account", "payment", "credit_note", "payout_file"
    )
    return rows.defer("payout_file__content").order_by("-created_at", "-id")


def next_payout(seller: Seller) -> QuerySet[Refund]:
    """Refunds to an account that the seller owes and that wait, of the currency of the oldest: a
    file has one."""
    rows = refunds().filter(owed_by(seller), state=RefundState.PLANNED)
    rows = rows.exclude(iban="", bankgiro="")
    oldest = rows.order_by("pk").values("currency")[:1]
    return rows.filter(currency=Subquery(oldest))


def payout_files() -> QuerySet[PayoutFile]:
    """Files to the bank without their content, the latest first."""
    rows: QuerySet[PayoutFile] = PayoutFile.objects.select_related("seller").defer("content")
    return rows.order_by("-created_at", "-id")


def find_document(public_id: str) -> Invoice:
    """An issued document of the operator in scope, or 404; only of credit notes is something to
    be given back."""
    rows = Invoice.objects.exclude(state=InvoiceState.DRAFT)
    note: Invoice = get_object_or_404(
        rows.select_related("account", "operator"), public_id=public_id
    )
    return note
