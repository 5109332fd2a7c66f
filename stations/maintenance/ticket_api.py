"""REST: tickets that other systems made of incidents and work orders."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import ListView
from core.webhooks.models import WebhookTicket
from core.webhooks.tickets import tickets_about
from stations.incidents.selectors import incidents
from stations.maintenance.selectors import orders


class TicketSerializer(serializers.ModelSerializer[WebhookTicket]):
    """A ticket: its id and address in the other system, and the webhook that made it."""

    webhook = serializers.CharField(source="endpoint.public_id")

    class Meta:
        model = WebhookTicket
        fields = ("ticket", "url", "webhook", "made_at")


class IncidentTickets(ListView):
    """Tickets of an incident, the latest first."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = TicketSerializer

    def rows(self) -> QuerySet[WebhookTicket]:
        """Of an incident that the caller may see."""
        incident = get_object_or_404(incidents(), public_id=self.kwargs["ref"])
        return tickets_about("incident", incident.public_id)


class OrderTickets(ListView):
    """Tickets of a work order, the latest first."""

    read_permission = Permission.ORDER_VIEW
    serializer_class = TicketSerializer

    def rows(self) -> QuerySet[WebhookTicket]:
        """Of an order that the caller may see."""
        order = get_object_or_404(orders(), public_id=self.kwargs["ref"])
        return tickets_about("work_order", order.public_id)


urls = [
    address("incidents/{ref}/tickets", IncidentTickets, "incident_tickets"),
    address("work-orders/{ref}/tickets", OrderTickets, "work_order_tickets"),
]
