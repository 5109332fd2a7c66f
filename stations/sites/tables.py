"""Table of sites."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.lists.tables import ListTable, PowerColumn, StatusColumn, TextColumn, TitleColumn
from stations.sites.models import Site


class SiteTable(ListTable):
    """Name, town, stations, worst status and power limit."""

    name = TitleColumn(_("Site"), detail="site_detail", key="public_id")
    worst = StatusColumn(_("Status"))
    city = TextColumn(_("Town"))
    address = TextColumn(_("Address"), card_hide=True)
    place_class = TextColumn(_("Place class"), card_hide=True)
    station_count = TextColumn(_("Stations"), end=True)
    evse_count = TextColumn(_("EVSEs"), end=True)
    power_limit_w = PowerColumn(_("Power limit"))

    class Meta(ListTable.Meta):
        model = Site
        fields: tuple[str, ...] = ()
        order_by = "name"
