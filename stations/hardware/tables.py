"""Tables of stations and EVSEs."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import (
    IdColumn,
    LinkColumn,
    ListTable,
    MomentColumn,
    PowerColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.ui import html
from stations.hardware.models import Evse, Station


class ConnectionColumn(TextColumn):
    """Online, offline or never connected; beside a stale status."""

    def render(self, value: Any) -> SafeString:
        """``value`` is whether the station is connected."""
        return html.status_html("online" if value else "offline", "link")


class StationTable(ListTable):
    """Stations with state, connection and kind."""

    name = TitleColumn(_("Station"), detail="station_detail", key="public_id")
    worst = StatusColumn(_("Status"), stale="is_away")
    connected = ConnectionColumn(_("Connection"))
    site = LinkColumn(_("Site"), detail="site_detail", key="site.public_id", order_by="site__name")
    identity = IdColumn(_("Socket identity"), card_hide=True)
    version = TextColumn(_("OCPP"))
    model = TextColumn(_("Model"), order_by=("vendor", "model"), empty_values=())
    seen = MomentColumn(_("Heard from"), ago=True)

    class Meta(ListTable.Meta):
        model = Station
        fields: tuple[str, ...] = ()
        order_by = "name"

    def render_model(self, record: Station) -> str | SafeString:
        """Maker and model."""
        return " ".join(filter(None, (record.vendor, record.model))) or html.none_html()


class EvseTable(ListTable):
    """EVSEs with state and place."""

    public_id = TitleColumn(
        _("EVSE"), detail="station_detail", key="station.public_id", empty_values=()
    )
    status = StatusColumn(_("Status"), stale="is_away")
    station = LinkColumn(
        _("Station"), detail="station_detail", key="station.public_id", order_by="station__name"
    )
    site = LinkColumn(
        _("Site"),
        detail="site_detail",
        key="station.site.public_id",
        accessor="station__site",
        order_by="station__site__name",
    )
    max_power_w = PowerColumn(_("Power"))
    current_type = TextColumn(_("Current"))

    class Meta(ListTable.Meta):
        model = Evse
        fields: tuple[str, ...] = ()

    def render_public_id(self, record: Evse, column: TitleColumn) -> SafeString:
        """The public id, or the number within the station."""
        fallback = _("EVSE %(number)s") % {"number": record.number}
        return column.render(record.public_id or fallback, record)
