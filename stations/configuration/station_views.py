"""A station's tab of its configuration: desired, actual, one value, and its history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from stations.commands.masking import is_secret_key
from stations.configuration import services
from stations.configuration.forms import KeyForm, ValueForm
from stations.configuration.models import DesiredValue, DriftState
from stations.configuration.selectors import changes, desired_values
from stations.configuration.single import send_value
from stations.configuration.words import explained
from stations.hardware.models import DeviceVariable, Station
from stations.hardware.page import find_station, station_context
from stations.hardware.selectors import variables
from stations.hardware.tab_views import page_of
from stations.ocpp.command_menu import unavailable


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {
        "may_keep": has_permission(request, Permission.NETWORK_EDIT),
        "may_set": has_permission(request, Permission.COMMAND_DANGEROUS),
    }


def _desired_rows(station: Station) -> list[tuple[DesiredValue, str]]:
    return [(row, explained(row)) for row in desired_values(station)]


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_configuration(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the station should be set to, and everything that it last told."""
    station = find_station(public_id)
    rows = variables(station)
    text = request.GET.get("q", "").replace("\x00", "").strip()
    if text:
        rows = rows.filter(
            Q(component__icontains=text) | Q(variable__icontains=text) | Q(value__icontains=text)
        )
    desired = _desired_rows(station)
    context = station_context(request, station, "configuration") | _rights(request)
    context |= {
        "desired": desired,
        "out_of_step": sum(row.state != DriftState.IN_STEP for row, _words in desired),
        "page": page_of(request, rows),
        "q": text,
    }
    return render(request, "stations/configuration/station_configuration.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_configuration_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """Desired values alone, fetched again when something changed."""
    station = find_station(public_id)
    context = {"station": station, "desired": _desired_rows(station)} | _rights(request)
    return render(request, "stations/configuration/_desired.html", context)


@permission_required(Permission.COMMAND_DANGEROUS)
@require_http_methods(["GET", "POST"])
def station_configuration_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Set one value: sent now, kept as desired, or both."""
    station = find_station(public_id)
    key = request.GET.get("key", "").replace("\x00", "").strip()
    form = ValueForm(
        posted(request),
        initial={"key": key, "value": _present(station, key)},
        may_keep=has_permission(request, Permission.NETWORK_EDIT),
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _set(request, station, form.cleaned_data))
        if done is not None:
            return done
    context = station_context(request, station, "configuration") | {
        "form": form,
        "key": key,
        "unavailable": unavailable(station),
    }
    return render(request, "stations/configuration/station_value.html", context)


def _present(station: Station, key: str) -> str:
    """What the value is now, so that it need not be typed again."""
    if not key or is_secret_key(key):
        return ""
    row = desired_values(station).filter(key__iexact=key).first()
    if row is not None:
        return row.value
    name = key.rpartition(".")[2].partition("[")[0]
    found: DeviceVariable | None = next(
        (
            row
            for row in variables(station).filter(
                Q(variable__iexact=name) | Q(variable__iexact=key), attribute="Actual"
            )
            if row.key.casefold() == key.casefold()
        ),
        None,
    )
    return (found.value or "") if found else ""


def _set(request: HttpRequest, station: Station, data: dict[str, Any]) -> HttpResponse:
    done = send_value(
        station=station,
        key=data["key"],
        value=data["value"],
        reason=data["reason"],
        keep=data.get("keep", False),
        send_now=data["send"],
    )
    if done is not None:
        return redirect("command_detail", public_id=done.public_id)
    messages.success(request, _("The desired value has been kept."))
    return redirect("station_configuration", public_id=station.public_id)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def station_configuration_own(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give up the station's own value of a key, with a reason."""
    station = find_station(public_id)
    form = KeyForm(posted(request), initial={"key": request.GET.get("key", "")})
    home = reverse("station_configuration", args=[public_id])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        removed = attempt(
            form,
            lambda: (
                services.remove_override(station=station, key=data["key"], reason=data["reason"])
                or True
            ),
        )
        if removed:
            messages.success(request, _("Templates decide about this key again."))
            return redirect(home)
    context = {
        "title": _("Give up the own value of %(station)s") % {"station": station},
        "consequence": _(
            "Templates and built-in defaults decide about the key again. The station keeps the "
            "value that it has until it is set anew."
        ),
        "verb": _("Give up"),
        "form": form,
        "cancel_url": home,
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_configuration_history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every value that the station's keys took, and how it is known."""
    station = find_station(public_id)
    key = request.GET.get("key", "").replace("\x00", "").strip()
    context = station_context(request, station, "configuration") | {
        "page": page_of(request, changes(station, key)),
        "key": key,
    }
    return render(request, "stations/configuration/station_history.html", context)
