"""Pages of an EVSE: what it is, adding and changing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from core.stale import StaleCheck
from stations.hardware import evses
from stations.hardware.evse_forms import EvseForm
from stations.hardware.evse_words import disclosed
from stations.hardware.models import Evse, Station
from stations.hardware.page import find_station, station_context


def find_evse(station: Station, number: int) -> Evse:
    """The EVSE of a station with its connectors; 404 when there is none."""
    queryset = Evse.objects.select_related("station__site", "station__operator").prefetch_related(
        "connectors"
    )
    evse: Evse = get_object_or_404(queryset, station=station, number=number)
    return evse


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def evse_detail(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Everything that is known of an EVSE."""
    station = find_station(public_id)
    evse = find_evse(station, number)
    context = station_context(request, station, "") | {
        "evse": evse,
        "connectors": sorted(evse.connectors.all(), key=lambda one: one.number),
        "disclosed": disclosed(evse),
        "proposed_id": ""
        if evse.public_id
        else evses.propose_public_id(station=station, number=number),
    }
    return render(request, "stations/hardware/evse_detail.html", context)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def evse_create(request: HttpRequest, public_id: str) -> HttpResponse:
    """An EVSE with one connector, before the station reports it."""
    station = find_station(public_id)
    next_number = max(station.evses.values_list("number", flat=True), default=0) + 1
    proposed = evses.propose_public_id(station=station, number=next_number)
    form = EvseForm(posted(request), station=station, evse=None, proposed_id=proposed)
    if request.method == "POST" and form.is_valid():
        evse = attempt(form, lambda: _create(station, form))
        if evse is not None:
            messages.success(request, _("The EVSE has been added."))
            return redirect("evse_edit", public_id=public_id, number=evse.number)
    return _page(request, station, {"form": form, "evse": None})


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def evse_edit(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Change an EVSE with its connectors; saving confirms what the station reported."""
    station = find_station(public_id)
    evse = find_evse(station, number)
    form = EvseForm(posted(request), station=station, evse=evse)
    check = StaleCheck(request, form, [evse, *form.connectors])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(evse, form, changes):
            messages.success(request, _("The EVSE has been changed."))
            return redirect("evse_detail", public_id=public_id, number=number)
    return _page(request, station, {"form": form, "evse": evse} | check.context())


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def evse_public_id(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Give an EVSE without a public id the next free one; a second submit changes nothing."""
    station = find_station(public_id)
    evse = find_evse(station, number)
    if request.method == "POST":
        if evse.public_id is None:
            evse = evses.give_public_id(evse=evse)
            messages.success(request, _("The EVSE is now %(id)s.") % {"id": evse.public_id})
        return redirect("evse_detail", public_id=public_id, number=number)
    proposed = evse.public_id or evses.propose_public_id(station=station, number=number)
    context = {
        "title": _("Give the EVSE the id %(id)s") % {"id": proposed},
        "consequence": _("It can be changed until somebody has charged under it."),
        "verb": _("Give it this id"),
        "cancel_url": "../",
    }
    return render(request, "confirm.html", context)


@transaction.atomic
def _create(station: Station, form: EvseForm) -> Evse:
    evse = evses.create_evse(station=station, **form.values(form.cleaned_data))
    evses.create_connector(evse=evse, number=1)
    return evse


def _change(evse: Evse, form: EvseForm, changes: dict[str, Any]) -> bool:
    return attempt(form, lambda: _apply(evse, form, changes)) is not None


@transaction.atomic
def _apply(evse: Evse, form: EvseForm, changes: dict[str, Any]) -> Evse:
    changed = evses.change_evse(evse=evse, **form.values(changes))
    for connector, values in form.connector_changes(changes):
        evses.change_connector(connector=connector, **values)
    return changed


def _page(request: HttpRequest, station: Station, more: dict[str, Any]) -> HttpResponse:
    context = station_context(request, station, "") | more
    return render(request, "stations/hardware/evse_form.html", context)
