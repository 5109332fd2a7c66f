"""Deliveries against a real receiver: signed, retried, given up, switched off, sent again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from core.webhooks import services, signing
from core.webhooks.delivering import deliver_due
from core.webhooks.models import WebhookDelivery, WebhookEndpoint
from core.webhooks.sending import KEPT_BYTES
from core.webhooks.tests.receiver import Receiver, receiver
from tests.factories.core import WEBHOOK_KEY, make_delivery, make_operator, make_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with receiver() as running, across_operators("the test looks at all of them"):
        yield running


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def webhook(operator: Operator, inbox: Receiver) -> WebhookEndpoint:
    return make_webhook(operator=operator, url=inbox.url)


def waiting(webhook: WebhookEndpoint) -> WebhookDelivery:
    return make_delivery(operator=webhook.operator, endpoint=webhook)


def deliver(delivery: WebhookDelivery, *, later: timedelta = timedelta()) -> WebhookDelivery:
    deliver_due(now=timezone.now() + later)
    delivery.refresh_from_db()
    delivery.endpoint.refresh_from_db()
    return delivery


def test_a_delivery_is_signed_and_taken(webhook: WebhookEndpoint, inbox: Receiver) -> None:
    delivery = deliver(waiting(webhook))

    ((path, headers, body),) = inbox.requests
    assert path == "/in?a=1"
    assert json.loads(body)["id"] == headers["webhook-id"] == delivery.event.public_id
    stamp = int(headers["webhook-timestamp"])
    expected = signing.signature(WEBHOOK_KEY, headers["webhook-id"], stamp, body)
    assert headers["webhook-signature"] == expected
    assert (delivery.state, delivery.attempts, delivery.response_status) == ("delivered", 1, 200)
    assert delivery.response_body == "thanks"
    assert delivery.endpoint.last_success_at is not None
    assert deliver_due(now=timezone.now()) == 0


def test_a_refusal_is_tried_again_with_the_same_id(
    webhook: WebhookEndpoint, inbox: Receiver
) -> None:
    inbox.status = 503

    delivery = deliver(waiting(webhook))
    assert (delivery.state, delivery.error) == ("pending", "HTTP 503")
    assert delivery.endpoint.state == "failing"
    deliver(delivery)
    assert delivery.attempts == 1  # not yet due
    inbox.status = 204
    deliver(delivery, later=timedelta(seconds=6))

    assert (delivery.state, delivery.attempts) == ("delivered", 2)
    assert len({headers["webhook-id"] for _p, headers, _b in inbox.requests}) == 1
    assert (delivery.endpoint.state, delivery.endpoint.failures) == ("on", 0)


def test_a_redirect_is_not_followed_and_a_long_answer_is_cut(
    webhook: WebhookEndpoint, inbox: Receiver
) -> None:
    inbox.status, inbox.headers, inbox.body = 302, {"Location": inbox.url}, b"x" * 200_000

    delivery = deliver(waiting(webhook))

    assert len(inbox.requests) == 1
    assert (delivery.state, delivery.error) == ("pending", "HTTP 302")
    assert len(delivery.response_body) == KEPT_BYTES


def test_a_private_address_is_refused_when_it_is_called(
    webhook: WebhookEndpoint, inbox: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    WebhookEndpoint.objects.update(url=inbox.url.replace("http:", "https:"))

    delivery = deliver(waiting(webhook))

    assert inbox.requests == []
    assert "private network" in delivery.error


def test_the_last_try_gives_a_delivery_up(webhook: WebhookEndpoint, inbox: Receiver) -> None:
    inbox.status = 500
    delivery = waiting(webhook)
    WebhookDelivery.objects.update(attempts=10)
    delivery.refresh_from_db()

    assert deliver(delivery).state == "failed"
    assert delivery.endpoint.is_active


def test_an_endpoint_that_fails_for_days_is_switched_off_with_a_reason(
    webhook: WebhookEndpoint, inbox: Receiver
) -> None:
    inbox.status = 500
    WebhookEndpoint.objects.update(failures=20, failing_since_at=timezone.now() - timedelta(days=4))
    other = make_delivery(
        operator=webhook.operator, endpoint=webhook, next_at=timezone.now() + timedelta(days=1)
    )

    delivery = deliver(waiting(webhook))

    other.refresh_from_db()
    assert (delivery.state, other.state) == ("failed", "failed")
    assert delivery.endpoint.state == "off"
    assert "HTTP 500" in delivery.endpoint.inactive_reason
    entry = AuditEntry.objects.get(verb="webhook.switch_off")
    assert (entry.actor_kind, entry.reason) == ("system", delivery.endpoint.inactive_reason)


def test_gone_is_gone(webhook: WebhookEndpoint, inbox: Receiver) -> None:
    inbox.status = 410

    delivery = deliver(waiting(webhook))

    assert (delivery.state, delivery.endpoint.state) == ("failed", "off")


def test_a_delivery_is_sent_again_by_hand(webhook: WebhookEndpoint, inbox: Receiver) -> None:
    delivery = deliver(waiting(webhook))

    services.replay(delivery=delivery, reason="lost")
    with pytest.raises(RuleViolation, match="waits"):
        services.replay(delivery=delivery)
    deliver(delivery)

    assert (delivery.state, len(inbox.requests)) == ("delivered", 2)
    assert AuditEntry.objects.get(verb="webhook.replay").reason == "lost"


def test_after_a_new_secret_both_sign_for_a_day(webhook: WebhookEndpoint, inbox: Receiver) -> None:
    secret = services.renew_secret(endpoint=webhook)

    deliver(waiting(webhook))
    deliver(waiting(webhook), later=timedelta(days=2))

    (_p, headers, body), (_q, afterwards, _b) = inbox.requests
    stamp = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"].split(" ") == [
        signing.signature(key, headers["webhook-id"], stamp, body)
        for key in (signing.key_of(secret), WEBHOOK_KEY)
    ]
    assert len(afterwards["webhook-signature"].split(" ")) == 1


def test_old_events_are_forgotten_unless_they_wait(webhook: WebhookEndpoint) -> None:
    done, kept = waiting(webhook), waiting(webhook)
    WebhookDelivery.objects.filter(pk=done.pk).update(state="delivered")

    dropped = services.drop_old(now=timezone.now() + timedelta(days=61))

    assert dropped == 1
    assert list(WebhookDelivery.objects.all()) == [kept]
