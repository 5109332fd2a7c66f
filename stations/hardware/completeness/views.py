"""Pages of completeness: how many lack what, and which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import LinkColumn, ListTable, TextColumn, TitleColumn
from core.lists.views import list_view
from stations.hardware.completeness.elements import EVSE_ELEMENTS, SITE_ELEMENTS, Element
from stations.hardware.completeness.filters import EvseGapFilter, SiteGapFilter
from stations.hardware.completeness.selectors import (
    evses_marked,
    lacking,
    shortfalls,
    sites_marked,
)
from stations.hardware.models import Evse
from stations.sites.models import Site


def _links(elements: Sequence[Element], form: str) -> SafeString:
    """Each missing element, linked to its field in the form."""
    rows = ((f"{form}#id_{one.field}", one.label) for one in elements)
    return format_html('<span class="btn-row">{}</span>', format_html_join(
        "", '<a class="btn btn-sm" href="{}">{}</a>', rows
    ))  # fmt: skip


class SiteGapTable(ListTable):
    """Sites with what they lack."""

    name = TitleColumn(gettext_lazy("Site"), detail="site_detail", key="public_id")
    city = TextColumn(gettext_lazy("Town"))
    lacks = TextColumn(gettext_lazy("Lacks"), empty_values=(), orderable=False)

    class Meta(ListTable.Meta):
        model = Site
        fields: tuple[str, ...] = ()
        order_by = "name"

    def render_lacks(self, record: Site) -> SafeString:
        """Links to the fields."""
        return _links(lacking(record, SITE_ELEMENTS), reverse("site_edit", args=[record.public_id]))


class EvseGapTable(ListTable):
    """EVSEs with what they lack."""

    public_id = TitleColumn(
        gettext_lazy("EVSE"), detail="station_detail", key="station.public_id", empty_values=()
    )
    station = LinkColumn(
        gettext_lazy("Station"), detail="station_detail", key="station.public_id",
        order_by="station__name",
    )  # fmt: skip
    site = TextColumn(
        gettext_lazy("Site"), accessor="station__site", order_by="station__site__name"
    )
    lacks = TextColumn(gettext_lazy("Lacks"), empty_values=(), orderable=False)

    class Meta(ListTable.Meta):
        model = Evse
        fields: tuple[str, ...] = ()

    def render_public_id(self, record: Evse) -> SafeString:
        """The public id, or the number within the station."""
        url = reverse("evse_detail", args=[record.station.public_id, record.number])
        name = record.public_id or _("EVSE %(number)s") % {"number": record.number}
        return format_html('<a class="title" href="{}">{}</a>', url, name)

    def render_lacks(self, record: Evse) -> SafeString:
        """Links to the fields."""
        form = reverse("evse_edit", args=[record.station.public_id, record.number])
        return _links(lacking(record, EVSE_ELEMENTS), form)


_BACK = ListAction(gettext_lazy("By element"), "completeness", icon="list", primary=False)
SITE_GAPS = ListSpec(
    name="site-gaps",
    title=gettext_lazy("Sites with gaps"),
    permission=Permission.NETWORK_EDIT,
    queryset=lambda _request: sites_marked(),
    filterset=SiteGapFilter,
    table=SiteGapTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("lacks", lambda row: " ".join(e.key for e in lacking(row, SITE_ELEMENTS))),
    ),
    empty=EmptyText(gettext_lazy("Nothing is missing"), gettext_lazy("Every site is complete.")),
    search_hint=gettext_lazy("Name or town"),
    actions=(_BACK,),
)
EVSE_GAPS = ListSpec(
    name="evse-gaps",
    title=gettext_lazy("EVSEs with gaps"),
    permission=Permission.NETWORK_EDIT,
    queryset=lambda _request: evses_marked(),
    filterset=EvseGapFilter,
    table=EvseGapTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("number"),
        CsvColumn("station", "station.name"),
        CsvColumn("site", "station.site.name"),
        CsvColumn("lacks", lambda row: " ".join(e.key for e in lacking(row, EVSE_ELEMENTS))),
    ),
    empty=EmptyText(gettext_lazy("Nothing is missing"), gettext_lazy("Every EVSE is complete.")),
    search_hint=gettext_lazy("EVSE id, station or site"),
    actions=(_BACK,),
)

site_gap_list = list_view(SITE_GAPS)
evse_gap_list = list_view(EVSE_GAPS)


@permission_required(Permission.NETWORK_EDIT)
@require_safe
def completeness(request: HttpRequest) -> HttpResponse:
    """How many sites and EVSEs lack which element."""
    context: dict[str, Any] = {
        "sites": shortfalls(sites_marked(), SITE_ELEMENTS),
        "evses": shortfalls(evses_marked(), EVSE_ELEMENTS),
    }
    return render(request, "stations/hardware/completeness.html", context)
