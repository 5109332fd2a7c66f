"""Asking the provider how things stand: on return pages, and for what was not heard of in time.

A payment whose outcome is not known is never tried anew: the provider is asked for it by its id,
or, where that is not known, for one that carries ours. Only when the provider has no such payment
is the same call made again, with the same idempotency key.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from billing.payments.cards.accounts import provider_of
from billing.payments.cards.models import CardPayment, CardState
from billing.payments.cards.provider import (
    Look,
    Provider,
    ProviderRefused,
    ProviderSilent,
    Status,
)
from billing.payments.cards.sending import is_sent, look_at, order_of, send
from billing.payments.cards.settling import apply_look, note_refusal, note_silence

logger = logging.getLogger(__name__)
NEVER_ARRIVED: Final = "never_arrived"
_ATTEMPTS: Final = timedelta(hours=1)
"""How long the same call is made again: well within the day for which a provider keeps keys."""


def refresh(*, payment: CardPayment, now: datetime | None = None) -> CardPayment:
    """The payment as the provider sees it now. Calls the provider; silence changes nothing."""
    if not payment.is_live:
        return payment
    try:
        provider = provider_of(payment.card_account)
        look = look_at(provider, payment) if is_sent(payment) else None
    except (ProviderRefused, ProviderSilent):
        return payment
    return apply_look(payment, look, now=now) if look is not None else payment


def ask_due(*, now: datetime, limit: int = 100) -> int:
    """Ask for every payment whose time to be asked for has come; returns how many."""
    due = CardPayment.objects.filter(next_check_at__lte=now).order_by("next_check_at", "pk")
    return sum(_ask(pk, now) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _ask(pk: int, now: datetime) -> int:
    row = _claimed(pk, now)
    if row is None:
        return 0
    try:
        settle_doubt(row, now=now)
    except Exception:
        # The others are asked for all the same; this one is due again in a while.
        logger.exception("Asking for card payment %s failed", row.public_id)
    return 1


@transaction.atomic
def _claimed(pk: int, now: datetime) -> CardPayment | None:
    """The row, its next question put off, so that two workers do not ask at once."""
    held = CardPayment.objects.select_for_update(skip_locked=True, of=("self",))
    row: CardPayment | None = (
        held.filter(pk=pk, next_check_at__lte=now)
        .select_related("card_account", "customer", "method", "operator")
        .first()
    )
    if row is not None:
        CardPayment.objects.filter(pk=pk).update(next_check_at=now + timedelta(minutes=2))
    return row


def settle_doubt(row: CardPayment, *, now: datetime) -> CardPayment:
    """Find out how a payment stands, and carry on from there."""
    provider = provider_of(row.card_account)
    try:
        look = look_at(provider, row) if is_sent(row) else provider.find(
            order_of(row), row.created_at
        )  # fmt: skip
        if look is None:
            return _send_again(row, now)
        if row.state == CardState.CAPTURING and look.status is Status.HELD:
            look = _capture_again(provider, row)
    except ProviderSilent as silence:
        return note_silence(row, silence, now=now)
    except ProviderRefused as refusal:
        return _not_told(row, refusal, now)
    return apply_look(row, look, now=now)


def _send_again(row: CardPayment, now: datetime) -> CardPayment:
    if now - row.created_at < _ATTEMPTS:
        return send(row, now=now)
    # Asked again and again for an hour, the provider has no such payment: nothing was collected.
    return note_refusal(row, ProviderRefused(NEVER_ARRIVED, ""), now=now)


def _capture_again(provider: Provider, row: CardPayment) -> Look:
    amount = row.wanted_amount
    if amount is None:
        raise ProviderRefused("no_amount", "")
    return provider.capture(row.ref, amount, row.currency, key=f"{row.public_id}-capture")


def _not_told(row: CardPayment, refusal: ProviderRefused, now: datetime) -> CardPayment:
    """The provider does not let itself be asked (keys that lapsed): doubt stays doubt."""
    logger.warning("Card payment %s cannot be asked for: %s", row.public_id, refusal.code)
    CardPayment.objects.filter(pk=row.pk).update(next_check_at=now + timedelta(minutes=30))
    return row
