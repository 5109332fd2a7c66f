"""Reading webhooks and their deliveries."""

from __future__ import annotations

from django.db.models import QuerySet

from core.webhooks.models import WebhookDelivery, WebhookEndpoint


def webhooks() -> QuerySet[WebhookEndpoint]:
    """Webhooks of the operator in scope by name."""
    rows: QuerySet[WebhookEndpoint] = WebhookEndpoint.objects.order_by("name", "id")
    return rows


def deliveries() -> QuerySet[WebhookDelivery]:
    """Deliveries of the operator in scope with event and endpoint, the newest first."""
    rows: QuerySet[WebhookDelivery] = WebhookDelivery.objects.select_related("endpoint", "event")
    return rows.order_by("-created_at", "-id")
