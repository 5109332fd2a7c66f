"""Tables of webhooks and deliveries."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.ui import html
from core.webhooks.models import WebhookDelivery, WebhookEndpoint


class WebhookTable(ListTable):
    """Webhooks by name."""

    name = TitleColumn(_("Webhook"), detail="webhook_detail", key="public_id")
    state = TextColumn(_("State"), orderable=False)
    url = TextColumn(_("Address"))
    events = TextColumn(_("Events"), orderable=False)
    last_success_at = MomentColumn(_("Last success"), ago=True)
    failing_since_at = MomentColumn(_("Failing since"), ago=True, card_hide=True)

    class Meta(ListTable.Meta):
        model = WebhookEndpoint
        fields: tuple[str, ...] = ()
        order_by = "name"

    def render_state(self, record: WebhookEndpoint) -> SafeString:
        """On, failing or off."""
        return html.status_html(record.state, "webhook")

    def render_events(self, value: list[Any]) -> str:
        """Their names."""
        return ", ".join(map(str, value))


class DeliveryTable(ListTable):
    """Deliveries, the newest first."""

    kind = TitleColumn(_("Event"), detail="webhook_delivery", key="pk", accessor="event__kind")
    state = StatusColumn(_("State"), kind="webhook_delivery")
    endpoint = LinkColumn(
        _("Webhook"),
        detail="webhook_detail",
        key="endpoint.public_id",
        order_by="endpoint__name",
    )
    response_status = TextColumn(_("Answer"), end=True)
    error = TextColumn(_("Error"))
    attempts = TextColumn(_("Tries"), end=True, card_hide=True)
    attempted_at = MomentColumn(_("Last try"), seconds=True)
    created_at = MomentColumn(_("Created"), seconds=True)

    class Meta(ListTable.Meta):
        model = WebhookDelivery
        fields: tuple[str, ...] = ()
