"""Webhooks: the signature is checked, the raw copy kept, each applied once and in any order.

An event only says what to look at; how that stands is asked at the provider. So an old event, a
repeated one and one that comes before its elder all lead to the same state.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.payments.cards.account_models import CardSaving, ProviderAccount
from billing.payments.cards.accounts import provider_of
from billing.payments.cards.disputing import apply_dispute
from billing.payments.cards.event_models import EventState, ProviderEvent
from billing.payments.cards.methods import finish_adding
from billing.payments.cards.models import CardPayment, CardRefund
from billing.payments.cards.payouts import apply_payout
from billing.payments.cards.provider import (
    About,
    BadSignature,
    Event,
    Provider,
    ProviderRefused,
    ProviderSilent,
)
from billing.payments.cards.refunding import apply_refund
from billing.payments.cards.sending import look_at
from billing.payments.cards.settling import apply_look
from core.audit.services import record
from core.errors import RuleViolation

logger = logging.getLogger(__name__)
_PAUSES: Final = (30, 120, 600, 3_600, 10_800, 43_200)
"""Seconds between the attempts to apply an event that failed."""
_WAITS_FOR_PAYMENT: Final = 3
"""How often a dispute waits for being told of the payment that it is about."""


def receive(*, card_account: ProviderAccount, raw: bytes, signature: str) -> ProviderEvent:
    """Keep a webhook; the same one again only counts. Raises BadSignature, with nothing kept."""
    event = provider_of(card_account).read_event(raw, signature)
    if event.is_live != card_account.is_live:
        raise BadSignature("Of the other world: test and real money do not mix.")
    return _kept(card_account, event, raw)


@transaction.atomic
def _kept(card_account: ProviderAccount, event: Event, raw: bytes) -> ProviderEvent:
    row: ProviderEvent
    row, is_new = ProviderEvent.objects.get_or_create(
        card_account=card_account, ref=event.ref,
        defaults={
            "operator_id": card_account.operator_id, "kind": event.kind,
            "about": event.about.value, "object_ref": event.object_ref,
            "raw": raw.decode("utf-8", "replace").replace("\x00", ""),
            "made_at": event.made_at, "next_try_at": timezone.now(),
        },
    )  # fmt: skip
    if not is_new:
        ProviderEvent.objects.filter(pk=row.pk).update(times=F("times") + 1)
    return row


def apply_due(*, now: datetime, limit: int = 200) -> int:
    """Apply events that wait, the eldest first; returns how many were done."""
    due = ProviderEvent.objects.filter(next_try_at__lte=now).order_by("received_at", "pk")
    return sum(apply_event(pk, now=now) for pk in list(due.values_list("pk", flat=True)[:limit]))


def apply_event(pk: int, *, now: datetime) -> int:
    """Apply one event. A failure is tried again by a schedule, then shown on the log."""
    row = _claimed(pk, now)
    if row is None:
        return 0
    try:
        known = _apply(row, now)
    except (ProviderSilent, ProviderRefused, RuleViolation) as failure:
        _put_off(row, str(failure), now)
        return 0
    except Exception as failure:
        logger.exception("Event %s could not be applied", row.ref)
        _put_off(row, type(failure).__name__, now)
        return 0
    state = EventState.APPLIED if known else EventState.IGNORED
    ProviderEvent.objects.filter(pk=pk).update(
        state=state, applied_at=now, next_try_at=None, error=""
    )
    return 1


@transaction.atomic
def _claimed(pk: int, now: datetime) -> ProviderEvent | None:
    held = ProviderEvent.objects.select_for_update(skip_locked=True, of=("self",))
    row: ProviderEvent | None = (
        held.filter(pk=pk, next_try_at__lte=now).select_related("card_account__operator").first()
    )
    if row is not None:
        ProviderEvent.objects.filter(pk=pk).update(
            attempts=F("attempts") + 1, next_try_at=now + timedelta(minutes=2)
        )
    return row


def _put_off(row: ProviderEvent, error: str, now: datetime) -> None:
    tries = row.attempts
    next_at = now + timedelta(seconds=_PAUSES[tries]) if tries < len(_PAUSES) else None
    ProviderEvent.objects.filter(pk=row.pk).update(
        state=EventState.NEW if next_at else EventState.FAILED, next_try_at=next_at,
        error=error[:500],
    )  # fmt: skip


def _apply(row: ProviderEvent, now: datetime) -> bool:
    """False where the event is about nothing of ours."""
    provider, about = provider_of(row.card_account), About(row.about)
    if about is About.PAYMENT:
        return _payment(row, provider, now)
    if about is About.PAGE:
        return _page(row, provider, now)
    if about is About.REFUND:
        return _refund(row, provider, now)
    if about is About.DISPUTE:
        look = provider.look_at_dispute(row.object_ref)
        known = apply_dispute(row.card_account, look, now=now).card_payment is not None
        if not known and row.attempts < _WAITS_FOR_PAYMENT:
            raise RuleViolation("payment_unknown", _("Its payment is not known yet."))
        return known
    if about is About.PAYOUT:
        apply_payout(row.card_account, provider.look_at_payout(row.object_ref), now=now)
        return True
    return False


def _payments(row: ProviderEvent) -> list[CardPayment]:
    rows = CardPayment.objects.filter(card_account=row.card_account)
    field = "page_ref" if row.about == About.PAGE else "ref"
    return list(rows.filter(**{field: row.object_ref}).select_related("card_account"))


def _payment(row: ProviderEvent, provider: Provider, now: datetime) -> bool:
    found = _payments(row)
    for one in found:
        # While its page is open, the page knows better than a refused card.
        apply_look(one, look_at(provider, one), now=now)
    return bool(found)


def _page(row: ProviderEvent, provider: Provider, now: datetime) -> bool:
    saving = (
        CardSaving.objects.filter(page_ref=row.object_ref, customer__card_account=row.card_account)
        .select_related("customer__card_account", "customer__account", "method")
        .first()
    )
    if saving is not None:
        finish_adding(saving)
        return True
    found = _payments(row)
    for one in found:
        apply_look(one, provider.look_at_page(row.object_ref), now=now)
    return bool(found)


def _refund(row: ProviderEvent, provider: Provider, now: datetime) -> bool:
    look = provider.look_at_refund(row.object_ref)
    found = (
        CardRefund.objects.filter(ref=look.ref, card_payment__card_account=row.card_account)
        .select_related("card_payment__card_account", "refund")
        .first()
    )
    if found is not None:
        apply_refund(found, look, now=now)
    return found is not None


def replay(*, event: ProviderEvent, reason: str) -> ProviderEvent:
    """Apply an event again: it asks how things stand now, so that it can do no harm. Calls the
    provider; a reason is needed."""
    if not reason.strip():
        raise RuleViolation("reason_needed", _("Say why."), field="reason")
    now = timezone.now()
    ProviderEvent.objects.filter(pk=event.pk).update(attempts=0, next_try_at=now)
    record(
        "provider_event.replay", event, operator_id=event.operator_id, before={
            "state": event.state}, reason=reason,
    )  # fmt: skip
    apply_event(event.pk, now=now)
    event.refresh_from_db()
    return event
