"""Filters of webhooks and deliveries."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import CharFilter, ChoiceFilter, DateRange, ListFilterSet
from core.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookState
from core.webhooks.sources import kind_choices


class WebhookFilter(ListFilterSet):
    """Webhooks by name, address and state."""

    search_fields = ("name", "url", "public_id")
    state = ChoiceFilter(label=_("State"), choices=WebhookState.choices, method="by_state")

    class Meta:
        model = WebhookEndpoint
        fields: list[str] = []

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """On, failing or off."""
        if value == WebhookState.OFF:
            return queryset.filter(is_active=False)
        return queryset.filter(
            is_active=True, failing_since_at__isnull=value != WebhookState.FAILING
        )


class DeliveryFilter(ListFilterSet):
    """Deliveries by webhook, state, event and time."""

    search_fields = ("event__public_id", "event__kind", "error", "endpoint__name")
    state = ChoiceFilter(label=_("State"), choices=DeliveryState.choices)
    kind = ChoiceFilter(label=_("Event"), field_name="event__kind", choices=kind_choices)
    webhook = CharFilter(label=_("Webhook (id)"), field_name="endpoint__public_id")
    created_at = DateRange(label=_("Created"))

    class Meta:
        model = WebhookDelivery
        fields: list[str] = []
