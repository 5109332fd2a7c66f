"""Residents in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.match import among, matching
from core.search.sources import Hit
from customers.residents.models import Resident

KIND = "resident"


class ResidentSearch:
    """Residents by a part of the name, address, phone, apartment or object number."""

    kind = KIND
    label = _("Residents")
    icon = "home"
    permission = Permission.RESIDENT_VIEW
    list_url = "resident_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """By name, those who live there now first."""
        found = Resident.objects.select_related("site", "bay").filter(
            among("pk", matching(KIND, text))
        )
        return [
            Hit(
                one.name,
                " · ".join(filter(None, (str(one.site), one.apartment, str(one.bay or "")))),
                reverse("resident_detail", args=[one.public_id]),
            )
            for one in found.order_by("name", "id")[:most]
        ]


source = ResidentSearch()
