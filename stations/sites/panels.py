"""The door for upper floors: panels on the page of a site (setting ``SITE_PANELS``).

The setting names objects, in the order in which their panels stand.
"""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest

from core.panels import Panel
from core.plugins import plugged
from stations.sites.models import Site


class SitePanelSource(Protocol):
    """Who knows something about a site that this floor does not: who sells there."""

    def panel(self, request: HttpRequest, site: Site) -> Panel | None:
        """The panel for this reader; None when there is nothing to show, or not to them."""


def site_panels(request: HttpRequest, site: Site) -> list[Panel]:
    """All panels for this reader, in the order of the setting."""
    found = (source.panel(request, site) for source in plugged("SITE_PANELS"))
    return [panel for panel in found if panel is not None]
