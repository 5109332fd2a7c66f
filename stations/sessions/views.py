"""The list of sessions, and the tabs of sites and stations made of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.views import list_view
from stations.hardware.page import find_station, station_context
from stations.hardware.tab_views import page_of
from stations.sessions.bulk import RECONCILE
from stations.sessions.filters import SessionFilter
from stations.sessions.models import Session
from stations.sessions.place_class import place_class_of
from stations.sessions.tables import SessionTable, duration_of


def sessions() -> QuerySet[Session]:
    """All sessions with station, site and EVSE, the newest first."""
    queryset: QuerySet[Session] = Session.objects.select_related("station__site", "evse").order_by(
        "-first_received_at", "-id"
    )
    return queryset


SESSIONS = ListSpec(
    name="sessions",
    title=_("Sessions"),
    permission=Permission.SESSION_VIEW,
    queryset=lambda _request: sessions(),
    filterset=SessionFilter,
    table=SessionTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("state"),
        CsvColumn("is_held"),
        CsvColumn("site", "station.site.name"),
        CsvColumn("station", "station.name"),
        CsvColumn("station_public_id", "station.public_id"),
        CsvColumn("evse", "evse.public_id"),
        CsvColumn("evse_number"),
        CsvColumn("connector_number"),
        CsvColumn("id_token"),
        CsvColumn("place_class", place_class_of),
        CsvColumn("started_at"),
        CsvColumn("stopped_at"),
        CsvColumn("duration_s", duration_of, column="duration"),
        CsvColumn("energy_wh"),
        CsvColumn("power_w"),
        CsvColumn("stop_reason"),
        CsvColumn("ocpp_transaction_id"),
        CsvColumn(
            "findings",
            lambda s: " ".join(str(f.get("code")) for f in s.findings),
            label=_("Findings"),
        ),
    ),
    empty=EmptyText(_("No session yet"), _("Sessions appear when somebody plugs in.")),
    search_hint=_("Session, card, station or EVSE"),
    bulk=(RECONCILE,),
    count_cap=10_000,
    live_topic="network",
)

session_list = list_view(SESSIONS)


@permission_required(Permission.SESSION_VIEW)
@require_safe
def station_sessions(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sessions of one station."""
    station = find_station(public_id)
    context = station_context(request, station, "sessions") | {
        "page": page_of(request, sessions().filter(station=station)),
    }
    return render(request, "stations/sessions/station_sessions.html", context)
