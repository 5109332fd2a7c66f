"""Tariffs in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.tariffs.models import Tariff
from core.accounts.permissions import Permission
from core.search.match import among, matching
from core.search.sources import Hit

KIND = "tariff"


class TariffSearch:
    """Tariffs by a part of the name or note."""

    kind = KIND
    label = _("Tariffs")
    icon = "coin"
    permission = Permission.TARIFF_VIEW
    list_url = "tariff_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """By name."""
        wanted = among("pk", matching(KIND, text))
        return [
            Hit(tariff.name, tariff.note, reverse("tariff_detail", args=[tariff.public_id]))
            for tariff in Tariff.objects.filter(wanted).order_by("name", "id")[:most]
        ]


source = TariffSearch()
