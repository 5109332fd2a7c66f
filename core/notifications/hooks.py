"""Notifications to a person's own address on the web, signed as the operator's webhooks are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.accounts.models import Membership
from core.errors import InvalidInput
from core.notifications.mailing import in_words, language_of, zone_of
from core.notifications.models import Notification, NotificationSettings
from core.notifications.ways import Way
from core.sealing import Unreadable, seal, unseal
from core.webhooks.destination import Forbidden, check_form
from core.webhooks.secrets import new_key
from core.webhooks.sending import make_client, send
from core.webhooks.signing import headers, written

_PURPOSE = "notification-secret"


def checked_address(text: str) -> str:
    """The address without blanks around it; InvalidInput where nothing may be sent there."""
    address = text.strip()
    if address:
        try:
            check_form(address, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
        except Forbidden as refusal:
            raise InvalidInput("address", str(refusal), field="webhook_url") from refusal
    return address


def set_address(times: NotificationSettings, address: str) -> str:
    """Put a checked address on the settings; a new one gets a new signing secret.

    Returns the secret, which is shown this once; "" where nothing changed or nothing is signed.
    """
    if times.webhook_url == address:
        return ""
    times.webhook_url = address
    key = new_key() if address else b""
    times.sealed_webhook_secret = seal(key, _PURPOSE) if key else b""
    return written(key) if key else ""


def send_hook(membership: Membership, notifications: Sequence[Notification]) -> str:
    """One POST with all of them; what went wrong, or ""."""
    times = NotificationSettings.objects.filter(
        operator_id=membership.operator_id, user_id=membership.user_id
    ).first()
    if times is None or not times.webhook_url:
        return _("No address is given.")
    try:
        key = unseal(times.sealed_webhook_secret, _PURPOSE)
    except Unreadable:
        return _("The signing secret cannot be read any more. Give the address anew.")
    body = json.dumps(_body(membership, notifications), ensure_ascii=False).encode()
    now = int(timezone.now().timestamp())
    signed = headers([key], _id_of(notifications), now, body)
    allow_private = settings.WEBHOOK_ALLOW_PRIVATE
    with make_client() as client:
        return send(client, times.webhook_url, signed, body, allow_private=allow_private).error


def _id_of(notifications: Sequence[Notification]) -> str:
    """The same for the same notifications, so that a repeat is known by its id."""
    ids = ",".join(str(one.pk) for one in notifications)
    return "no_" + hashlib.sha256(ids.encode()).hexdigest()[:24]


def _body(membership: Membership, notifications: Sequence[Notification]) -> dict[str, Any]:
    """``text`` is what chat programs show of an incoming webhook; the rest is for programs."""
    with override(language_of(membership)), timezone.override(zone_of(membership)):
        told = [_told(one) for one in notifications]
    lines = [f"{one['title']}: {one['text']} {one['url']}".strip() for one in told]
    return {
        "type": "notification",
        "operator": membership.operator.name,
        "person": membership.user.email,
        "text": "\n".join(lines),
        "notifications": told,
    }


def _told(notification: Notification) -> dict[str, Any]:
    title, text = in_words(notification)
    return {
        "id": notification.pk,
        "event": notification.event,
        "title": title,
        "text": text,
        "url": settings.PUBLIC_URL + notification.url,
        "happened_at": notification.happened_at.isoformat(),
    }


WEBHOOK = Way("webhook", gettext_lazy("By webhook"), send_hook, is_own=True)
