"""Sites in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.match import matching
from core.search.sources import Hit
from stations.sites.models import Site

KIND = "site"


class SiteSearch:
    """Sites by name, address, town and id."""

    kind = KIND
    label = _("Sites")
    icon = "map-pin"
    permission = Permission.NETWORK_VIEW
    list_url = "site_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """Sites in use first."""
        found = Site.objects.filter(pk__in=matching(KIND, text))
        return [
            Hit(site.name, site.city, reverse("site_detail", args=[site.public_id]))
            for site in found.order_by("-retired_on", "name", "id")[:most]
        ]


source = SiteSearch()
