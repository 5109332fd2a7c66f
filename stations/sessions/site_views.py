"""The page of a site: where it is, its stations and what happens there."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.status_words import status_word
from stations.hardware.fleet import evses, stations
from stations.hardware.severity import marker
from stations.sessions.models import SessionState
from stations.sessions.views import sessions
from stations.sites.models import Site
from stations.sites.page import hours_context
from stations.sites.panels import site_panels


def _live(site: Site) -> dict[str, Any]:
    """Stations with their state, and sums over the site; four queries."""
    rows = list(stations().filter(site=site, retired_on=None).order_by("name", "id"))
    own_evses = list(evses().filter(station__site=site))
    active = sessions().filter(station__site=site, state=SessionState.ACTIVE)
    offline = sum(row.is_away for row in rows)
    return {
        "site": site,
        "stations": rows,
        "offline": offline,
        "state": marker((evse.status for evse in own_evses), offline_stations=offline),
        "evse_count": len(own_evses),
        "available": sum(evse.status == "available" for evse in own_evses),
        "capacity_w": sum(evse.max_power_w or 0 for evse in own_evses),
        "charging": active.count(),
        "power_w": active.aggregate(sum=Sum("power_w", default=0))["sum"],
    }


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def site_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything about one place."""
    site: Site = get_object_or_404(Site.objects.all(), public_id=public_id)
    context = _live(site)
    context |= hours_context(site)
    context |= {
        "sessions": sessions().filter(station__site=site)[:10],
        "panels": site_panels(request, site),
        "markers": _markers(site, context["state"]),
        "can_edit": has_permission(request, Permission.NETWORK_EDIT),
    }
    return render(request, "stations/sites/site_detail.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def site_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sums and stations, fetched again when something changed."""
    site: Site = get_object_or_404(Site.objects.all(), public_id=public_id)
    return render(request, "stations/sites/_site_live.html", _live(site))


def _markers(site: Site, state: str) -> list[dict[str, Any]]:
    if site.latitude is None or site.longitude is None:
        return []
    word = status_word(state)
    return [
        {
            "id": site.public_id,
            "name": site.name,
            "latitude": float(site.latitude),
            "longitude": float(site.longitude),
            "url": "",
            "tone": word.tone,
            "icon": word.icon,
            "word": str(word.word),
        }
    ]
