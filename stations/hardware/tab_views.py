"""Tabs of a station that need hardware alone: status history, connections, audit trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.audit.models import AuditEntry
from stations.hardware.history import timeline
from stations.hardware.page import find_station, station_context
from stations.hardware.selectors import connection_journal, status_journal

PERIODS: Final = {"1": 1, "7": 7, "30": 30}
PAGE_SIZE: Final = 50


def page_of(request: HttpRequest, rows: Any) -> Any:
    """The page that the query names; the nearest one when there is no such page."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def period_days(request: HttpRequest) -> int:
    """Days back that the query names; a week unless it names another choice."""
    return PERIODS.get(request.GET.get("days", ""), 7)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_status(request: HttpRequest, public_id: str) -> HttpResponse:
    """Statuses over time, as a chart and as they were reported."""
    station = find_station(public_id)
    days = period_days(request)
    end: datetime = timezone.now()
    start = end - timedelta(days=days)
    entries = status_journal(station).filter(received_at__gte=start)
    context = station_context(request, station, "status") | {
        "lanes": timeline(station, start, end),
        "start": start,
        "end": end,
        "days": days,
        "periods": list(PERIODS.values()),
        "page": page_of(request, entries),
    }
    return render(request, "stations/hardware/station_status.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_connections(request: HttpRequest, public_id: str) -> HttpResponse:
    """When the station connected and was lost."""
    station = find_station(public_id)
    context = station_context(request, station, "connections") | {
        "page": page_of(request, connection_journal(station)),
    }
    return render(request, "stations/hardware/station_connections.html", context)


@permission_required(Permission.AUDIT_VIEW)
@require_safe
def station_audit(request: HttpRequest, public_id: str) -> HttpResponse:
    """What people and the system changed about the station."""
    station = find_station(public_id)
    entries = AuditEntry.objects.filter(
        object_type=station._meta.label_lower, object_id=str(station.pk)
    ).order_by("-at", "-id")
    context = station_context(request, station, "audit") | {"page": page_of(request, entries)}
    return render(request, "stations/hardware/station_audit.html", context)
