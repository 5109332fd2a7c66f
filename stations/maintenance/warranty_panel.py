"""Whether a supplier answers for it, on the pages of incidents and work orders
(``INCIDENT_PANELS``, ``ORDER_SOURCES``)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.attachments.models import Attachment
from core.panels import Panel
from stations.hardware.models import Station
from stations.incidents.models import Incident
from stations.maintenance import claims
from stations.maintenance.models import WorkOrder
from stations.maintenance.warranties import day_at, holds, warranty_of

_OF_ORDER = "stations/maintenance/_warranty_panel.html"
_OF_INCIDENT = "stations/maintenance/_incident_warranty.html"


def _panel(
    request: HttpRequest, station: Station, day: date, about: Q, query: str, template: str
) -> Panel | None:
    warranty = warranty_of(station)
    if warranty is None or not has_permission(request, Permission.ORDER_VIEW):
        return None
    found = claims.claims().filter(about).distinct()[:10]
    content: dict[str, Any] = {
        "warranty": warranty,
        "is_covered": holds(warranty, day),
        "claims": found,
        "query": query,
        "can_claim": has_permission(request, Permission.ORDER_EDIT),
    }
    return Panel(_("Warranty"), template, content)


class WarrantyOfIncident:
    """By the day of the first symptom."""

    def panel(self, request: HttpRequest, incident: Incident) -> Panel | None:
        """Nothing where no warranty is known, or for who may not see orders."""
        if incident.station is None:
            return None
        day = day_at(incident.station, incident.first_symptom_at)
        query = f"incident={incident.public_id}"
        about = Q(incident=incident)
        return _panel(request, incident.station, day, about, query, _OF_INCIDENT)


class WarrantyOfOrder:
    """By the day on which the order was opened."""

    def panel(self, request: HttpRequest, order: WorkOrder) -> Panel | None:
        """As above."""
        if order.station is None:
            return None
        day = day_at(order.station, order.opened_at)
        about = Q(order_links__order=order)
        query = f"order={order.public_id}"
        return _panel(request, order.station, day, about, query, _OF_ORDER)

    def files(self, order: WorkOrder) -> QuerySet[Attachment]:
        """None of its own."""
        return Attachment.objects.none()


of_incident = WarrantyOfIncident()
of_order = WarrantyOfOrder()
