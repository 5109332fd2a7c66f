"""Support cases on the page of the incident that explains them (``INCIDENT_PANELS``)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.panels import Panel
from customers.support.following import affected_cases, cases_of
from stations.incidents.models import Incident

SHOWN = 50


class CasePanel:
    """Who waits for the repair or has been told, and open cases there that nobody linked."""

    def panel(self, request: HttpRequest, incident: Incident) -> Panel | None:
        """Nothing for readers who may not see cases, or where there is none."""
        if not has_permission(request, Permission.CASE_VIEW):
            return None
        links = list(cases_of(incident)[:SHOWN])
        can_link = has_permission(request, Permission.CASE_WORK) and incident.is_live
        unlinked = affected_cases(incident).count() if can_link else 0
        if not links and not unlinked:
            return None
        content = {
            "links": links,
            "unlinked": unlinked,
            "incident": incident,
            "sees_drivers": has_permission(request, Permission.DRIVER_VIEW),
        }
        return Panel(_("Support cases"), "customers/support/_incident_panel.html", content)


source = CasePanel()
