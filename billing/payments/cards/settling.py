"""What the provider says of a card payment becomes its state, and money becomes a payment.

This is the one place that moves a card payment on. It may be told the same thing by a webhook, by
the page a person comes back to and by the task that asks, in any order and at once: the row is
held, the table of moves decides, and what is paid is booked once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from billing.accounts.dated import operator_day
from billing.invoices.models import Invoice
from billing.payments import booking
from billing.payments.bringing import lock_payments
from billing.payments.cards.models import CardPayment, CardState, change
from billing.payments.cards.provider import Look, ProviderRefused, ProviderSilent
from billing.payments.cards.retrying import next_try
from billing.payments.cards.states import State, may_move
from billing.payments.models import Payment, PaymentSource
from core.audit.services import record

ASK_AGAIN: Final = {
    State.UNKNOWN: timedelta(seconds=30),
    State.WAITING: timedelta(minutes=10),
    State.PROCESSING: timedelta(hours=6),
    State.HELD: timedelta(hours=6),
    State.CAPTURING: timedelta(seconds=30),
}
"""How long after it was heard of last that the provider is asked again."""
WRONG_AMOUNT: Final = gettext_noop("The provider names another amount or currency")


@transaction.atomic
def apply_look(
    card_payment: CardPayment, look: Look, *, now: datetime | None = None
) -> CardPayment:
    """Take over what the provider says; what cannot follow from where the payment stands is
    left out. Amounts that are not ours are refused: nothing is booked of them."""
    now = now or timezone.now()
    row = _held_row(card_payment)
    if look.currency != row.currency or look.amount != row.amount or look.captured > row.amount:
        change(
            row, failure_message=WRONG_AMOUNT, checked_at=now,
            next_check_at=now + timedelta(hours=1),
        )  # fmt: skip
        return _as_read(card_payment, row)
    told = State(look.status.value)
    values: dict[str, Any] = {"checked_at": now, "next_check_at": _ask_at(told, row, now)}
    if not row.ref and look.ref:
        values["ref"] = look.ref
    if may_move(State(row.state), told):
        values |= _moved(row, look, told, now)
    elif row.state == told.value:
        values |= {"url": look.url[:1000], "capture_before_at": look.capture_before}
    change(row, **values)
    return _as_read(card_payment, row)


def _held_row(card_payment: CardPayment) -> CardPayment:
    lock_payments(card_payment.operator_id)
    rows = CardPayment.objects.select_for_update(of=("self",)).select_related(
        "operator", "card_account", "account"
    )
    row: CardPayment = rows.get(pk=card_payment.pk)
    return row


def _as_read(card_payment: CardPayment, row: CardPayment) -> CardPayment:
    """The caller's own object, as the row is now."""
    for field in CardPayment._meta.concrete_fields:
        setattr(card_payment, field.attname, getattr(row, field.attname))
    return card_payment


def _ask_at(told: State, row: CardPayment, now: datetime) -> datetime | None:
    state = told if may_move(State(row.state), told) else State(row.state)
    pause = ASK_AGAIN.get(state)
    return now + pause if pause else None


def _moved(row: CardPayment, look: Look, told: State, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {
        "state": told.value,
        "url": look.url[:1000],
        "charge_ref": look.charge_ref[:100],
        "capture_before_at": look.capture_before,
    }
    if look.receipt:
        values["terminal_receipt"] = look.receipt[:4000]
    if look.card is not None:
        values["card_label"] = f"{look.card.brand or look.card.kind} ··{look.card.last4}"[:60]
    if told in (State.FAILED, State.CANCELLED):
        values |= _reasons(row, look.code, look.decline_code, look.message, now, told)
    if told in (State.PAID, State.FAILED, State.CANCELLED):
        values["settled_at"] = now
    if told is State.PAID:
        values |= {"captured_amount": look.captured, "payment": _booked(row, look.captured, now)}
    record(
        f"card_payment.{told.value}", row, operator_id=row.operator_id,
        before={"state": row.state}, after={"state": told.value, "captured": look.captured},
        reason=look.decline_code or look.code,
    )  # fmt: skip
    return values


def _reasons(
    row: CardPayment, code: str, decline: str, message: str, now: datetime, told: State
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "failure_code": code, "decline_code": decline, "failure_message": message,
    }  # fmt: skip
    if row.is_automatic and told is State.FAILED:
        first, tries = _tries(row)
        found["retry_at"] = next_try(first_at=first, tries=tries, code=code, decline_code=decline)
    return found


def _tries(row: CardPayment) -> tuple[datetime, int]:
    """When this was tried first, and how often: by the invoice that was tried most."""
    invoices = list(row.parts.values_list("invoice_id", flat=True))
    made = list(
        CardPayment.objects.filter(parts__invoice__in=invoices, is_automatic=True)
        .distinct()
        .order_by("created_at")
        .values_list("created_at", flat=True)
    )
    return (made[0], len(made)) if made else (row.created_at, 1)


def _booked(row: CardPayment, amount: Decimal, now: datetime) -> Payment:
    today = operator_day(row.operator, now)
    payment = booking.book(
        operator_id=row.operator_id,
        seller_id=row.card_account.seller_id,
        account=row.account,
        amount=amount,
        currency=row.currency,
        booked_on=today,
        identified_on=today if row.account is not None else None,
        source=PaymentSource.CARD,
        reference=row.public_id,
        payer_name=row.account.name if row.account is not None else "",
    )
    left = amount
    for part in row.parts.select_related("invoice").order_by("pk"):
        invoice: Invoice = part.invoice
        invoice.refresh_from_db()
        use = min(left, part.amount, invoice.open_amount)
        if use > 0:
            on = booking.counted_on(today, invoice)
            booking.allocate(payment, invoice, use, on=on)
            left -= use
    return payment


@transaction.atomic
def note_refusal(
    card_payment: CardPayment, refusal: ProviderRefused, *, now: datetime | None = None
) -> CardPayment:
    """The provider said no to collecting: nothing moved, and the invoice is free again."""
    now = now or timezone.now()
    row = _held_row(card_payment)
    if may_move(State(row.state), State.FAILED):
        values = _reasons(
            row, refusal.code, refusal.decline_code, refusal.message, now, State.FAILED
        )
        if refusal.ref and not row.ref:
            values["ref"] = refusal.ref
        record(
            "card_payment.failed", row, operator_id=row.operator_id,
            before={"state": row.state}, after={"state": "failed"},
            reason=refusal.decline_code or refusal.code,
        )  # fmt: skip
        change(
            row, state=CardState.FAILED.value, settled_at=now, checked_at=now, next_check_at=None,
            **values,
        )  # fmt: skip
    return _as_read(card_payment, row)


@transaction.atomic
def note_silence(
    card_payment: CardPayment, silence: ProviderSilent, *, now: datetime | None = None
) -> CardPayment:
    """Nobody knows what happened: it is asked before anything else is tried."""
    now = now or timezone.now()
    row = _held_row(card_payment)
    values: dict[str, Any] = {"next_check_at": now + ASK_AGAIN[State.UNKNOWN]}
    if may_move(State(row.state), State.UNKNOWN):
        values["state"] = CardState.UNKNOWN.value
        record(
            "card_payment.unknown", row, operator_id=row.operator_id,
            before={"state": row.state}, after={"state": "unknown"}, reason=str(silence),
        )  # fmt: skip
    change(row, **values)
    return _as_read(card_payment, row)
