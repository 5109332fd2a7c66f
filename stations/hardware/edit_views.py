"""Changing and retiring a station; giving it a new password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.stale import StaleCheck
from core.undo import tell_done
from stations.hardware import services
from stations.hardware.forms import StationForm
from stations.hardware.models import Station
from stations.hardware.page import find_station, station_context


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def station_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a station's own fields."""
    station = find_station(public_id)
    form = StationForm(posted(request), instance=find_station(public_id))
    check = StaleCheck(request, form, [station])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(station, form, changes):
            messages.success(request, _("The station has been changed."))
            return redirect("station_detail", public_id=public_id)
    context = station_context(request, station, "") | {"form": form} | check.context()
    return render(request, "stations/hardware/station_form.html", context)


def _change(station: Station, form: StationForm, changes: dict[str, Any]) -> bool:
    changed = attempt(form, lambda: services.change_station(station=station, **changes))
    return changed is not None


@permission_required(Permission.NETWORK_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def station_password(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask why, then show a new password once."""
    station = find_station(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        secret = attempt(form, lambda: services.set_password(station=station, reason=reason))
        if secret is not None:
            return _secret(request, station, secret)
    context = {
        "title": _("New password for %(station)s") % {"station": station},
        "consequence": _(
            "The present password stops working at the station's next connection. "
            "The new one is shown once and must be entered in the station."
        ),
        "verb": _("Make a new password"),
        "form": form,
        "cancel_url": _home(station),
    }
    return render(request, "confirm.html", context)


def _secret(request: HttpRequest, station: Station, secret: str) -> HttpResponse:
    context = station_context(request, station, "") | {
        "secret": secret,
        "address": f"{settings.BRIDGE_PUBLIC_URL}/{station.identity}",
    }
    return render(request, "stations/hardware/station_secret.html", context)


@permission_required(Permission.NETWORK_EDIT)
@require_POST
def station_hands_off(request: HttpRequest, public_id: str) -> HttpResponse:
    """Turn the hands-off switch; ``hands_off`` is 1 or 0."""
    station = find_station(public_id)
    wanted = request.POST.get("hands_off") == "1"
    services.change_station(station=station, hands_off=wanted)
    tell_done(
        request,
        _("Hands off: the portal sends this station nothing of its own.")
        if wanted
        else _("Hands on again: the portal configures this station by itself."),
        undo=request.path,
        values={"hands_off": "0" if wanted else "1"},
    )
    return redirect("station_detail", public_id=public_id)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def station_retire(request: HttpRequest, public_id: str) -> HttpResponse:
    """Retire a station, or take it back into use, with a reason."""
    station = find_station(public_id)
    retires = station.retired_on is None
    change = services.retire_station if retires else services.reinstate_station
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: change(station=station, reason=reason)) is not None:
            messages.success(
                request,
                _("The station has been retired.")
                if retires
                else _("The station is in use again."),
            )
            return redirect("station_detail", public_id=public_id)
    return render(request, "confirm.html", _retire_context(station, form, retires))


def _retire_context(station: Station, form: ReasonForm, retires: bool) -> dict[str, Any]:
    if retires:
        title = _("Retire %(station)s")
        consequence = _(
            "The station is refused at its next connection and leaves the map, the tiles and "
            "the lists. Its sessions and journals stay. It can be taken back into use."
        )
        verb = _("Retire")
    else:
        title = _("Take %(station)s back into use")
        consequence = _("The station and its EVSEs may connect and charge again.")
        verb = _("Take back into use")
    return {
        "title": title % {"station": station},
        "consequence": consequence,
        "verb": verb,
        "form": form,
        "cancel_url": _home(station),
    }


def _home(station: Station) -> str:
    return reverse("station_detail", args=[station.public_id])
