"""The lists of webhooks and of deliveries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.webhooks.filters import DeliveryFilter, WebhookFilter
from core.webhooks.selectors import deliveries, webhooks
from core.webhooks.tables import DeliveryTable, WebhookTable

WEBHOOKS = ListSpec(
    name="webhooks",
    title=_("Webhooks"),
    permission=Permission.API_MANAGE,
    queryset=lambda _request: webhooks(),
    filterset=WebhookFilter,
    table=WebhookTable,
    csv=(
        *(CsvColumn(name) for name in ("public_id", "name")),
        CsvColumn("state", label=_("State")),
        CsvColumn("url"),
        CsvColumn("events", lambda webhook: " ".join(webhook.events)),
        *(
            CsvColumn(name)
            for name in ("last_success_at", "failing_since_at", "failures", "inactive_reason")
        ),
    ),
    empty=EmptyText(
        _("No webhook yet"),
        _("A webhook tells another system at once what happens in the network."),
        "webhook_create",
        _("Create a webhook"),
        Permission.API_MANAGE,
    ),
    search_hint=_("Name or address"),
    actions=(
        ListAction(_("New webhook"), "webhook_create", permission=Permission.API_MANAGE),
        ListAction(_("Deliveries"), "webhook_delivery_list", icon="send", primary=False),
    ),
)

DELIVERIES = ListSpec(
    name="webhook-deliveries",
    title=_("Webhook deliveries"),
    permission=Permission.API_MANAGE,
    queryset=lambda _request: deliveries(),
    filterset=DeliveryFilter,
    table=DeliveryTable,
    csv=(
        CsvColumn("event_id", "event.public_id", label=_("Event id")),
        CsvColumn("kind", "event.kind", column="kind"),
        CsvColumn("webhook", "endpoint.public_id", column="endpoint"),
        *(
            CsvColumn(name)
            for name in (
                "state",
                "attempts",
                "response_status",
                "error",
                "duration_ms",
                "attempted_at",
                "created_at",
            )
        ),
    ),
    empty=EmptyText(_("Nothing sent yet"), _("What webhooks were told appears here.")),
    search_hint=_("Event, error or webhook"),
    count_cap=100_000,
)

webhook_list = list_view(WEBHOOKS)
webhook_delivery_list = list_view(DELIVERIES)
