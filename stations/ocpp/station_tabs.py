"""Tabs of a station that need the protocol: journal, authorisations, events."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from stations.hardware.page import find_station, station_context
from stations.hardware.tab_views import page_of
from stations.ocpp.filters import FrameFilter
from stations.ocpp.journal import station_frames
from stations.ocpp.models import AuthorisationAttempt, FrameJournal, StationEvent
from stations.ocpp.rows import frame_rows

TAIL_ROWS = 50


@permission_required(Permission.JOURNAL_VIEW)
@require_safe
def station_journal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Messages both ways with their answers; filters in the URL, a live tail on the first page."""
    station = find_station(public_id)
    filters = FrameFilter(request.GET, queryset=station_frames(station), request=request)
    page = page_of(request, filters.qs if filters.is_valid() else FrameJournal.objects.none())
    page.object_list = frame_rows(page.object_list)
    context = station_context(request, station, "journal") | {
        "filter": filters,
        "page": page,
        "journal_topic": f"journal.{station.pk}",
    }
    return render(request, "stations/ocpp/station_journal.html", context)


@permission_required(Permission.JOURNAL_VIEW)
@require_safe
def station_journal_rows(request: HttpRequest, public_id: str) -> HttpResponse:
    """The newest rows that match the filters: the live tail fetches them."""
    station = find_station(public_id)
    filters = FrameFilter(request.GET, queryset=station_frames(station), request=request)
    found: QuerySet[FrameJournal] = (
        filters.qs if filters.is_valid() else FrameJournal.objects.none()
    )
    context = {"rows": frame_rows(found[:TAIL_ROWS]), "station": station}
    return render(request, "stations/ocpp/_frames.html", context)


@permission_required(Permission.SESSION_VIEW)
@require_safe
def station_attempts(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who asked to charge here, and what was answered."""
    station = find_station(public_id)
    attempts = AuthorisationAttempt.objects.filter(station=station).order_by("-at", "-id")
    context = station_context(request, station, "attempts") | {"page": page_of(request, attempts)}
    return render(request, "stations/ocpp/station_attempts.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_events(request: HttpRequest, public_id: str) -> HttpResponse:
    """Security events, firmware and log progress, monitoring, data transfers."""
    station = find_station(public_id)
    events = StationEvent.objects.filter(station=station)
    kinds = sorted(set(events.order_by().values_list("kind", flat=True).distinct()))
    kind = request.GET.get("kind", "")
    if kind:
        events = events.filter(kind=kind)
    context = station_context(request, station, "events") | {
        "page": page_of(request, events.order_by("-received_at", "-id")),
        "kinds": kinds,
        "kind": kind,
    }
    return render(request, "stations/ocpp/station_events.html", context)
