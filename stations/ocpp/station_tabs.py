"""Tabs of a station that need the protocol: journal, authorisations, events."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.ui.zones import zone_context
from stations.hardware.models import Station
from stations.hardware.page import find_station, station_context
from stations.hardware.tab_views import page_of
from stations.ocpp.filters import StationFrameFilter
from stations.ocpp.journal import station_frames
from stations.ocpp.models import AuthorisationAttempt, StationEvent
from stations.ocpp.rows import frame_rows

TAIL_ROWS = 50


def _filtered(request: HttpRequest, station: Station) -> StationFrameFilter:
    return StationFrameFilter(request.GET, queryset=station_frames(station), request=request)


def _tail_url(request: HttpRequest, station: Station) -> str:
    """The live tail with the filters of the page."""
    query = request.GET.copy()
    for name in ("page", "live"):
        query.pop(name, None)
    address = reverse("station_journal_rows", args=[station.public_id])
    return f"{address}?{query.urlencode()}" if query else address


def _csv_url(request: HttpRequest, station: Station) -> str:
    """The same rows as CSV: the list of all stations has the same filters."""
    query = request.GET.copy()
    for name in ("page", "live"):
        query.pop(name, None)
    query["station"], query["format"] = station.public_id, "csv"
    return f"{reverse('frame_list')}?{query.urlencode()}"


@permission_required(Permission.JOURNAL_VIEW)
@require_safe
def station_journal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Messages both ways with their answers; filters in the URL; ``live=1`` follows."""
    station = find_station(public_id)
    filters = _filtered(request, station)
    page = page_of(request, filters.result)
    page.object_list = frame_rows(page.object_list)
    context = station_context(request, station, "journal") | {
        "filter": filters,
        "page": page,
        "live": request.GET.get("live") == "1",
        "tail_url": _tail_url(request, station),
        "csv_url": _csv_url(request, station),
    }
    context |= zone_context(request, station.site.time_zone)
    return render(request, "stations/ocpp/station_journal.html", context)


@permission_required(Permission.JOURNAL_VIEW)
@require_safe
def station_journal_rows(request: HttpRequest, public_id: str) -> HttpResponse:
    """The newest rows that match the filters: the live tail fetches them."""
    station = find_station(public_id)
    found = _filtered(request, station).result[:TAIL_ROWS]
    context = {
        "rows": frame_rows(found),
        "station": station,
        "tail_url": _tail_url(request, station),
    } | zone_context(request, station.site.time_zone)
    return render(request, "stations/ocpp/_journal_tail.html", context)


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
