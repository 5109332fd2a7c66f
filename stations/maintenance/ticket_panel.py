"""Tickets of other systems on the pages of incidents and work orders (``INCIDENT_PANELS``,
``ORDER_SOURCES``)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.attachments.models import Attachment
from core.panels import Panel
from core.webhooks.tickets import tickets_about
from stations.incidents.models import Incident
from stations.maintenance.models import WorkOrder


def _panel(about: str, ref: str, template: str) -> Panel | None:
    tickets = list(tickets_about(about, ref)[:20])
    if not tickets:
        return None
    return Panel(_("Tickets"), f"stations/maintenance/{template}.html", {"tickets": tickets})


class TicketsOfIncident:
    """For everybody who sees the incident."""

    def panel(self, request: HttpRequest, incident: Incident) -> Panel | None:
        """Nothing where no system answered with a ticket."""
        return _panel("incident", incident.public_id, "_incident_tickets")


class TicketsOfOrder:
    """For everybody who sees the order."""

    def panel(self, request: HttpRequest, order: WorkOrder) -> Panel | None:
        """As above."""
        return _panel("work_order", order.public_id, "_ticket_panel")

    def files(self, order: WorkOrder) -> QuerySet[Attachment]:
        """None of its own."""
        return Attachment.objects.none()


of_incident = TicketsOfIncident()
of_order = TicketsOfOrder()
