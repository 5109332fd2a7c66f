"""Incidents in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.sources import Hit
from stations.incidents.selectors import incidents
from stations.incidents.words import title_of


class IncidentSearch:
    """Incidents by their id or the code that the station told."""

    kind = "incident"
    label = _("Incidents")
    icon = "alert-triangle"
    permission = Permission.NETWORK_VIEW
    list_url = "incident_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """The newest first."""
        found = incidents().filter(Q(public_id=text) | Q(error_code__iexact=text))
        return [
            Hit(title_of(one), one.site.name, reverse("incident_detail", args=[one.public_id]))
            for one in found.order_by("-detected_at", "-pk")[:most]
        ]


source = IncidentSearch()
