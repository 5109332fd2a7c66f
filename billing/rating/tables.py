"""Table of rated sessions."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.rating.models import RatedSession
from core.lists.tables import (
    EnergyColumn,
    LinkColumn,
    ListTable,
    MomentColumn,
    MoneyColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.ui import html
from stations.sessions.place_class import place_class_label


class RatedSessionTable(ListTable):
    """Current prices of sessions, the newest first."""

    public_id = TitleColumn(_("Rated session"), detail="rated_detail", key="public_id")
    stopped_at = MomentColumn(_("Ended"))
    state = StatusColumn(
        _("State"),
        kind="billing",
        accessor="session__billing__state",
        order_by="session__billing__state",
    )
    station = LinkColumn(
        _("Station"), detail="station_detail", key="station.public_id", order_by="station__name"
    )
    place_class = TextColumn(_("Place class"), accessor="session", orderable=False, card_hide=True)
    tariff = TextColumn(_("Tariff"), accessor="tariff_version__tariff__name", card_hide=True)
    energy_wh = EnergyColumn(_("Energy"))
    gross = MoneyColumn(_("Total with VAT"))

    class Meta(ListTable.Meta):
        model = RatedSession
        fields: tuple[str, ...] = ()

    def render_place_class(self, record: Any) -> str | SafeString:
        """What the place was when the session began."""
        return place_class_label(record.session, record.site) or html.none_html()

    def render_state(self, record: Any) -> SafeString:
        """The state of the session on its way to a bill."""
        return html.status_html(record.session.billing.state, "billing")
