"""Adding an EVSE to a station; confirming and changing one."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from stations.hardware import evses
from stations.hardware.evse_forms import EvseForm
from stations.hardware.models import Evse, Station
from stations.hardware.page import find_station, station_context


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def evse_create(request: HttpRequest, public_id: str) -> HttpResponse:
    """An EVSE with one connector, before the station reports it."""
    station = find_station(public_id)
    form = EvseForm(posted(request), station=station, evse=None)
    if request.method == "POST" and form.is_valid():
        evse = attempt(form, lambda: _create(station, form))
        if evse is not None:
            messages.success(request, _("The EVSE has been added."))
            return redirect("evse_edit", public_id=public_id, number=evse.number)
    return _page(request, station, form, None)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def evse_edit(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Public id, power and connector types; saving confirms what the station reported."""
    station = find_station(public_id)
    queryset = Evse.objects.select_related("station").prefetch_related("connectors")
    evse: Evse = get_object_or_404(queryset, station=station, number=number)
    form = EvseForm(posted(request), station=station, evse=evse)
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, lambda: _change(evse, form))
        if changed is not None:
            messages.success(request, _("The EVSE has been changed."))
            return redirect("station_detail", public_id=public_id)
    return _page(request, station, form, evse)


@transaction.atomic
def _create(station: Station, form: EvseForm) -> Evse:
    evse = evses.create_evse(station=station, **form.values())
    evses.create_connector(evse=evse, number=1)
    return evse


@transaction.atomic
def _change(evse: Evse, form: EvseForm) -> Evse:
    changed = evses.change_evse(evse=evse, **form.values())
    for connector, kind in form.types():
        evses.change_connector(connector=connector, connector_type=kind)
    return changed


def _page(
    request: HttpRequest, station: Station, form: EvseForm, evse: Evse | None
) -> HttpResponse:
    context = station_context(request, station, "") | {"form": form, "evse": evse}
    return render(request, "stations/hardware/evse_form.html", context)
