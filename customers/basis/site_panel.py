"""Residents and the latest charging basis of a site, on its page (``SITE_PANELS``)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import holding_on
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.panels import Panel
from customers.basis.selectors import bases
from customers.residents.models import Bay, Resident
from customers.residents.selectors import site_day
from stations.sites.models import Site


class ResidentPanel:
    """How many live, park and wait there, and what the last basis came to."""

    def panel(self, request: HttpRequest, site: Site) -> Panel | None:
        """Nothing for sites without a register, and for readers who may not see residents."""
        if not has_permission(request, Permission.RESIDENT_VIEW):
            return None
        there = Resident.objects.filter(holding_on(site_day(site)), site=site)
        content = {
            "site": site,
            "residents": there.count(),
            "waiting": there.filter(waits_since_on__isnull=False).count(),
            "bays": Bay.objects.filter(site=site).count(),
            "free": Bay.objects.filter(
                ~Exists(there.filter(bay=OuterRef("pk"))), site=site
            ).count(),
            "basis": bases().filter(site=site).first(),
        }
        if not (content["residents"] or content["bays"] or content["basis"]):
            return None
        return Panel(_("Residents"), "customers/basis/_site_panel.html", content)


source = ResidentPanel()
