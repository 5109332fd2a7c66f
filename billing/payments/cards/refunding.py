"""Giving money back to the card it came from: written down, sent once, settled by asking."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from billing.accounts.dated import operator_day
from billing.invoices.models import Invoice
from billing.payments import booking, services
from billing.payments.bringing import lock_payments
from billing.payments.cards.accounts import provider_of
from billing.payments.cards.models import (
    CardPayment,
    CardRefund,
    CardRefundState,
    CardState,
    change,
)
from billing.payments.cards.provider import (
    ProviderRefused,
    ProviderSilent,
    RefundLook,
    RefundStatus,
)
from billing.payments.models import Payment, PaymentSource, RefundState
from core.audit.services import record
from core.errors import RuleViolation
from core.ids import public_id

logger = logging.getLogger(__name__)
S = CardRefundState
_OPEN: Final = (S.NEW, S.UNKNOWN, S.PROCESSING)
_ASK: Final = timedelta(seconds=30)
_ASK_LATER: Final = timedelta(hours=12)
_SEND_AGAIN: Final = timedelta(hours=1)
CAME_BACK: Final = gettext_noop("A refund to a card came back")


def refundable() -> QuerySet[CardPayment]:
    """Card payments of which something can go back, with ``left``."""
    back = Coalesce(
        Sum("card_refunds__amount", filter=~Q(card_refunds__state=S.FAILED)), Decimal(0)
    )
    rows: QuerySet[CardPayment] = CardPayment.objects.filter(state=CardState.PAID)
    return rows.annotate(left=F("captured_amount") - back).filter(left__gt=0)


def card_payment_for(source: Payment | Invoice) -> CardPayment | None:
    """By which card payment a payment, or what a credit note credits, was paid."""
    rows = refundable().order_by("-pk")
    if isinstance(source, Payment):
        return rows.filter(payment=source).first()
    of_invoice = rows.filter(payment__allocations__invoice=source.original_id)
    return of_invoice.first() if source.original_id else None


def refund_to_card(
    *,
    source: Payment | Invoice,
    reason: str,
    amount: Decimal | None = None,
    may_exceed_limit: bool = False,
) -> CardRefund:
    """Give credit of a payment or a credit note back to the card it was paid with: all that is
    left unless told. Refuses more than is left or was collected, and more than the account's
    limit unless the person may exceed it. Calls the provider."""
    card_payment = card_payment_for(source)
    if card_payment is None:
        raise RuleViolation("not_by_card", _("No card payment stands behind it."))
    row = _write_down(card_payment, source, reason, amount, may_exceed_limit)
    return send_refund(row)


def _write_down(
    card_payment: CardPayment,
    source: Payment | Invoice,
    reason: str,
    amount: Decimal | None,
    may_exceed_limit: bool,
) -> CardRefund:
    try:
        with transaction.atomic(durable=True):
            refund = services.plan_refund(source=source, amount=amount, reason=reason)
            limit = card_payment.card_account.refund_limit
            if limit is not None and refund.amount > limit and not may_exceed_limit:
                raise RuleViolation(
                    "beyond_limit",
                    _("Refunds above %(limit)s need somebody who may exceed the limit.")
                    % {"limit": limit},
                    field="amount",
                )
            services.move_refund(refund, RefundState.ORDERED)
            row: CardRefund = CardRefund.objects.create(
                operator_id=card_payment.operator_id, public_id=public_id("crf"),
                card_payment=card_payment, refund=refund, amount=refund.amount,
                currency=refund.currency, next_check_at=timezone.now() + timedelta(minutes=1),
            )  # fmt: skip
    except IntegrityError as error:
        if "card_refund_within" in str(error) or "than was collected" in str(error):
            raise RuleViolation(
                "beyond_captured", _("That is more than was collected."), field="amount"
            ) from error
        raise
    return row


def send_refund(row: CardRefund, *, now: datetime | None = None) -> CardRefund:
    """Ask the provider to give it back; the same key however often. While its keys cannot be used
    it waits for better ones."""
    try:
        look = provider_of(row.card_payment.card_account).refund(
            row.card_payment.ref, row.amount, row.currency, key=row.public_id, ref=row.public_id
        )
    except ProviderSilent as silence:
        return _silent(row, silence, now or timezone.now())
    except ProviderRefused as refusal:
        if refusal.code == "keys":
            return _silent(row, refusal, now or timezone.now())
        look = RefundLook(
            "", RefundStatus.FAILED, row.amount, row.currency, refusal.message or refusal.code
        )
    return apply_refund(row, look, now=now)


@transaction.atomic
def _silent(
    row: CardRefund, silence: ProviderSilent | ProviderRefused, now: datetime
) -> CardRefund:
    fresh = _held(row)
    if fresh.state in (S.NEW, S.UNKNOWN):
        change(fresh, state=S.UNKNOWN.value, next_check_at=now + _ASK)
        record("card_refund.unknown", fresh, operator_id=fresh.operator_id, reason=str(silence))
    row.refresh_from_db()
    return row


def _held(row: CardRefund) -> CardRefund:
    lock_payments(row.operator_id)
    fresh: CardRefund = (
        CardRefund.objects.select_for_update(of=("self",))
        .select_related("refund__operator", "refund__account", "card_payment__card_account")
        .get(pk=row.pk)
    )
    return fresh


@transaction.atomic
def apply_refund(row: CardRefund, look: RefundLook, *, now: datetime | None = None) -> CardRefund:
    """Take over what the provider says of a refund, once and in any order."""
    now = now or timezone.now()
    fresh = _held(row)
    today = operator_day(fresh.refund.operator, now)
    before = fresh.state
    if look.ref and not fresh.ref:
        change(fresh, ref=look.ref)
    if look.status is RefundStatus.PROCESSING and before in (S.NEW, S.UNKNOWN):
        change(fresh, state=S.PROCESSING.value, next_check_at=now + _ASK_LATER)
    elif look.status is RefundStatus.DONE and before in _OPEN:
        services.move_refund(fresh.refund, RefundState.DONE, paid_on=today)
        change(fresh, state=S.DONE.value, settled_at=now, next_check_at=None)
    elif look.status is RefundStatus.FAILED and before in _OPEN:
        services.call_refund_off(fresh.refund, reason=look.message or str(CAME_BACK))
        _failed(fresh, look, now)
    elif look.status is RefundStatus.FAILED and before == S.DONE:
        _came_back(fresh, today)
        _failed(fresh, look, now)
    if fresh.state != before:
        record(
            f"card_refund.{fresh.state}", fresh, operator_id=fresh.operator_id,
            before={"state": before}, after={"state": fresh.state}, reason=look.message,
        )  # fmt: skip
    row.refresh_from_db()
    return row


def _failed(fresh: CardRefund, look: RefundLook, now: datetime) -> None:
    change(
        fresh, state=S.FAILED.value, settled_at=now, next_check_at=None, message=look.message[:500]
    )


def _came_back(fresh: CardRefund, today: object) -> None:
    """The bank sent it back days later: it is the customer's credit again."""
    booking.book(
        operator_id=fresh.operator_id, seller_id=fresh.card_payment.card_account.seller_id,
        account=fresh.refund.account, amount=fresh.amount, currency=fresh.currency,
        booked_on=today, identified_on=today, source=PaymentSource.CARD,
        reference=fresh.public_id, note=str(CAME_BACK),
    )  # fmt: skip


def ask_refunds_due(*, now: datetime, limit: int = 100) -> int:
    """Ask for refunds whose outcome is not known, or that are on their way; returns how many."""
    due = CardRefund.objects.filter(next_check_at__lte=now).order_by("next_check_at", "pk")
    done = 0
    for row in list(due.select_related("card_payment__card_account", "refund")[:limit]):
        claimed = CardRefund.objects.filter(pk=row.pk, next_check_at=row.next_check_at).update(
            next_check_at=now + timedelta(minutes=2)
        )
        if claimed:
            _settle_doubt(row, now)
            done += 1
    return done


def _settle_doubt(row: CardRefund, now: datetime) -> None:
    try:
        provider = provider_of(row.card_payment.card_account)
        look = (
            provider.look_at_refund(row.ref)
            if row.ref
            else provider.find_refund(row.card_payment.ref, row.public_id)
        )
    except ProviderSilent as silence:
        _silent(row, silence, now)
        return
    except ProviderRefused as refusal:
        logger.warning("Refund %s cannot be asked for: %s", row.public_id, refusal.code)
        return
    if look is not None:
        apply_refund(row, look, now=now)
    elif now - row.created_at < _SEND_AGAIN:
        send_refund(row, now=now)
    else:
        never = RefundLook("", RefundStatus.FAILED, row.amount, row.currency, "never_arrived")
        apply_refund(row, never, now=now)
