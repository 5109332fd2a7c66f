"""The public status page and known faults, on the page of a site (``SITE_PANELS``)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.panels import Panel
from stations.maintenance.known_faults import known_faults
from stations.maintenance.status_pages import page_of, status_url
from stations.sites.models import Site


class StatusPanel:
    """Where drivers look, and what they read there."""

    def panel(self, request: HttpRequest, site: Site) -> Panel | None:
        """For everybody who sees the site."""
        page = page_of(site)
        content = {
            "site": site,
            "url": status_url(page) if page.pk and page.is_public else "",
            "faults": known_faults(site),
            "may_edit": has_permission(request, Permission.NETWORK_EDIT),
        }
        return Panel(_("What drivers are told"), "stations/maintenance/_site_panel.html", content)


source = StatusPanel()
