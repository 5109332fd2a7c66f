"""The history of a station: everything that happened to it in one view."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.ui.zones import zone_context
from stations.hardware.page import find_station, station_context
from stations.ocpp.history import KINDS, chosen, moments, oldest


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Statuses, connections, boots, firmware, commands, sessions; filtered by kind, paged by
    time."""
    station = find_station(public_id)
    allows = partial(has_permission, request)
    codes = request.GET.getlist("kind")
    zones = zone_context(request, station.site.time_zone)
    asked = _instant(request.GET.get("before", ""), zones["zone"])
    kinds = chosen(codes, allows)
    rows, older = moments(station, kinds, asked or timezone.now() + timedelta(minutes=1))
    context = station_context(request, station, "history") | zones
    context |= {
        "rows": rows,
        "older": older.isoformat() if older else "",
        "before": asked,
        "oldest": oldest(station, kinds),
        "is_first": not request.GET.get("before"),
        "kinds": [kind for kind in KINDS if allows(kind.permission)],
        "chosen": codes,
    }
    return render(request, "stations/ocpp/station_history.html", context)


def _instant(text: str, zone: tzinfo) -> datetime | None:
    """The instant that ``text`` names, in the zone of the page where it names none; None for
    anything else."""
    try:
        at = parse_datetime(text.replace(" ", "+"))
        return at if at is None or timezone.is_aware(at) else timezone.make_aware(at, zone)
    except (ValueError, OverflowError):
        return None
