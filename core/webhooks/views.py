"""Webhooks: one webhook, creating, changing, switching, secrets, deliveries."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.forms import attempt, posted
from core.webhooks import services
from core.webhooks.forms import WebhookForm
from core.webhooks.models import DeliveryState, WebhookEndpoint
from core.webhooks.selectors import deliveries, webhooks
from core.webhooks.sources import EventKind, event_kinds
from core.webhooks.templating import previews, shown_body


def find_webhook(public_id: str) -> WebhookEndpoint:
    """The webhook of an address, or 404."""
    return get_object_or_404(webhooks(), public_id=public_id)


@permission_required(Permission.API_MANAGE)
@require_safe
def webhook_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A webhook with its events, its latest deliveries and its history."""
    webhook = find_webhook(public_id)
    audit = AuditEntry.objects.filter(
        object_type=webhook._meta.label_lower, object_id=str(webhook.pk)
    ).order_by("-at", "-id")
    context = {
        "webhook": webhook,
        "heard": [kind for kind in event_kinds() if kind.name in webhook.events],
        "deliveries": deliveries().filter(endpoint=webhook)[:10],
        "audit": audit[:10],
    }
    return render(request, "core/webhooks/webhook_detail.html", context)


@permission_required(Permission.API_MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def webhook_create(request: HttpRequest) -> HttpResponse:
    """A new webhook; the page after it shows the signing secret this once."""
    form = WebhookForm(posted(request))
    if "preview" in request.POST:
        return _preview(request, form, None)
    if request.method == "POST" and form.is_valid():
        operator = operator_of(request)
        made = attempt(
            form, lambda: services.create_webhook(operator=operator, **form.cleaned_data)
        )
        if made is not None:
            return secret_page(request, *made)
    return render(request, "core/webhooks/webhook_form.html", {"form": form, "webhook": None})


def _preview(
    request: HttpRequest, form: WebhookForm, webhook: WebhookEndpoint | None
) -> HttpResponse:
    """The form again, with what would be sent for a sample of each chosen event."""
    shown: list[tuple[EventKind, Any]] = []
    if form.is_valid():
        values = form.cleaned_data
        found = attempt(form, lambda: previews(values["template"] or "{}", values["events"]))
        shown = found or []
    context = {"form": form, "webhook": webhook, "previews": shown}
    return render(request, "core/webhooks/webhook_form.html", context)


def secret_page(request: HttpRequest, webhook: WebhookEndpoint, secret: str) -> HttpResponse:
    """Shows a signing secret, this once."""
    context = {"webhook": webhook, "secret": secret}
    return render(request, "core/webhooks/webhook_secret.html", context)


@permission_required(Permission.API_MANAGE)
@require_http_methods(["GET", "POST"])
def webhook_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change name, address or events."""
    webhook = find_webhook(public_id)
    form = WebhookForm(posted(request), instance=find_webhook(public_id))
    if "preview" in request.POST:
        return _preview(request, form, webhook)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form, lambda: services.change_webhook(endpoint=webhook, **form.cleaned_data)
        )
        if changed is not None:
            messages.success(request, _("The webhook has been changed."))
            return redirect("webhook_detail", public_id=public_id)
    return render(request, "core/webhooks/webhook_form.html", {"form": form, "webhook": webhook})


@permission_required(Permission.API_MANAGE)
@require_POST
def webhook_test(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a test event."""
    try:
        delivery = services.send_test(endpoint=find_webhook(public_id))
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
        return redirect("webhook_detail", public_id=public_id)
    messages.success(request, _("The test event is on its way. Load this page again in a moment."))
    return redirect("webhook_delivery", pk=delivery.pk)


@permission_required(Permission.API_MANAGE)
@require_safe
def webhook_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """A delivery: what was sent, what was answered, and when it is tried again."""
    delivery = get_object_or_404(deliveries(), pk=pk)
    body: Any = json.loads(shown_body(delivery))
    context = {
        "delivery": delivery,
        "body": body,
        "may_replay": delivery.state != DeliveryState.PENDING and delivery.endpoint.is_active,
    }
    return render(request, "core/webhooks/delivery_detail.html", context)


@permission_required(Permission.API_MANAGE)
@require_POST
def webhook_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a delivery again."""
    delivery = get_object_or_404(deliveries(), pk=pk)
    try:
        services.replay(delivery=delivery, reason=request.POST.get("reason", "")[:500])
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The event is sent again with the same id."))
    return redirect(reverse("webhook_delivery", args=[pk]))
