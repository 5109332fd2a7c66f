"""The operator home: tiles, what needs attention, map with its list, and their fragments."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.attention.sources import concerns, counted
from core.status_words import status_word
from portal.dashboard.overview import Place, places, tiles

MOST_CONCERNS: Final = 6


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The whole network at a glance."""
    context = _tiles(request) | _attention(request) | _places()
    return render(request, "dashboard/home.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def home_tiles(request: HttpRequest) -> HttpResponse:
    """The tiles, fetched again when something changed."""
    return render(request, "dashboard/_tiles.html", _tiles(request))


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def home_attention(request: HttpRequest) -> HttpResponse:
    """The first of what needs attention, fetched again when something changed."""
    return render(request, "dashboard/_attention.html", _attention(request))


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def home_places(request: HttpRequest) -> HttpResponse:
    """The list beside the map with the map's data, fetched again when something changed."""
    return render(request, "dashboard/_places.html", _places())


def _tiles(request: HttpRequest) -> dict[str, Any]:
    operator = request.operator  # type: ignore[attr-defined]
    may_edit = has_permission(request, Permission.NETWORK_EDIT)
    return {"tiles": tiles(operator, with_knocks=may_edit)}


def _attention(request: HttpRequest) -> dict[str, Any]:
    found = concerns(partial(has_permission, request), timezone.now())
    return {
        "concerns": found[:MOST_CONCERNS],
        "concern_count": len(found),
        "reasons": counted(found),
    }


def _places() -> dict[str, Any]:
    found = places()
    return {
        "places": found,
        "markers": [marker for place in found if (marker := _marker(place))],
        "map_tile_url": settings.MAP_TILE_URL,
    }


def _marker(place: Place) -> dict[str, Any] | None:
    if place.latitude is None or place.longitude is None:
        return None
    word = status_word(place.state)
    return {
        "id": place.public_id,
        "name": place.name,
        "latitude": float(place.latitude),
        "longitude": float(place.longitude),
        "url": place.url,
        "tone": word.tone,
        "icon": word.icon,
        "word": str(word.word),
        "note": _("%(free)d of %(all)d available") % {"free": place.available, "all": place.evses},
    }
