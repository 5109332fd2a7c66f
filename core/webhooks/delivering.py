"""Sending what is due: claimed in one transaction, sent outside any, stored in another.

A claim is a lease: what a dead worker held is tried again when it has run out.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.sealing import Unreadable
from core.webhooks.backoff import delay_after, is_given_up
from core.webhooks.extra_headers import opened
from core.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from core.webhooks.secrets import valid_keys
from core.webhooks.sending import Outcome, make_client, send
from core.webhooks.signing import headers
from core.webhooks.template import TICKET_PLACE
from core.webhooks.templating import UNMADE, body_of
from core.webhooks.tickets import keep_ticket

LEASE: Final = timedelta(minutes=5)
AT_ONCE: Final = 40
PER_ENDPOINT: Final = 10
THREADS: Final = 8
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class _Letter:
    """A delivery as the thread that sends it needs it; no row, no database."""

    url: str
    headers: dict[str, str]
    body: bytes
    made: str
    """What a template made of the event; empty where the event is sent as it stands."""


def deliver_due(*, now: datetime) -> int:
    """Try deliveries that are due; returns how many were tried."""
    due = _claim(now)
    if not due:
        return 0
    with make_client() as client, ThreadPoolExecutor(THREADS) as pool:

        def post(letter: _Letter | Outcome) -> Outcome:
            if isinstance(letter, Outcome):
                return letter
            return send(
                client, letter.url, letter.headers, letter.body,
                allow_private=settings.WEBHOOK_ALLOW_PRIVATE,
            )  # fmt: skip

        letters = [_letter(delivery, now) for delivery in due]
        outcomes = pool.map(post, letters)
        for delivery, letter, outcome in zip(due, letters, outcomes, strict=True):
            if isinstance(letter, _Letter):
                delivery.sent_body = letter.made
            store_outcome(delivery, outcome, now=timezone.now())
    return len(due)


def _letter(delivery: WebhookDelivery, now: datetime) -> _Letter | Outcome:
    try:
        keys = valid_keys(delivery.endpoint, now)
    except Unreadable:
        return Outcome(error=_("The signing secret cannot be read any more. Make a new one."))
    try:
        own = opened(delivery.endpoint)
        text = body_of(delivery)
        body = text.encode()
    except UNMADE as error:
        words = _("The template cannot be read any more: %(error)s")
        return Outcome(error=words % {"error": error})
    except Unreadable:
        return Outcome(error=_("The headers cannot be read any more. Write their values again."))
    signed = {**own, **headers(keys, delivery.event.public_id, int(now.timestamp()), body)}
    made = text if text != delivery.event.body else ""
    return _Letter(delivery.endpoint.url, signed, body, made)


@transaction.atomic
def _claim(now: datetime) -> list[WebhookDelivery]:
    rows = (
        WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=DeliveryState.PENDING, next_at__lte=now, endpoint__is_active=True)
        .exclude(Q(endpoint__template__regex=TICKET_PLACE) & Exists(_before()))
        .select_related("endpoint", "event")
        .order_by("next_at", "id")[: AT_ONCE * 5]
    )
    taken: list[WebhookDelivery] = []
    counts: Counter[int] = Counter()
    for delivery in rows:
        if counts[delivery.endpoint_id] < PER_ENDPOINT and len(taken) < AT_ONCE:
            counts[delivery.endpoint_id] += 1
            taken.append(delivery)
    WebhookDelivery.objects.filter(pk__in=[d.pk for d in taken]).update(next_at=now + LEASE)
    return taken


def _before() -> QuerySet[WebhookDelivery]:
    """Older ones about the same that wait: of the same endpoint, or of one that keeps tickets. A
    body that names the ticket is made when these have brought it, or were given up."""
    earlier = Q(event__happened_at__lt=OuterRef("event__happened_at")) | Q(
        event__happened_at=OuterRef("event__happened_at"), event__lt=OuterRef("event")
    )
    same = Q(endpoint=OuterRef("endpoint")) | ~Q(endpoint__id_pointer="", endpoint__url_pointer="")
    rows: QuerySet[WebhookDelivery] = WebhookDelivery.objects.filter(
        same,
        earlier,
        ~Q(event__subject=""),
        operator=OuterRef("operator"),
        event__operator=OuterRef("operator"),
        event__subject=OuterRef("event__subject"),
        state=DeliveryState.PENDING,
        endpoint__is_active=True,
    )
    return rows


@transaction.atomic
def store_outcome(delivery: WebhookDelivery, outcome: Outcome, *, now: datetime) -> None:
    """Keep what a try brought; plan the next one, or give the delivery or the endpoint up."""
    attempts = delivery.attempts + 1
    delay = delay_after(attempts)
    if outcome.is_success:
        state, next_at = DeliveryState.DELIVERED, now
    elif delay is None or outcome.status == GONE:
        state, next_at = DeliveryState.FAILED, now
    else:
        state, next_at = DeliveryState.PENDING, now + delay
    changed = WebhookDelivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.PENDING, attempts=delivery.attempts
    ).update(
        state=state,
        attempts=attempts,
        next_at=next_at,
        attempted_at=now,
        duration_ms=outcome.duration_ms,
        sent_body=delivery.sent_body,
        response_status=outcome.status,
        response_body=outcome.body,
        error=outcome.error[:300],
    )
    if changed:
        _judge_endpoint(delivery.endpoint, outcome, now)
        if outcome.is_success:
            keep_ticket(delivery, outcome.whole, now=now)


def _judge_endpoint(endpoint: WebhookEndpoint, outcome: Outcome, now: datetime) -> None:
    row = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if outcome.is_success:
        row.update(failing_since_at=None, failures=0, last_success_at=now)
        return
    row.update(failing_since_at=Coalesce("failing_since_at", now), failures=F("failures") + 1)
    endpoint.refresh_from_db()
    if outcome.status == GONE:
        switch_off(endpoint, _("The receiver says that it is gone for good (HTTP 410)."))
    elif is_given_up(endpoint.failing_since_at, endpoint.failures, now):
        switch_off(
            endpoint,
            _("No delivery has succeeded for three days; the last error was: %(error)s")
            % {"error": outcome.error},
        )


def switch_off(endpoint: WebhookEndpoint, reason: str) -> bool:
    """Switch an endpoint off and give its waiting deliveries up; False if it was off."""
    changed = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True).update(
        is_active=False, inactive_reason=reason[:500]
    )
    if changed:
        WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.PENDING).update(
            state=DeliveryState.FAILED, error=_("The webhook was switched off.")
        )
        record(
            "webhook.switch_off",
            endpoint,
            operator_id=endpoint.operator_id,
            before={"is_active": True},
            after={"is_active": False},
            reason=reason,
        )
    return bool(changed)
