"""The wizard of a new station: site, station, EVSEs; the last step shows the password once."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.evses import propose_new_ids
from stations.hardware.models import Station
from stations.hardware.page import find_station, station_context
from stations.onboarding import services
from stations.onboarding.forms import MOST_EVSES, EvsesStep, SiteStep, StationStep
from stations.onboarding.models import StationDraft
from stations.onboarding.simulating import simulate_line
from stations.sites.models import Site


def find_draft(public_id: str) -> StationDraft:
    """A draft of the operator; 404 when there is none."""
    draft: StationDraft = get_object_or_404(
        StationDraft.objects.select_related("site", "station", "operator"), public_id=public_id
    )
    return draft


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def station_create(request: HttpRequest) -> HttpResponse:
    """First step: where the station stands. ``identity`` comes from a station that knocked."""
    identity = request.GET.get("identity", "")
    chosen = {"identity": identity, "site": request.GET.get("site", "")}
    form = SiteStep(posted(request), initial=chosen)
    if request.method == "POST" and form.is_valid():
        known = form.cleaned_data["identity"]
        draft = services.begin_draft(
            site=form.cleaned_data["site"],
            by=request.user if isinstance(request.user, User) else None,
            values={"identity": known, "name": known} if known else {},
        )
        return redirect("station_draft", draft=draft.public_id)
    context = {"form": form, "step": 1, "identity": identity}
    context["has_sites"] = Site.objects.filter(retired_on=None).exists()
    return render(request, "stations/onboarding/step_site.html", context)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def station_draft(request: HttpRequest, draft: str) -> HttpResponse:
    """Second step: name, model, version, how it proves who it is."""
    row = find_draft(draft)
    form = StationStep(posted(request), initial=row.values or {"name": row.site.name})
    if request.method == "POST" and form.is_valid() and row.station is None:
        values = form.cleaned_data
        if attempt(form, lambda: services.describe_station(draft=row, values=values)) is not None:
            return redirect("station_draft_evses", draft=draft)
    context = {"form": form, "step": 2, "draft": row}
    return render(request, "stations/onboarding/step_station.html", context)


@permission_required(Permission.NETWORK_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def station_draft_evses(request: HttpRequest, draft: str) -> HttpResponse:
    """Third step: EVSEs and connectors; then the station is made and its password shown."""
    row = find_draft(draft)
    model = HardwareModel.objects.filter(public_id=row.values.get("hardware_model") or "").first()
    proposals = propose_new_ids(operator=row.operator, count=MOST_EVSES)
    defaults = list(model.evses) if model else []
    form = EvsesStep(posted(request), proposals=proposals, defaults=defaults)
    resizes = "resize" in request.POST
    if request.method == "POST" and (row.station or (not resizes and form.is_valid())):
        evses = [] if row.station else form.evses()
        made = attempt(form, lambda: services.finish_draft(draft=row, evses=evses))
        if made is not None:
            return _made(request, row, *made)
    context = {"form": form, "step": 3, "draft": row, "model": model}
    return render(request, "stations/onboarding/step_evses.html", context)


def _made(
    request: HttpRequest, draft: StationDraft, station: Station, secret: str | None
) -> HttpResponse:
    if secret is None:
        messages.info(request, _("The station has been added already; its password was shown."))
        return redirect("station_waiting", public_id=station.public_id)
    station = find_station(station.public_id)
    version = str(draft.values.get("version") or "1.6")
    context = station_context(request, station, "") | {
        "secret": secret,
        "address": f"{settings.BRIDGE_PUBLIC_URL}/{station.identity}",
        "subprotocol": f"ocpp{version}",
        "step": 4,
        "simulate": simulate_line(station.identity, secret, version),
    }
    return render(request, "stations/onboarding/step_done.html", context)
