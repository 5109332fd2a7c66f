"""Reading payments, refunds, and a month's report of what came in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from billing.payments.credits import with_rest
from billing.payments.models import Payment, PaymentAllocation, PayoutFile, Refund

ZERO: Final = Decimal(0)


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


def payout_files() -> QuerySet[PayoutFile]:
    """Files to the bank without their content, the latest first."""
    rows: QuerySet[PayoutFile] = PayoutFile.objects.select_related("seller").defer("content")
    return rows.order_by("-created_at", "-id")


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A row of the journal of payments (inbetalningsjournal): a payment, or a part of it that
    settles an invoice. ``amount`` stands on the payment's first row alone, so columns add up;
    ``unidentified`` is what nobody is known for, ``credit`` what is a customer's credit."""

    payment: Payment
    booked_on: date
    source: str
    file: str
    bank_reference: str
    payer: str
    ocr: str
    amount: Decimal
    invoice_number: str
    settled: Decimal
    unidentified: Decimal
    credit: Decimal


def payment_journal(
    *, from_on: date, until_on: date, seller_id: int | None = None, as_of: date | None = None
) -> list[JournalRow]:
    """All payments booked from one day to another (both included), with what they settled by
    ``as_of`` (default: by now); two queries."""
    made = PaymentAllocation.objects.select_related("invoice", "claim").order_by("pk")
    if as_of is not None:
        made = made.filter(made_on__lte=as_of)
    rows = Payment.objects.filter(booked_on__gte=from_on, booked_on__lte=until_on)
    if seller_id is not None:
        rows = rows.filter(seller_id=seller_id)
    rows = (
        rows.select_related("account", "transaction__bank_file")
        .defer("transaction__bank_file__raw")
        .prefetch_related(Prefetch("allocations", made, "made"))
        .order_by("booked_on", "pk")
    )
    return [row for payment in rows for row in _journal_rows(payment, as_of)]


def _journal_rows(payment: Any, as_of: date | None) -> Iterator[JournalRow]:
    settled: dict[str, Decimal] = {}
    for one in payment.made:
        named = one.invoice.number if one.invoice is not None else str(one.claim)
        settled[named] = settled.get(named, ZERO) + one.amount
    parts = [(name, amount) for name, amount in settled.items() if amount] or [("", ZERO)]
    rest = payment.amount - sum((amount for _name, amount in parts), ZERO)
    known = payment.account_id is not None and (
        as_of is None or payment.identified_on is None or payment.identified_on <= as_of
    )
    of = payment.transaction
    for number, (name, amount) in enumerate(parts):
        first = number == 0
        yield JournalRow(
            payment=payment,
            booked_on=payment.booked_on,
            source=payment.source,
            file=of.bank_file.file_name if of is not None else "",
            bank_reference=of.bank_id if of is not None else "",
            payer=payment.payer_name or (payment.account.name if payment.account else ""),
            ocr=payment.reference,
            amount=payment.amount if first else ZERO,
            invoice_number=name,
            settled=amount,
            unidentified=rest if first and not known else ZERO,
            credit=rest if first and known else ZERO,
        )


@dataclass(frozen=True, slots=True)
class SourceSum:
    """What came in from one source in one currency."""

    source: str
    currency: str
    count: int
    amount: Decimal


def sums_by_source(rows: list[JournalRow]) -> list[SourceSum]:
    """The journal's payments by source and currency."""
    found: dict[tuple[str, str], list[Decimal]] = {}
    for row in rows:
        if row.amount:
            found.setdefault((row.source, row.payment.currency), []).append(row.amount)
    return [
        SourceSum(source, currency, len(amounts), sum(amounts, ZERO))
        for (source, currency), amounts in sorted(found.items())
    ]
