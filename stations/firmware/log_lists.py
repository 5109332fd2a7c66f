"""The list of logs: filters, table, file."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from stations.firmware.log_models import LogKind, LogState, StationLog
from stations.sites.models import Site
from stations.sites.selectors import sites


def site_choices(_request: HttpRequest | None) -> QuerySet[Site]:
    """Sites of the operator and the places in scope."""
    return sites()


def logs() -> QuerySet[StationLog]:
    """Every log that was asked for, the latest first."""
    rows: QuerySet[StationLog] = StationLog.objects.select_related("station__site")
    return rows.order_by("-asked_at", "-id")


class LogFilter(ListFilterSet):
    """Logs by text, site, kind, state and days."""

    search_fields = ("public_id", "station__name", "station__public_id", "name", "reason")
    site = ModelChoiceFilter(
        field_name="station__site",
        queryset=site_choices,
        to_field_name="public_id",
        label=_("Site"),
    )
    kind = ChoiceFilter(label=_("Log"), choices=LogKind.choices)
    state = ChoiceFilter(label=_("State"), choices=LogState.choices)
    asked = DateRange(field_name="asked_at", label=_("Asked"))

    class Meta:
        model = StationLog
        fields: list[str] = []


class LogTable(ListTable):
    """Logs, the latest first."""

    kind = TitleColumn(_("Log"), detail="log_detail", key="public_id")
    station = LinkColumn(
        _("Station"), detail="station_logs", key="station.public_id", order_by="station__name"
    )
    site = LinkColumn(
        _("Site"),
        detail="site_detail",
        key="station.site.public_id",
        accessor="station__site",
        order_by="station__site__name",
    )
    state = StatusColumn(_("State"), kind="firmware")
    word = TextColumn(_("Station's word"))
    size_bytes = TextColumn(_("Bytes"), end=True)
    asked_label = TextColumn(_("Asked by"), card_hide=True)
    asked_at = MomentColumn(_("Asked"))
    delete_after_at = MomentColumn(_("Deleted after"), card_hide=True)

    class Meta(ListTable.Meta):
        model = StationLog
        fields: tuple[str, ...] = ()


LOGS = ListSpec(
    name="station-logs",
    title=_("Logs of stations"),
    permission=Permission.LOG_FETCH,
    queryset=lambda _request: logs(),
    filterset=LogFilter,
    table=LogTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("station", "station.public_id"),
        CsvColumn("site", "station.site.name"),
        CsvColumn("kind"),
        CsvColumn("state"),
        CsvColumn("why"),
        CsvColumn("word"),
        CsvColumn("reason"),
        CsvColumn("asked_label"),
        CsvColumn("asked_at"),
        CsvColumn("received_at"),
        CsvColumn("name"),
        CsvColumn("size_bytes"),
        CsvColumn("sha256"),
        CsvColumn("delete_after_at"),
    ),
    empty=EmptyText(
        _("No log has been fetched"),
        _("Ask for one on the page of a station, under Logs."),
        "station_list",
        _("Stations"),
        Permission.NETWORK_VIEW,
    ),
    search_hint=_("Station, file name or reason"),
)
