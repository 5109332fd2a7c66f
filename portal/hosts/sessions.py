"""Sessions as hosts see them: when, where and how much, with the card masked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import (
    DurationColumn,
    EnergyColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
)
from core.lists.views import list_view
from core.ui import units
from portal.hosts.masking import masked
from stations.sessions.models import Session, SessionState
from stations.sites.models import Site
from stations.sites.selectors import sites


def host_sessions() -> QuerySet[Session]:
    """Sessions of the sites in scope, the latest first."""
    rows: QuerySet[Session] = Session.objects.select_related("station__site").order_by(
        "-started_at", "-id"
    )
    return rows.defer("intervals", "findings", "token_snapshot")


def _sites(_request: HttpRequest | None) -> QuerySet[Site]:
    return sites()


class HostSessionFilter(ListFilterSet):
    """By site, days and state. The search never looks into cards."""

    search_fields = ("station__name", "station__site__name", "public_id")
    site = ModelChoiceFilter(
        field_name="station__site", queryset=_sites, to_field_name="public_id", label=_("Site")
    )
    started = DateRange(label=_("Started"), field_name="started_at")
    state = ChoiceFilter(label=_("State"), choices=SessionState.choices)

    class Meta:
        model = Session
        fields: list[str] = []


class StartColumn(MomentColumn):
    """The heading of the card on phones."""

    css = "card-title"


class MaskedColumn(TextColumn):
    """A card's number with its end alone."""

    def render(self, value: Any) -> str | SafeString:
        """Masked."""
        return masked(value)


class HostSessionTable(ListTable):
    """Sessions, the latest first."""

    started_at = StartColumn(_("Started"))
    state = StatusColumn(_("State"), kind="session")
    site = TextColumn(_("Site"), accessor="station__site__name", order_by="station__site__name")
    station = TextColumn(_("Station"), accessor="station__name", order_by="station__name")
    evse_number = TextColumn(_("EVSE"), end=True)
    stopped_at = MomentColumn(_("Stopped"))
    stay = DurationColumn(_("Plugged in"), accessor="pk", orderable=False)
    energy_wh = EnergyColumn(_("Energy"))
    id_token = MaskedColumn(_("Card"), orderable=False)

    class Meta(ListTable.Meta):
        model = Session
        fields: tuple[str, ...] = ()
        order_by = "-started_at"

    def render_stay(self, record: Session) -> str:
        """From plugging in to plugging out."""
        if record.started_at is None or record.stopped_at is None:
            return "–"
        return units.duration(record.stopped_at - record.started_at)


HOST_SESSIONS = ListSpec(
    name="host_sessions",
    title=_("Sessions"),
    permission=Permission.HOST_VIEW,
    queryset=lambda _request: host_sessions(),
    filterset=HostSessionFilter,
    table=HostSessionTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("started_at"),
        CsvColumn("stopped_at"),
        CsvColumn("state"),
        CsvColumn("site", "station.site.name"),
        CsvColumn("station", "station.name"),
        CsvColumn("evse_number"),
        CsvColumn("energy_wh"),
        CsvColumn("card", lambda row: masked(row.id_token), column="id_token"),
    ),
    empty=EmptyText(_("No session yet"), _("Sessions appear here as soon as somebody charges.")),
    search_hint=_("Station or site"),
    count_cap=10_000,
)
host_session_list = list_view(HOST_SESSIONS)
