"""The operator home: tiles, what needs attention, map with its list, and their fragments."""

from __future__ import annotations

from collections import Counter
from functools import partial, wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.accounts.decorators import View, permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.attention.sources import overview
from core.operators.steps import Step, steps
from core.status_words import status_word
from customers.selfservice.customer import portals_of
from portal.dashboard.overview import (
    FleetCounts,
    Place,
    StateCounts,
    fleet_counts,
    places,
    state_counts,
    tiles,
)
from stations.hardware.severity import rank

MOST_CONCERNS: Final = 6


def _own_homes(view: View) -> View:
    """Lead hosts and boards, technicians of partners, and people who are customers alone, to
    their own homes."""

    @wraps(view)
    def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_host = has_permission(request, Permission.HOST_VIEW)
        if is_host and not has_permission(request, Permission.NETWORK_VIEW):
            return redirect("host_home")
        if has_permission(request, Permission.ORDER_WORK) and not has_permission(
            request, Permission.NETWORK_VIEW
        ):
            return redirect("field_list")
        user, is_member = request.user, getattr(request, "membership", None) is not None
        if not is_member and isinstance(user, User) and portals_of(user):
            return redirect("my_portals")
        return view(request, *args, **kwargs)

    return chosen


@_own_homes
@permission_required(Permission.NETWORK_VIEW)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The whole network at a glance."""
    counts, fleet = state_counts(), fleet_counts()
    context = _tiles(request, counts, fleet) | _attention(request)
    context |= _places(request, counts, fleet)
    context["steps"] = _steps(request)
    return render(request, "dashboard/home.html", context)


def _steps(request: HttpRequest) -> list[Step]:
    """What the owner has still to do; nothing when all is done, or for others."""
    if not has_permission(request, Permission.OPERATOR_EDIT):
        return []
    found = steps(operator_of(request))
    return found if any(not step.is_done for step in found) else []


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def home_tiles(request: HttpRequest) -> HttpResponse:
    """The tiles, fetched again when something changed."""
    context = _tiles(request, state_counts(), fleet_counts())
    return render(request, "dashboard/_tiles.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def home_attention(request: HttpRequest) -> HttpResponse:
    """The first of what needs attention, fetched again when something changed."""
    return render(request, "dashboard/_attention.html", _attention(request))


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def home_places(request: HttpRequest) -> HttpResponse:
    """The list beside the map with the map's data, fetched again when something changed."""
    context = _places(request, state_counts(), fleet_counts())
    return render(request, "dashboard/_places.html", context)


def _tiles(request: HttpRequest, counts: StateCounts, fleet: FleetCounts) -> dict[str, Any]:
    operator = operator_of(request)
    may_edit = has_permission(request, Permission.NETWORK_EDIT)
    return {"tiles": tiles(operator, counts, fleet, with_knocks=may_edit)}


def _attention(request: HttpRequest) -> dict[str, Any]:
    found = overview(partial(has_permission, request), timezone.now(), MOST_CONCERNS)
    return {"concerns": found.first, "concern_count": found.count, "reasons": found.reasons}


def _places(request: HttpRequest, counts: StateCounts, fleet: FleetCounts) -> dict[str, Any]:
    """Sites of the state that the address asks for; all when there is none of it."""
    every = places(counts, fleet)
    states = Counter(place.state for place in every)
    state = request.GET.get("state", "")
    found = [place for place in every if place.state == state] or every
    return {
        "places": found,
        "state": state if states[state] else "",
        "states": sorted(states.items(), key=lambda pair: rank(pair[0])),
        "place_count": len(every),
        "markers": [marker for place in found if (marker := _marker(place))],
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
        "note": place.note,
    }
