"""Work orders with their clocks on the page of an incident (``INCIDENT_PANELS``)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.panels import Panel
from stations.incidents.models import Incident
from stations.maintenance import selectors


class OrderPanel:
    """All orders of the incident, and the button that makes one."""

    def panel(self, request: HttpRequest, incident: Incident) -> Panel | None:
        """Nothing for readers who may not see orders, or where there is none to see or make."""
        if not has_permission(request, Permission.ORDER_VIEW):
            return None
        rows = selectors.with_clocks(selectors.orders().filter(incident=incident), timezone.now())
        can_make = (
            has_permission(request, Permission.ORDER_EDIT)
            and incident.is_live
            and not any(order.is_open for order, _clocks in rows)
        )
        if not rows and not can_make:
            return None
        return Panel(
            _("Work orders"),
            "stations/maintenance/_incident_panel.html",
            {"rows": rows, "can_make": can_make, "incident": incident},
        )


source = OrderPanel()
