"""Waiting for the first connection of a station: a page that turns green by itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from stations.hardware.models import Station
from stations.hardware.page import find_station, station_context
from stations.ocpp.knocks import cure, in_words
from stations.onboarding import services
from stations.onboarding.simulating import simulate_line
from stations.onboarding.waiting import progress


@permission_required(Permission.NETWORK_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def station_waiting(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the station has to be told, and how far it has come; POST: its password was seen."""
    station = find_station(public_id)
    if request.method == "POST":
        if has_permission(request, Permission.NETWORK_EDIT):
            services.forget_secret(station=station)
        return redirect("station_waiting", public_id=public_id)
    context = _context(request, station) | {
        "address": f"{settings.BRIDGE_PUBLIC_URL}/{station.identity}",
        "simulate": simulate_line(
            station.identity, "PASSWORD" if station.password_digest else "", _version(station)
        ),
    }
    return render(request, "stations/onboarding/waiting.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_waiting_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """The part that changes, fetched again when something happened."""
    context = _context(request, find_station(public_id))
    return render(request, "stations/onboarding/_progress.html", context)


def _context(request: HttpRequest, station: Station) -> dict[str, Any]:
    state = progress(station, operator_of(request))
    told = [(one, in_words(one.reason), cure(one.reason)) for one in state.knocks]
    return station_context(request, station, "") | {"progress": state, "told": told}


def _version(station: Station) -> str:
    draft = getattr(station, "draft", None)
    if draft is not None and draft.values.get("version"):
        return str(draft.values["version"])
    model = station.hardware_model
    return (model.ocpp_version if model else "") or "1.6"
