"""Lists of the protocol: journal, stations that knocked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.views import list_view
from stations.hardware.models import Station
from stations.hardware.views import STATIONS
from stations.ocpp.bulk import FORGET_KNOCKS, SEND_COMMAND
from stations.ocpp.filters import FrameFilter, KnockFilter
from stations.ocpp.journal import frames, oldest_frame, session_frames
from stations.ocpp.knocks import forget, knocks
from stations.ocpp.knocks import in_words as knock_in_words
from stations.ocpp.models import FrameJournal
from stations.ocpp.rows import frame_rows
from stations.ocpp.tables import FrameTable, KnockTable
from stations.sessions.page import find_session, live_context

RAW_LIMIT = 500


def _operator(request: HttpRequest) -> Any:
    return operator_of(request)


def _frames(request: HttpRequest) -> QuerySet[FrameJournal]:
    station = Station.objects.filter(pk=OuterRef("station_id"))
    took = ExpressionWrapper(F("answered_at") - F("received_at"), output_field=DurationField())
    return frames(_operator(request).pk).annotate(
        station_name=Subquery(station.values("name")[:1]),
        station_public_id=Subquery(station.values("public_id")[:1]),
        took=took,
    )


FRAMES = ListSpec(
    name="ocpp-journal",
    title=gettext_lazy("OCPP journal"),
    permission=Permission.JOURNAL_VIEW,
    queryset=_frames,
    filterset=FrameFilter,
    table=FrameTable,
    csv=(
        CsvColumn("received_at"),
        CsvColumn("station", "station_name"),
        CsvColumn("station_public_id"),
        CsvColumn("direction"),
        CsvColumn("ocpp_version"),
        CsvColumn("action"),
        CsvColumn("message_id"),
        CsvColumn("request"),
        CsvColumn("answer"),
        CsvColumn("answered_at"),
        CsvColumn("outcome"),
        CsvColumn("error_code"),
        CsvColumn("findings"),
    ),
    empty=EmptyText(
        gettext_lazy("No message yet"),
        gettext_lazy("Every message from and to a station is kept here, secrets masked."),
    ),
    search_hint=gettext_lazy("Text in a message (last 7 days), or correlation id"),
    count_cap=5_000,
    template="stations/ocpp/frame_list.html",
    context=lambda request: {"oldest": oldest_frame(_operator(request).pk)},
)

KNOCKS = ListSpec(
    name="knocks",
    title=gettext_lazy("Stations that knocked"),
    permission=Permission.NETWORK_EDIT,
    queryset=lambda request: knocks(_operator(request)),
    filterset=KnockFilter,
    table=KnockTable,
    csv=(
        CsvColumn("identity"),
        CsvColumn("reason"),
        CsvColumn("reason_text", lambda row: knock_in_words(row.reason), column="reason"),
        CsvColumn("station", "station.name"),
        CsvColumn("attempts"),
        CsvColumn("first_at"),
        CsvColumn("last_at"),
        CsvColumn("remote_address"),
        CsvColumn("subprotocols"),
        CsvColumn("user_agent"),
    ),
    empty=EmptyText(
        gettext_lazy("Nobody has knocked in vain"),
        gettext_lazy("Stations that are refused appear here with the reason."),
    ),
    search_hint=gettext_lazy("Identity or address"),
    bulk=(FORGET_KNOCKS,),
    keys=("pk",),
)

station_list = list_view(replace(STATIONS, bulk=(SEND_COMMAND, *STATIONS.bulk)))
frame_list = list_view(FRAMES)
knock_list = list_view(KNOCKS)


@permission_required(Permission.JOURNAL_VIEW)
@require_safe
def frame_detail(request: HttpRequest, frame_id: int, moment: str) -> HttpResponse:
    """One exchange: call and answer, and what came before and after at the station."""
    try:
        at = datetime.strptime(moment, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError as error:
        raise Http404(_("There is no such message.")) from error
    own = frames(_operator(request).pk)
    frame = own.filter(received_at=at, id=frame_id).first()
    if frame is None:
        raise Http404(_("There is no such message."))
    near = own.filter(
        station_id=frame.station_id,
        received_at__gte=at - timedelta(minutes=2),
        received_at__lte=at + timedelta(minutes=2),
    )
    context = {"row": frame_rows([frame])[0], "near": frame_rows(near[:40])}
    return render(request, "stations/ocpp/frame_detail.html", context)


@permission_required(Permission.JOURNAL_VIEW)
@require_safe
def session_messages(request: HttpRequest, public_id: str) -> HttpResponse:
    """The raw messages that a session came from."""
    session = find_session(public_id)
    start = session.first_received_at
    end = max(session.last_fact_at, session.stopped_at or start) + timedelta(minutes=10)
    found = session_frames(
        session.station, session.ocpp_transaction_id, start, min(end, timezone.now())
    )
    context = live_context(request, session) | {"rows": frame_rows(found[:RAW_LIMIT])}
    return render(request, "stations/ocpp/session_messages.html", context)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def knock_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a knock off the list."""
    knock = get_object_or_404(knocks(_operator(request)), pk=pk)
    if request.method == "POST":
        forget(knock, operator=_operator(request))
        return redirect("knock_list")
    context = {
        "title": _("Forget %(identity)s") % {"identity": knock},
        "consequence": _("The entry leaves the list; the next attempt brings it back."),
        "verb": _("Forget"),
        "cancel_url": "../../",
    }
    return render(request, "confirm.html", context)
