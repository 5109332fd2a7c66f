"""Tickets that other systems made of our events, read from their answers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.db.models import QuerySet

from core.webhooks.models import WebhookDelivery, WebhookTicket
from core.webhooks.template import at_pointer
from core.webhooks.templating import about_of

_LONGEST: Final = 500


def tickets_about(about: str, ref: str) -> QuerySet[WebhookTicket]:
    """Those of one thing of the operator in scope, the latest first."""
    rows: QuerySet[WebhookTicket] = WebhookTicket.objects.filter(about=about, ref=ref)
    return rows.select_related("endpoint").order_by("-made_at", "-id")


def keep_ticket(delivery: WebhookDelivery, answer: str, *, now: datetime) -> WebhookTicket | None:
    """Keep the ticket that an answer names, by the endpoint's pointers; None where it names none.
    The same thing at the same endpoint has one: the latest."""
    endpoint = delivery.endpoint
    if not (endpoint.id_pointer or endpoint.url_pointer):
        return None
    about, ref = about_of(json.loads(delivery.event.body))
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    ticket = _text(at_pointer(document, endpoint.id_pointer)) if endpoint.id_pointer else ""
    url = _text(at_pointer(document, endpoint.url_pointer)) if endpoint.url_pointer else ""
    if urlsplit_scheme(url) not in ("http", "https"):
        url = ""
    if not ref or not (ticket or url):
        return None
    row, _is_new = WebhookTicket.objects.update_or_create(
        operator_id=delivery.operator_id, endpoint=endpoint, about=about, ref=ref,
        defaults={"ticket": ticket[:200], "url": url, "made_at": now},
    )  # fmt: skip
    kept: WebhookTicket = row
    return kept


def urlsplit_scheme(url: str) -> str:
    """The scheme of an address; empty for what is none, or too long to keep."""
    try:
        return urlsplit(url).scheme.lower() if len(url) <= _LONGEST else ""
    except ValueError:
        return ""


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return "".join(sign for sign in str(value) if sign.isprintable()).strip()
