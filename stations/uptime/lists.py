"""The lists of outages and of stated causes: filters, tables, files."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import (
    DurationColumn,
    LinkColumn,
    ListTable,
    MomentColumn,
    TextColumn,
    TitleColumn,
)
from stations.sites.models import Site
from stations.sites.selectors import sites
from stations.uptime import selectors
from stations.uptime.models import (
    Cause,
    CauseStatement,
    Outage,
    OutageKind,
    StatementState,
)

OPEN = [("open", _("Still going on")), ("ended", _("Over"))]


def site_choices(_request: HttpRequest | None) -> QuerySet[Site]:
    """Sites of the operator and the places in scope."""
    return sites()


class OutageFilter(ListFilterSet):
    """Outages by text, site, kind, cause, days and whether they go on."""

    search_fields = (
        "station__name",
        "station__public_id",
        "site__name",
        "error_code",
        "evse__public_id",
    )
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    kind = ChoiceFilter(label=_("Told by"), choices=OutageKind.choices)
    cause = ChoiceFilter(label=_("Cause"), choices=Cause.choices)
    state = ChoiceFilter(method="by_state", label=_("State"), choices=OPEN)
    began = DateRange(field_name="began_at", label=_("Began"))

    class Meta:
        model = Outage
        fields: list[str] = []

    def by_state(self, queryset: QuerySet[Outage], _name: str, value: str) -> QuerySet[Outage]:
        """Whether it goes on."""
        return queryset.filter(ended_at__isnull=value == "open")


class OutageTable(ListTable):
    """Outages, the latest first."""

    station = TitleColumn(
        _("Station"), detail="outage_detail", key="public_id", order_by="station__name"
    )
    evse_number = TextColumn(_("EVSE"), accessor="evse__number", order_by="evse__number")
    site = LinkColumn(_("Site"), detail="site_detail", key="site.public_id", order_by="site__name")
    kind = TextColumn(_("Told by"))
    cause = TextColumn(_("Cause"))
    error_code = TextColumn(_("Error code"), card_hide=True)
    began_at = MomentColumn(_("Began"))
    ended_at = MomentColumn(_("Ended"))
    length = DurationColumn(_("Lasted"))

    class Meta(ListTable.Meta):
        model = Outage
        fields: tuple[str, ...] = ()


OUTAGES = ListSpec(
    name="outages",
    title=_("Outages"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: selectors.outages(),
    filterset=OutageFilter,
    table=OutageTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("site", "site.name"),
        CsvColumn("site_id", "site.public_id", label=_("Site (public id)")),
        CsvColumn("station", "station.name"),
        CsvColumn("station_id", "station.public_id", label=_("Station (public id)")),
        CsvColumn("evse", "evse.number", column="evse_number"),
        CsvColumn("evse_id", "evse.public_id", label=_("EVSE id")),
        CsvColumn("kind"),
        CsvColumn("cause"),
        CsvColumn("error_code"),
        CsvColumn("began_at"),
        CsvColumn("ended_at"),
        CsvColumn("is_counted"),
        CsvColumn("fact", "ref", label=_("Row of the journal")),
    ),
    empty=EmptyText(
        _("No outage yet"),
        _("Outages are derived from what stations report, some minutes after it happened."),
    ),
    search_hint=_("Station, site or error code"),
)


class CauseFilter(ListFilterSet):
    """Stated causes by text, site, cause, state and days."""

    search_fields = ("public_id", "reason", "evidence", "site__name", "station__name")
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    cause = ChoiceFilter(label=_("Cause"), choices=Cause.choices)
    state = ChoiceFilter(label=_("State"), choices=StatementState.choices)
    began = DateRange(field_name="began_at", label=_("From"))

    class Meta:
        model = CauseStatement
        fields: list[str] = []


class CauseTable(ListTable):
    """Stated causes, the latest first."""

    cause = TitleColumn(_("Cause"), detail="cause_detail", key="public_id")
    site = LinkColumn(_("Site"), detail="site_detail", key="site.public_id", order_by="site__name")
    station = TextColumn(_("Station"), order_by="station__name")
    evse = TextColumn(_("EVSE"), accessor="evse__number", order_by="evse__number")
    began_at = MomentColumn(_("From"))
    ended_at = MomentColumn(_("Until"))
    state = TextColumn(_("State"))
    stated_by = TextColumn(_("Stated by"), card_hide=True)

    class Meta(ListTable.Meta):
        model = CauseStatement
        fields: tuple[str, ...] = ()


CAUSES = ListSpec(
    name="outage-causes",
    title=_("Causes and maintenance windows"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: selectors.causes(),
    filterset=CauseFilter,
    table=CauseTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("cause"),
        CsvColumn("site", "site.name"),
        CsvColumn("station", "station.public_id"),
        CsvColumn("evse", "evse.number"),
        CsvColumn("began_at"),
        CsvColumn("ended_at"),
        CsvColumn("state"),
        CsvColumn("reason"),
        CsvColumn("evidence"),
        CsvColumn("stated_by"),
        CsvColumn("approved_by"),
        CsvColumn("approved_at"),
    ),
    empty=EmptyText(
        _("No cause has been stated"),
        _("State why a place was out of service, or when it will be maintained."),
        "cause_create",
        _("State a cause"),
        Permission.UPTIME_EDIT,
    ),
    search_hint=_("Reason, document, site or station"),
    actions=(ListAction(_("State a cause"), "cause_create", permission=Permission.UPTIME_EDIT),),
)
