"""Pages of local lists: all of them, one station's, and where they are kept in step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.tenancy.places import current_places
from stations.hardware.models import Station
from stations.hardware.page import find_station, station_context
from stations.hardware.tab_views import page_of
from stations.ocpp.answered_lists import token_of
from stations.ocpp.command_menu import unavailable
from stations.ocpp.lists import settings, sync
from stations.ocpp.lists.forms import ChoiceForm, SendForm, SettingsForm
from stations.ocpp.lists.selectors import local_list_of, local_lists
from stations.ocpp.lists.tables import LocalListFilter, LocalListTable
from stations.ocpp.payloads import member, objects
from stations.sites.models import Site

LOCAL_LISTS = ListSpec(
    name="local-lists",
    title=gettext_lazy("Local lists"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: local_lists(),
    filterset=LocalListFilter,
    table=LocalListTable,
    csv=(
        CsvColumn("station", "station.name"),
        CsvColumn("station_public_id", "station.public_id"),
        CsvColumn("site", "station.site.name"),
        CsvColumn("state", "standing", column="standing"),
        CsvColumn("choice"),
        CsvColumn("version"),
        CsvColumn("reported_version"),
        CsvColumn("held_count"),
        CsvColumn("wanted_count"),
        CsvColumn("left_out_count"),
        CsvColumn("last_update"),
        CsvColumn("last_status"),
        CsvColumn("last_at"),
        CsvColumn("failures"),
        CsvColumn("next_try_at"),
        CsvColumn("unsupported_at"),
    ),
    empty=EmptyText(
        gettext_lazy("No local list yet"),
        gettext_lazy(
            "Stations can hold a list of cards by which they decide without us. Turn on where "
            "these lists are kept in step."
        ),
        "local_list_settings",
        gettext_lazy("Settings"),
        Permission.NETWORK_EDIT,
    ),
    search_hint=gettext_lazy("Station"),
    actions=(
        ListAction(
            gettext_lazy("Settings"),
            "local_list_settings",
            "settings",
            Permission.NETWORK_EDIT,
            False,
        ),
    ),
)

local_list_list = list_view(LOCAL_LISTS)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def local_list_settings(request: HttpRequest) -> HttpResponse:
    """Where local lists are kept in step: for the operator and for each site."""
    sites = list(Site.objects.filter(retired_on=None).order_by("name", "id"))
    form = SettingsForm(
        posted(request),
        sites=sites,
        choices=settings.Choices(),
        whole=current_places() is None,
    )
    if request.method == "POST" and form.is_valid():
        operator = operator_of(request)
        if attempt(form, lambda: _choose(operator, form)):
            messages.success(request, _("The settings of local lists have been changed."))
            return redirect("local_list_list")
    return render(request, "stations/ocpp/local_list_settings.html", {"form": form})


@transaction.atomic
def _choose(operator: Any, form: SettingsForm) -> bool:
    reason = form.cleaned_data["reason"]
    if "is_enabled" in form.fields:
        settings.choose_for_operator(
            operator=operator, is_enabled=form.cleaned_data["is_enabled"], reason=reason
        )
    for site in form.sites:
        settings.choose_for_site(site=site, is_enabled=form.of_site(site), reason=reason)
    return True


def _panel(request: HttpRequest, station: Station) -> dict[str, Any]:
    kept = local_list_of(station)
    choices = settings.Choices()
    return {
        "station": station,
        "list": kept,
        "is_kept": choices.is_enabled(station, kept.choice),
        "unavailable": unavailable(station),
        "may_send": has_permission(request, Permission.COMMAND_SEND),
        "may_clear": has_permission(request, Permission.COMMAND_DANGEROUS),
        "may_choose": has_permission(request, Permission.NETWORK_EDIT),
    }


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_local_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the station holds, what it should hold, and what came of the last update."""
    station = find_station(public_id)
    panel = _panel(request, station)
    shows_tokens = has_permission(request, Permission.TOKEN_VIEW)
    entries = objects(panel["list"].entries) if shows_tokens else []
    page = page_of(request, entries)
    page.object_list = [_entry(entry) for entry in page.object_list]
    context = station_context(request, station, "local_list") | panel
    context |= {"page": page, "shows_tokens": shows_tokens}
    return render(request, "stations/ocpp/station_local_list.html", context)


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of either version as the page shows it."""
    info = entry.get("idTagInfo") or entry.get("idTokenInfo") or {}
    return {
        "token": token_of(entry),
        "status": member(info, "status"),
        "expires": member(info, "expiryDate") or member(info, "cacheExpiryDateTime"),
        "group": member(info, "parentIdTag") or member(info, "groupIdToken", "idToken"),
    }


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_local_list_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """The facts alone, fetched again when something changed."""
    context = _panel(request, find_station(public_id))
    return render(request, "stations/ocpp/_local_list.html", context)


@permission_required(Permission.COMMAND_SEND)
@require_http_methods(["GET", "POST"])
def station_local_list_send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send what has changed or the whole list now, or ask for the version."""
    station = find_station(public_id)
    form = SendForm(posted(request), initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _send(request, station, form.cleaned_data))
        if done is not None:
            return done
    return _confirm(
        request,
        station,
        form,
        title=_("Send the local list to %(station)s"),
        consequence=_(
            "The station decides by this list when it has no contact with us, or always, as it "
            "is set."
        ),
        verb=_("Send"),
    )


def _send(request: HttpRequest, station: Station, data: dict[str, Any]) -> HttpResponse:
    if data["update"] == "version":
        sync.ask_version(station, reason=data["reason"])
        messages.success(request, _("The station is asked for its version."))
    elif sync.send_now(station, update=data["update"], reason=data["reason"]):
        messages.success(request, _("The list is on its way."))
    else:
        messages.info(request, _("The list is as it should be already; nothing was sent."))
    return redirect("station_local_list_state", public_id=station.public_id)


@permission_required(Permission.COMMAND_DANGEROUS)
@require_http_methods(["GET", "POST"])
def station_local_list_clear(request: HttpRequest, public_id: str) -> HttpResponse:
    """Empty the list in the station."""
    station = find_station(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: sync.clear(station, reason=reason)) is not None:
            messages.success(request, _("The station is told to empty its list."))
            return redirect("station_local_list_state", public_id=public_id)
    return _confirm(
        request,
        station,
        form,
        title=_("Empty the local list of %(station)s"),
        consequence=_(
            "No card can charge there while the station has no contact with us, unless it is "
            "set to let unknown cards charge. The list is left alone from now on."
        ),
        verb=_("Empty it"),
    )


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def station_local_list_choice(request: HttpRequest, public_id: str) -> HttpResponse:
    """Turn keeping in step on or off for one station."""
    station = find_station(public_id)
    form = ChoiceForm(posted(request), initial={"choice": local_list_of(station).choice})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        changed = attempt(
            form,
            lambda: settings.choose_for_station(
                station=station, choice=data["choice"], reason=data["reason"]
            ),
        )
        if changed is not None:
            messages.success(request, _("The setting has been changed."))
            return redirect("station_local_list_state", public_id=public_id)
    return _confirm(
        request,
        station,
        form,
        title=_("Keep the local list of %(station)s in step"),
        consequence=_(
            "A list that is kept in step follows every change of a card within seconds. One "
            "that is left alone stays as it is in the station."
        ),
        verb=_("Save"),
    )


def _confirm(
    request: HttpRequest, station: Station, form: Any, *, title: str, consequence: str, verb: str
) -> HttpResponse:
    context = {
        "title": title % {"station": station},
        "consequence": consequence,
        "verb": verb,
        "form": form,
        "cancel_url": reverse("station_local_list_state", args=[station.public_id]),
    }
    return render(request, "confirm.html", context)
