"""Writing webhooks: creating, changing, switching, new secrets, testing, replaying."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.webhooks.delivering import switch_off
from core.webhooks.destination import Forbidden, check_form
from core.webhooks.extra_headers import MASK, sealed_headers
from core.webhooks.models import (
    TEST_KIND,
    DeliveryState,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from core.webhooks.outbox import event_row
from core.webhooks.secrets import BOTH_VALID, new_key, sealed
from core.webhooks.signing import written
from core.webhooks.sources import NetworkEvent, event_kinds
from core.webhooks.templating import check_pointer, check_template

KEPT_FOR: Final = timedelta(days=60)
MOST: Final = 20


@transaction.atomic
def create_webhook(
    *,
    operator: Operator,
    name: str,
    url: str,
    events: Iterable[str],
    reason: str = "",
    headers: Mapping[str, str] | None = None,
    **more: str,
) -> tuple[WebhookEndpoint, str]:
    """Create a webhook and return it with its signing secret, which is shown this once.

    ``more``: template and pointers. Refuses addresses of private networks, unknown events, a
    template that is wrong and more than 20 webhooks.
    """
    Operator.objects.select_for_update().get(pk=operator.pk)
    if WebhookEndpoint.objects.filter(operator=operator).count() >= MOST:
        raise RuleViolation("too_many", _("There are 20 webhooks already; delete one first."))
    key = new_key()
    endpoint = WebhookEndpoint(
        operator=operator,
        public_id=public_id("wh"),
        name=name,
        url=_url(url),
        events=_events(events),
        sealed_secret=sealed(key),
        **more,
    )
    endpoint.sealed_headers, endpoint.header_names = sealed_headers(endpoint, headers or {})
    _check(endpoint)
    endpoint.clean_fields(exclude={"operator", "events"})
    endpoint.save()
    record(
        "webhook.create",
        endpoint,
        operator_id=operator.pk,
        after={
            "name": name, "url": endpoint.url, "events": endpoint.events, **more,
            "headers": endpoint.header_names,
        },
        reason=reason,
    )  # fmt: skip
    return endpoint, written(key)


@transaction.atomic
def change_webhook(
    *, endpoint: WebhookEndpoint, reason: str = "", **changes: Any
) -> WebhookEndpoint:
    """Change name, address, events, template, headers or pointers; it hears of added events from
    now on."""
    given = changes.pop("headers", None)
    if "url" in changes:
        changes["url"] = _url(changes["url"])
        _keep_headers_here(endpoint, changes["url"], given)
    if "events" in changes:
        changes["events"] = _events(changes["events"])
    before, after = apply_changes(endpoint, changes)
    columns = set(after)
    if given is not None and given != dict.fromkeys(endpoint.header_names, MASK):
        before["headers"] = endpoint.header_names
        endpoint.sealed_headers, endpoint.header_names = sealed_headers(endpoint, given)
        after["headers"] = endpoint.header_names
        columns |= {"sealed_headers", "header_names"}
    if not after:
        return endpoint
    _check(endpoint)
    if set(after.get("events", [])) - set(before.get("events", [])):
        endpoint.listening_since_at = timezone.now()
    endpoint.clean_fields(exclude={"operator", "events"})
    endpoint.save(update_fields=[*sorted(columns), "listening_since_at"])
    record(
        "webhook.change",
        endpoint,
        operator_id=endpoint.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
    return endpoint


@transaction.atomic
def switch_webhook(*, endpoint: WebhookEndpoint, on: bool, reason: str = "") -> WebhookEndpoint:
    """Switch a webhook on, from now on and with a clean slate, or off. Refuses the same again."""
    if not on:
        changed = switch_off(endpoint, reason)
    else:
        changed = bool(
            WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=False).update(
                is_active=True,
                inactive_reason="",
                failing_since_at=None,
                failures=0,
                listening_since_at=timezone.now(),
            )
        )
        if changed:
            record(
                "webhook.switch_on",
                endpoint,
                operator_id=endpoint.operator_id,
                before={"is_active": False},
                after={"is_active": True},
                reason=reason,
            )
    if not changed:
        raise RuleViolation("no_change", _("The webhook is so already."))
    endpoint.refresh_from_db()
    return endpoint


@transaction.atomic
def renew_secret(*, endpoint: WebhookEndpoint, reason: str = "") -> str:
    """Make a new signing secret and return it, this once; the old one signs for a day too."""
    key = new_key()
    endpoint.sealed_previous_secret = endpoint.sealed_secret
    endpoint.previous_secret_until_at = timezone.now() + BOTH_VALID
    endpoint.sealed_secret = sealed(key)
    endpoint.save(
        update_fields=["sealed_secret", "sealed_previous_secret", "previous_secret_until_at"]
    )
    record("webhook.renew_secret", endpoint, operator_id=endpoint.operator_id, reason=reason)
    return written(key)


@transaction.atomic
def delete_webhook(*, endpoint: WebhookEndpoint, reason: str = "") -> None:
    """Delete a webhook with its deliveries."""
    record(
        "webhook.delete",
        endpoint,
        operator_id=endpoint.operator_id,
        before={"name": endpoint.name, "url": endpoint.url, "events": endpoint.events},
        reason=reason,
    )
    endpoint.delete()


@transaction.atomic
def send_test(*, endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Put a test event down for one endpoint. Refuses one that is off."""
    if not endpoint.is_active:
        raise RuleViolation("webhook_off", _("The webhook is off."))
    now = timezone.now()
    event: WebhookEvent = event_row(
        NetworkEvent(
            operator_id=endpoint.operator_id,
            kind=TEST_KIND,
            key=f"{TEST_KIND}:{secrets.token_hex(8)}",
            happened_at=now,
            recorded_at=now,
            data={"webhook": endpoint.public_id},
        )
    )
    event.save()
    delivery: WebhookDelivery = WebhookDelivery.objects.create(
        operator_id=endpoint.operator_id, endpoint=endpoint, event=event
    )
    record(
        "webhook.test",
        endpoint,
        operator_id=endpoint.operator_id,
        after={"event": event.public_id},
    )
    return delivery


@transaction.atomic
def replay(*, delivery: WebhookDelivery, reason: str = "") -> WebhookDelivery:
    """Send a delivery again with the same id. Refuses one that waits, and one to an endpoint
    that is off."""
    if not delivery.endpoint.is_active:
        raise RuleViolation("webhook_off", _("The webhook is off. Switch it on first."))
    before = delivery.state
    changed = WebhookDelivery.objects.filter(
        pk=delivery.pk, state__in=[DeliveryState.DELIVERED, DeliveryState.FAILED]
    ).update(state=DeliveryState.PENDING, attempts=0, next_at=timezone.now())
    if not changed:
        raise RuleViolation("delivery_waits", _("The delivery waits to be sent already."))
    delivery.refresh_from_db()
    record(
        "webhook.replay",
        delivery.endpoint,
        operator_id=delivery.operator_id,
        before={"event": delivery.event.public_id, "state": before},
        after={"event": delivery.event.public_id, "state": delivery.state},
        reason=reason,
    )
    return delivery


def drop_old(*, now: datetime, limit: int = 20_000) -> int:
    """Forget events, with their deliveries, that are two months old and wait for nothing."""
    waiting = WebhookDelivery.objects.filter(event=OuterRef("pk"), state=DeliveryState.PENDING)
    old = WebhookEvent.objects.filter(~Exists(waiting), created_at__lt=now - KEPT_FOR)
    keys = list(old.order_by("created_at").values_list("pk", flat=True)[:limit])
    WebhookEvent.objects.filter(pk__in=keys).delete()
    return len(keys)


def _check(endpoint: WebhookEndpoint) -> None:
    check_template(endpoint.template, endpoint.events)
    check_pointer(endpoint.id_pointer, "id_pointer")
    check_pointer(endpoint.url_pointer, "url_pointer")


def _keep_headers_here(
    endpoint: WebhookEndpoint, url: str, given: Mapping[str, str] | None
) -> None:
    """Refuse to send values that were kept for one receiver to another."""
    keeps = bool(endpoint.header_names) if given is None else MASK in given.values()
    if keeps and _origin(url) != _origin(endpoint.url):
        raise InvalidInput(
            "headers",
            _("The address is another: write the headers' values again."),
            field="headers",
        )


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def _url(url: str) -> str:
    try:
        check_form(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    except Forbidden as error:
        raise InvalidInput("url", str(error), field="url") from error
    return url


def _events(events: Iterable[str]) -> list[str]:
    wanted = sorted(set(events))
    unknown = set(wanted) - {kind.name for kind in event_kinds()}
    if unknown:
        raise InvalidInput(
            "unknown_event",
            _("Unknown event: %(names)s") % {"names": ", ".join(sorted(unknown))},
            field="events",
        )
    if not wanted:
        raise InvalidInput("no_events", _("Choose at least one event."), field="events")
    return wanted
