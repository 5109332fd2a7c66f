"""Disputes: the customer's bank asks for the money back. Answered at the provider, not here."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.payments import booking
from billing.payments.bringing import lock_payments
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.models import CardDispute, CardPayment, DisputeState, change
from billing.payments.cards.provider import DisputeLook
from core.audit.services import record
from core.errors import RuleViolation
from core.ids import public_id

_CLOSED = (DisputeState.WON, DisputeState.LOST)


@transaction.atomic
def apply_dispute(
    card_account: ProviderAccount, look: DisputeLook, *, now: datetime | None = None
) -> CardDispute:
    """Take over how a dispute stands. Lost: the payment is taken back whole, so that what it
    settled is open again; where something was refunded or only a part is disputed, a person has
    to do that, and the dispute says so."""
    now = now or timezone.now()
    lock_payments(card_account.operator_id)
    card_payment = CardPayment.objects.filter(
        card_account=card_account, ref=look.payment_ref
    ).first() if look.payment_ref else None  # fmt: skip
    row, is_new = CardDispute.objects.select_for_update(of=("self",)).get_or_create(
        card_account=card_account, ref=look.ref,
        defaults={
            "operator_id": card_account.operator_id, "public_id": public_id("dsp"),
            "card_payment": card_payment, "amount": look.amount, "currency": look.currency,
            "reason": look.reason, "state": DisputeState.NEEDS_RESPONSE,
            "opened_at": look.opened_at,
        },
    )  # fmt: skip
    before = "" if is_new else row.state
    is_linked = row.card_payment is None and card_payment is not None
    if is_linked:
        change(row, card_payment=card_payment)  # It was heard of before its payment was.
    if before in _CLOSED and not is_linked:
        found: CardDispute = row
        return found
    closed = now if look.status.value in _CLOSED else None
    change(row, state=look.status.value, respond_by_at=look.respond_by, closed_at=closed)
    if look.status.value != before:
        record(
            "card_dispute.state", row, operator_id=row.operator_id, before={"state": before},
            after={"state": row.state, "amount": row.amount}, reason=look.reason,
        )  # fmt: skip
    if row.state == DisputeState.LOST:
        _take_back(row, now)
    return CardDispute.objects.get(pk=row.pk)  # type: ignore[no-any-return]  # untyped manager


def _take_back(row: CardDispute, now: datetime) -> None:
    payment = row.card_payment.payment if row.card_payment is not None else None
    if payment is None or row.amount != payment.amount:
        change(row, note=_("Take the payment back by hand: a part of it was disputed."))
        return
    try:
        # A refusal leaves what was done before it undone as well.
        with transaction.atomic():
            back = booking.reverse(
                payment, on=operator_day(row.operator, now), reason=_("Dispute lost")
            )
    except RuleViolation as refusal:
        change(row, note=str(refusal.message)[:500])
    else:
        change(row, reversal=back)
