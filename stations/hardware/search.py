"""Stations and EVSEs in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.match import among, matching
from core.search.sources import Hit
from stations.hardware.models import Evse, Station

STATION = "station"
EVSE = "evse"


class StationSearch:
    """Stations by name, ids, serial number and model, or by the name of their site."""

    kind = STATION
    label = _("Stations")
    icon = "charging-pile"
    permission = Permission.NETWORK_VIEW
    list_url = "station_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """Stations in use first; those that bear the text themselves before those of a site."""
        own = among("pk", matching(STATION, text))
        found = Station.objects.filter(own | among("site", matching("site", text)))
        ordered = found.select_related("site").order_by(
            F("retired_on").desc(nulls_first=True), "name", "id"
        )
        return [
            Hit(str(s), f"{s.identity} · {s.site}", reverse("station_detail", args=[s.public_id]))
            for s in ordered[:most]
        ]


class EvseSearch:
    """EVSEs by the id that stands on the sign."""

    kind = EVSE
    label = _("EVSEs")
    icon = "plug"
    permission = Permission.NETWORK_VIEW
    list_url = "evse_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """EVSEs in use, with the station they are part of."""
        found = Evse.objects.filter(pk__in=matching(EVSE, text), retired_on=None)
        return [
            Hit(str(e), str(e.station), reverse("station_detail", args=[e.station.public_id]))
            for e in found.select_related("station").order_by("public_id", "id")[:most]
        ]


station_source = StationSearch()
evse_source = EvseSearch()
