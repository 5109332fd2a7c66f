"""Tables of tariffs and assignments."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from billing.tariffs.models import Tariff, TariffAssignment
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)


class TariffTable(ListTable):
    """Tariffs by name."""

    name = TitleColumn(_("Tariff"), detail="tariff_detail", key="public_id")
    shown_status = StatusColumn(_("Status"), kind="tariff")
    version_number = TextColumn(_("Version"), end=True)
    changes_at = MomentColumn(_("Next version from"))
    has_draft = StatusColumn(_("Draft waits"), kind="yes_no", card_hide=True)
    place_count = TextColumn(_("Assignments now"), end=True)
    currency = TextColumn(_("Currency"), card_hide=True)
    is_tax_included = StatusColumn(_("Prices with VAT"), kind="yes_no", card_hide=True)

    class Meta(ListTable.Meta):
        model = Tariff
        fields: tuple[str, ...] = ()
        order_by = "name"


def place_text(row: TariffAssignment) -> str:
    """The place of an assignment in words."""
    if row.evse is not None:
        return _gettext("%(station)s, EVSE %(number)s") % {
            "station": row.evse.station,
            "number": row.evse.number,
        }
    return str(row.station or row.site or _gettext("The whole network"))


def place_url(row: TariffAssignment) -> str:
    """The page of the place; empty for the network."""
    station = row.evse.station if row.evse is not None else row.station
    if station is not None:
        return reverse("station_detail", args=[station.public_id])
    return reverse("site_detail", args=[row.site.public_id]) if row.site is not None else ""


class PlaceColumn(TextColumn):
    """Where an assignment holds, linked."""

    def render(self, record: Any) -> SafeString | str:
        """A link but for the network."""
        url = place_url(record)
        text = place_text(record)
        return format_html('<a href="{}">{}</a>', url, text) if url else text


class AssignmentTable(ListTable):
    """Assignments, the latest first."""

    tariff = LinkColumn(
        _("Tariff"), detail="tariff_detail", key="tariff.public_id", order_by="tariff__name"
    )
    shown_status = StatusColumn(_("Period"), kind="tariff")
    place = PlaceColumn(_("Where"), accessor="pk", orderable=False)
    connector_type = TextColumn(_("Connector type"))
    price_group = LinkColumn(
        _("Price group"),
        detail="price_group_detail",
        key="price_group.public_id",
        order_by="price_group__name",
    )
    valid_from_at = MomentColumn(_("From"))
    valid_to_at = MomentColumn(_("Until"))

    class Meta(ListTable.Meta):
        model = TariffAssignment
        fields: tuple[str, ...] = ()
        order_by = "-valid_from_at"
