"""Planned stations on the page of their site (``SITE_PANELS``)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.panels import Panel
from planning.building.selectors import planned_of
from stations.sites.models import Site


class PlannedPanel:
    """What is planned, what was built of it, and the way to add what has come."""

    def panel(self, request: HttpRequest, site: Site) -> Panel | None:
        """Nothing where nothing is planned, and for readers who may not see plans."""
        if not has_permission(request, Permission.PLANNING_VIEW):
            return None
        rows = list(planned_of(site))
        if not rows:
            return None
        can_add = has_permission(request, Permission.NETWORK_EDIT) and any(
            one.built_at is None for one in rows
        )
        content = {"site": site, "rows": rows, "can_add": can_add}
        return Panel(_("Planned stations"), "planning/building/_site_panel.html", content)


source = PlannedPanel()
