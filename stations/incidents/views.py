"""Pages of incidents: the list, one incident with its timeline, reporting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from core.lists.views import list_view
from stations.hardware.models import Station
from stations.incidents import opening, selectors
from stations.incidents.clocks import clocks, incident_panels
from stations.incidents.control_room import control_room as room_of
from stations.incidents.forms import NoteForm, ReportForm
from stations.incidents.lists import INCIDENTS
from stations.incidents.models import Incident
from stations.incidents.words import event_text, explained, place_of, title_of
from stations.sites.selectors import sites

incident_list = list_view(INCIDENTS)


def incident_or_404(public_id: str) -> Incident:
    """The incident in scope."""
    found: Incident = get_object_or_404(
        selectors.incidents().select_related("parent", "merged_into"), public_id=public_id
    )
    return found


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def incident_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """From the first symptom to the restore: what was seen, tried and said."""
    incident = incident_or_404(public_id)
    works = has_permission(request, Permission.INCIDENT_WORK)
    context = {
        "incident": incident,
        "heading": title_of(incident),
        "explained": explained(incident),
        "events": [(one, event_text(one)) for one in selectors.events_of(incident)],
        "parts": [(part, place_of(part)) for part in selectors.parts_of(incident)],
        "clocks": clocks([incident], timezone.now()).get(incident.pk, []),
        "panels": incident_panels(request, incident),
        "works": works,
        "can_work": works and incident.is_live,
        "note_form": NoteForm(),
    }
    return render(request, "stations/incidents/incident_detail.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def control_room(request: HttpRequest) -> HttpResponse:
    """What is broken, since when, what is being done, who has it, which clock runs."""
    context = {
        "room": room_of(timezone.now()),
        "works": has_permission(request, Permission.INCIDENT_WORK),
    }
    return render(request, "stations/incidents/control_room.html", context)


@permission_required(Permission.INCIDENT_WORK)
@require_http_methods(["GET", "POST"])
def incident_create(request: HttpRequest) -> HttpResponse:
    """Report something that no rule finds; ``station`` or ``site`` of the address prefill."""
    form = ReportForm(posted(request), initial=_prefilled(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(form, lambda: opening.report(**values))
        if made is not None:
            messages.success(request, _("The incident is open."))
            return redirect("incident_detail", public_id=made.public_id)
    return render(request, "stations/incidents/incident_form.html", {"form": form})


def _prefilled(request: HttpRequest) -> dict[str, Any]:
    station = Station.objects.filter(public_id=request.GET.get("station", "")).first()
    if station is not None:
        return {"site": station.site_id, "station": station.pk}
    site = sites().filter(public_id=request.GET.get("site", "")).first()
    return {"site": site.pk} if site is not None else {}
