"""The one place that changes what is open of an issued document."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.invoices.states import Standing, state_of
from billing.invoices.webhooks import tell_paid
from core.audit.services import record, record_many
from core.errors import RuleViolation
from core.money import smallest_unit

NOTHING: Final = Decimal(0)
_COLUMNS: Final = ("state", "open_amount", "paid_amount", "credited_amount", "written_off_amount")


@transaction.atomic
def settle(
    invoice: Invoice,
    *,
    paid: Decimal = NOTHING,
    written_off: Decimal = NOTHING,
    credited: Decimal = NOTHING,
    reason: str = "",
    now: datetime | None = None,
) -> Invoice:
    """Take amounts off what is open, or put them back (negative: a payment that is reversed).

    Of a credit note, ``paid`` is what the customer got back or used for another invoice. Refuses
    drafts, amounts finer than the currency, more than is open and less than nothing.
    """
    now = now or timezone.now()
    row: Invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    _check(row, paid, written_off, credited)
    before = {name: getattr(row, name) for name in _COLUMNS}
    row.paid_amount += paid
    row.written_off_amount += written_off
    row.credited_amount += credited
    row.open_amount -= paid + written_off + credited
    amounts = (row.paid_amount, row.written_off_amount, row.credited_amount, row.open_amount)
    if min(amounts) < 0:
        raise RuleViolation(
            "beyond_open", _("%(number)s has less than that open.") % {"number": row.number}
        )
    row.state = state_of(standing_of(row), operator_day(row.operator, now))
    row.save(update_fields=_COLUMNS)
    after = {name: getattr(row, name) for name in _COLUMNS}
    record(
        "invoice.settle",
        row,
        operator_id=row.operator_id,
        before={name: before[name] for name in _COLUMNS if before[name] != after[name]},
        after={name: after[name] for name in _COLUMNS if before[name] != after[name]},
        reason=reason,
    )
    if row.state == "paid" and before["state"] != "paid":
        tell_paid(row, now=now)
    for name in _COLUMNS:
        setattr(invoice, name, getattr(row, name))
    return row


def standing_of(invoice: Invoice) -> Standing:
    """The amounts by which a state is judged."""
    return Standing(
        payable=invoice.payable,
        paid=invoice.paid_amount,
        credited=invoice.credited_amount,
        written_off=invoice.written_off_amount,
        due_on=invoice.due_on,
        is_credit_note=invoice.kind == InvoiceKind.CREDIT_NOTE,
    )


@transaction.atomic
def set_disputed(*, invoice: Invoice, is_disputed: bool, reason: str) -> Invoice:
    """Note that the customer disputes an invoice, or no longer does; refuses drafts."""
    changed = (
        Invoice.objects.filter(pk=invoice.pk, is_disputed=not is_disputed)
        .exclude(state=InvoiceState.DRAFT)
        .update(is_disputed=is_disputed)
    )
    if not changed:
        raise RuleViolation("nothing_changes", _("It is so already, or the invoice is a draft."))
    invoice.is_disputed = is_disputed
    record(
        "invoice.dispute",
        invoice,
        operator_id=invoice.operator_id,
        before={"is_disputed": not is_disputed},
        after={"is_disputed": is_disputed},
        reason=reason,
    )
    return invoice


@transaction.atomic
def mark_overdue(*, operator_id: int, today: date) -> int:
    """Mark what was due before the day and is open still; returns how many."""
    waiting = (InvoiceState.ISSUED, InvoiceState.PARTLY_PAID)
    rows = list(
        Invoice.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(operator_id=operator_id, state__in=waiting, due_on__lt=today, open_amount__gt=0)
        .exclude(kind=InvoiceKind.CREDIT_NOTE)
    )
    Invoice.objects.filter(pk__in=[one.pk for one in rows]).update(state=InvoiceState.OVERDUE)
    record_many(
        "invoice.overdue", rows, operator_id=operator_id,
        after=lambda one: {"state": InvoiceState.OVERDUE, "open_amount": one.open_amount},
    )  # fmt: skip
    return len(rows)


def _check(row: Invoice, *amounts: Decimal) -> None:
    if row.is_draft:
        raise RuleViolation("draft", _("A draft cannot be paid or credited."))
    unit = smallest_unit(row.currency)
    if any(amount != amount.quantize(unit) for amount in amounts):
        raise RuleViolation("too_fine", _("The amount is finer than the currency."))
