"""Table and filters of local lists."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.filters import CharFilter, ListFilterSet, ModelChoiceFilter, MultipleChoiceFilter
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.status_words import LOCAL_LIST
from core.ui import html
from stations.hardware.filters import site_choices
from stations.ocpp.lists.selectors import STANDINGS
from stations.ocpp.models import ListChoice, LocalList


class LocalListFilter(ListFilterSet):
    """Lists by station, standing, choice and site."""

    search_fields = ("station__name", "station__identity", "station__public_id")
    standing = MultipleChoiceFilter(
        label=_("State"),
        choices=[(name, LOCAL_LIST[name].word) for name in STANDINGS],
        distinct=False,
    )
    choice = MultipleChoiceFilter(label=_("Setting"), choices=ListChoice.choices, distinct=False)
    site = ModelChoiceFilter(
        queryset=site_choices,
        field_name="station__site",
        to_field_name="public_id",
        label=_("Site"),
    )
    answer = CharFilter(field_name="last_status", lookup_expr="iexact", label=_("Last answer"))

    class Meta:
        model = LocalList
        fields: list[str] = []


class LocalListTable(ListTable):
    """Lists by station."""

    station = TitleColumn(
        _("Station"),
        detail="station_local_list_state",
        key="station.public_id",
        order_by="station__name",
    )
    standing = StatusColumn(_("State"), kind="local_list")
    choice = TextColumn(_("Setting"), card_hide=True)
    version = TextColumn(_("Version"), end=True)
    reported_version = TextColumn(_("Station's version"), end=True)
    held_count = TextColumn(_("Entries"), end=True)
    wanted_count = TextColumn(_("Desired entries"), end=True)
    last_status = TextColumn(_("Last answer"), empty_values=())
    last_at = MomentColumn(_("Last sent"))
    site = LinkColumn(
        _("Site"),
        detail="site_detail",
        key="station.site.public_id",
        accessor="station__site",
        order_by="station__site__name",
        card_hide=True,
    )

    class Meta(ListTable.Meta):
        model = LocalList
        fields: tuple[str, ...] = ()

    def render_choice(self, record: Any) -> str:
        """In words."""
        return str(record.get_choice_display())

    def render_last_status(self, record: LocalList) -> SafeString:
        """Colour and word."""
        if not record.last_status:
            return html.none_html()
        return html.status_html(record.last_status, "answer")
