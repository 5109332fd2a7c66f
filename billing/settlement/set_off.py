"""What hosts owe for fees, set off against what they are paid where their terms say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind, InvoiceState
from billing.payments import booking
from billing.payments.bringing import lock_payments
from billing.payments.models import PaymentSource
from billing.settlement.payout_models import HostPayout, HostSetOff, PayoutBatch, PayoutState
from core.errors import RuleViolation

NOTHING: Final = Decimal(0)
Owner = tuple[int, int, str]
"""Host, seller and currency."""


@dataclass(frozen=True, slots=True)
class OpenFee:
    """An open invoice to a host, and how much of it may be set off."""

    invoice: Invoice
    amount: Decimal


def open_fees(hosts: Iterable[int]) -> Mapping[Owner, Sequence[OpenFee]]:
    """What may be set off of each host, the oldest due first: the fees that statements put on its
    issued invoices under terms that say so, as far as they are open and in no other payout.
    Disputed invoices wait."""
    sums: Any = (
        InvoiceItem.objects.filter(
            manual__statement_line__term__terms__sets_off_fees=True,
            manual__statement_line__statement__host__in=list(hosts),
            invoice__kind=InvoiceKind.INVOICE,
            invoice__open_amount__gt=0,
            invoice__is_disputed=False,
        )
        .exclude(invoice__state=InvoiceState.DRAFT)
        .order_by()
        .values_list("manual__statement_line__statement__host_id", "invoice_id")
        .annotate(sum=Sum("gross"))
    )
    fees = {invoice: (host, gross) for host, invoice, gross in sums}
    rows = list(Invoice.objects.filter(pk__in=fees).order_by("due_on", "issued_on", "pk"))
    used, waiting = _reserved(rows)
    found: dict[Owner, list[OpenFee]] = defaultdict(list)
    for row in rows:
        host, gross = fees[row.pk]
        amount = min(gross - used[row.pk], row.open_amount - waiting[row.pk])
        if amount > 0:
            found[host, row.seller_id, row.currency].append(OpenFee(row, amount))
    return found


def _reserved(rows: Sequence[Invoice]) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """By invoice: what payouts set off that are not called off; and what of it waits for
    approval, so that the invoice does not show it yet."""
    sums: Any = (
        HostSetOff.objects.filter(invoice__in=[row.pk for row in rows])
        .exclude(payout__state=PayoutState.CANCELLED)
        .order_by()
        .values_list("invoice_id")
        .annotate(all=Sum("amount"), waiting=Sum("amount", filter=Q(payment=None)))
    )
    used: dict[int, Decimal] = defaultdict(Decimal)
    waiting: dict[int, Decimal] = defaultdict(Decimal)
    for invoice, whole, open_part in sums:
        used[invoice], waiting[invoice] = whole, open_part or NOTHING
    return used, waiting


def within(fees: Sequence[OpenFee], owed: Decimal) -> tuple[OpenFee, ...]:
    """As much of the fees as the host is owed, the oldest due first."""
    found = []
    for one in fees:
        part = min(one.amount, owed)
        if part > 0:
            found.append(OpenFee(one.invoice, part))
            owed -= part
    return tuple(found)


def keep_set_offs(payout: HostPayout, fees: Sequence[OpenFee]) -> None:
    """Note what a payout sets off; it waits for the approval of its batch."""
    for one in fees:
        HostSetOff.objects.create(
            operator_id=payout.operator_id, payout=payout, invoice=one.invoice, amount=one.amount
        )


def make_set_offs(batch: PayoutBatch, *, now: datetime | None = None) -> None:
    """Settle the invoices with what an approved batch sets off. Refuses the batch where one was
    paid or disputed meanwhile."""
    rows = _of(batch).select_related("invoice__account", "payout__host")
    if not rows:
        return
    lock_payments(batch.operator_id)
    day = operator_day(batch.operator, now or timezone.now())
    for row in rows:
        invoice = row.invoice
        if invoice.open_amount < row.amount or invoice.is_disputed:
            raise RuleViolation(
                "set_off_gone",
                _("Invoice %(number)s was settled or disputed meanwhile: call the batch off and "
                  "propose it anew.") % {"number": invoice},
            )  # fmt: skip
        payment = booking.book(
            operator_id=batch.operator_id,
            seller_id=batch.seller_id,
            account=invoice.account,
            amount=row.amount,
            currency=batch.currency,
            booked_on=day,
            identified_on=day,
            source=PaymentSource.SET_OFF,
            reference=row.payout.public_id,
            payer_name=row.payout.host.name[:200],
        )
        booking.allocate(payment, invoice, row.amount, on=booking.counted_on(day, invoice))
        HostSetOff.objects.filter(pk=row.pk).update(payment=payment)


def undo_set_offs(batch: PayoutBatch, *, reason: str, now: datetime | None = None) -> None:
    """Take back what a batch set off; the invoices are open again."""
    payments = [row.payment for row in _of(batch).select_related("payment")]
    lock_payments(batch.operator_id)
    day = operator_day(batch.operator, now or timezone.now())
    for payment in filter(None, payments):
        booking.reverse(payment, on=day, reason=reason)


def _of(batch: PayoutBatch) -> QuerySet[HostSetOff]:
    rows: QuerySet[HostSetOff] = HostSetOff.objects.filter(payout__batch=batch)
    return rows.order_by("pk")
