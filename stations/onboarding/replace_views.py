"""Pages of the hardware behind a station: its units, replacing one, and where old ones are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.catalogue.selectors import explained_quirks
from stations.hardware.models import Station
from stations.hardware.page import find_station, station_context
from stations.hardware.unit_models import HardwareUnit, UnitFate
from stations.onboarding import replacing
from stations.onboarding.simulating import simulate_line
from stations.onboarding.waiting import expected_since


class ReplaceForm(ReasonForm):
    """The new unit, and where the old one goes. ``units`` is how many were removed when asked."""

    identity = forms.CharField(
        label=gettext_lazy("Socket identity of the new unit"),
        max_length=48,
        help_text=gettext_lazy("May stay the same; a new one lets an old unit be told apart."),
    )
    serial_number = forms.CharField(
        label=gettext_lazy("Serial number"), max_length=64, required=False
    )
    hardware_model: Any = forms.ModelChoiceField(
        queryset=None,
        required=False,
        to_field_name="public_id",
        label=gettext_lazy("Model"),
        empty_label=gettext_lazy("Not in the catalogue"),
    )
    fate = forms.ChoiceField(label=gettext_lazy("The old unit goes"), choices=UnitFate.choices)
    units = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("identity", "serial_number", "hardware_model", "fate", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models = HardwareModel.objects.filter(retired_on=None)
        self.fields["hardware_model"].queryset = models  # type: ignore[attr-defined]  # a field of rows


class MoveForm(ReasonForm):
    """Where a removed unit is now."""

    fate = forms.ChoiceField(label=gettext_lazy("Now"), choices=UnitFate.choices)
    field_order = ("fate", "reason")


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_hardware(request: HttpRequest, public_id: str) -> HttpResponse:
    """The unit that serves now, what its model gets wrong, and the units before it."""
    station = find_station(public_id)
    context = station_context(request, station, "hardware") | {
        "units": list(station.units.order_by("-removed_at", "-id")),
        "installed_at": expected_since(station),
        "quirks": explained_quirks(station),
    }
    return render(request, "stations/onboarding/station_hardware.html", context)


@permission_required(Permission.NETWORK_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def station_replace(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another unit behind the same EVSE ids and history; its password is shown once."""
    station = find_station(public_id)
    removed = station.units.count()
    form = ReplaceForm(posted(request), initial={"units": removed})
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data}
        if values.pop("units") != removed:
            messages.info(request, _("The station has been replaced already."))
            return redirect("station_waiting", public_id=public_id)
        made = attempt(form, lambda: replacing.replace_station(station=station, **values))
        if made is not None:
            return _made(request, public_id, made[1])
    context = station_context(request, station, "hardware") | {"form": form}
    return render(request, "stations/onboarding/station_replace.html", context)


def _made(request: HttpRequest, public_id: str, secret: str) -> HttpResponse:
    station: Station = find_station(public_id)
    context = station_context(request, station, "") | {
        "secret": secret,
        "address": f"{settings.BRIDGE_PUBLIC_URL}/{station.identity}",
        "simulate": simulate_line(station.identity, secret, "1.6"),
    }
    return render(request, "stations/onboarding/step_done.html", context)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def unit_move(request: HttpRequest, public_id: str, unit: int) -> HttpResponse:
    """Say where a removed unit is now, with a reason."""
    station = find_station(public_id)
    row: HardwareUnit = get_object_or_404(HardwareUnit.objects.filter(station=station), pk=unit)
    form = MoveForm(posted(request), initial={"fate": row.fate})
    home = reverse("station_hardware", args=[public_id])
    if request.method == "POST" and form.is_valid():
        replacing.move_unit(unit=row, **form.cleaned_data)
        messages.success(request, _("Noted."))
        return redirect(home)
    context = {
        "title": _("Where is %(unit)s now?") % {"unit": row},
        "consequence": _("Kept in the history of the station."),
        "verb": _("Save"),
        "form": form,
        "cancel_url": home,
    }
    return render(request, "confirm.html", context)
