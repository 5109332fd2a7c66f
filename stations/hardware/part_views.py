"""Adding a connector; taking EVSEs and connectors out of use and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from stations.hardware import evses, retiring
from stations.hardware.evse_forms import ConnectorForm
from stations.hardware.evse_views import find_evse
from stations.hardware.models import Connector, Evse
from stations.hardware.page import find_station, station_context


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def connector_create(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Another connector of an EVSE."""
    station = find_station(public_id)
    evse = find_evse(station, number)
    form = ConnectorForm(posted(request), evse=evse)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: evses.create_connector(evse=evse, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The connector has been added."))
            return redirect("evse_detail", public_id=public_id, number=number)
    context = station_context(request, station, "") | {"form": form, "evse": evse}
    return render(request, "stations/hardware/connector_form.html", context)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def evse_retire(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Take an EVSE out of use, or back, with a reason."""
    evse = find_evse(find_station(public_id), number)
    name = evse.public_id or _("EVSE %(number)s") % {"number": number}
    retires = evse.retired_on is None
    change = retiring.retire_evse if retires else retiring.reinstate_evse
    consequence = _(
        "The EVSE leaves lists, tiles and the map; its sessions and journals stay. "
        "The station itself is told nothing: make it unavailable there by a command."
    )
    return _confirm(
        request, evse, name, retires, consequence, lambda reason: change(evse=evse, reason=reason)
    )


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def connector_retire(
    request: HttpRequest, public_id: str, number: int, connector: int
) -> HttpResponse:
    """Take a connector out of use, or back, with a reason."""
    evse = find_evse(find_station(public_id), number)
    row: Connector = get_object_or_404(Connector.objects.filter(evse=evse), number=connector)
    row.evse = evse
    retires = row.retired_on is None
    change = retiring.retire_connector if retires else retiring.reinstate_connector
    name = _("Connector %(number)s") % {"number": connector}
    consequence = _("Its status counts no more. Its history stays.")
    return _confirm(
        request,
        evse,
        name,
        retires,
        consequence,
        lambda reason: change(connector=row, reason=reason),
    )


def _confirm(
    request: HttpRequest,
    evse: Evse,
    name: str,
    retires: bool,
    consequence: str,
    change: Callable[[str], Any],
) -> HttpResponse:
    form = ReasonForm(posted(request))
    home = reverse("evse_detail", args=[evse.station.public_id, evse.number])
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: change(form.cleaned_data["reason"])) is not None
    ):
        done = _("It has been retired.") if retires else _("It is in use again.")
        messages.success(request, done)
        return redirect(home)
    title = _("Retire %(name)s") if retires else _("Take %(name)s back into use")
    context = {
        "title": title % {"name": name},
        "consequence": consequence if retires else _("It counts in lists, tiles and map again."),
        "verb": _("Retire") if retires else _("Take back into use"),
        "form": form,
        "cancel_url": home,
    }
    return render(request, "confirm.html", context)
