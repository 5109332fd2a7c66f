"""Pages of those who work on site, a partner's technicians too: their orders, and each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.forms import attempted
from stations.maintenance import (
    checklists,
    field_commands,
    field_selectors,
    lifecycle,
    parts,
    photos,
    selectors,
    services,
    times,
    timing,
)
from stations.maintenance.codes import station_named
from stations.maintenance.field_forms import FindForm, PartForm, PhotoForm, TimeForm
from stations.maintenance.forms import CheckForm, NoteForm, StepForm
from stations.maintenance.models import WorkOrder
from stations.maintenance.panels import files_of
from stations.maintenance.partner_models import SiteAccess
from stations.maintenance.work_models import CheckResult

QUICK = (lifecycle.EN_ROUTE, lifecycle.ON_SITE, lifecycle.VERIFIED)
"""Steps that need no words: one tap each."""


@permission_required(Permission.ORDER_WORK)
@require_safe
def field_list(request: HttpRequest) -> HttpResponse:
    """Open orders that the reader may work on: today's on a map and as a list, then the others."""
    is_mine = request.GET.get("mine") == "1"
    rows = field_selectors.field_rows(request, is_mine=is_mine)
    days = field_selectors.by_day(rows, timezone.now())
    context = {
        "rows": rows,
        "days": days,
        "is_mine": is_mine,
        "markers": field_selectors.markers(days.today or rows),
        "find_form": FindForm(),
    }
    return render(request, "stations/maintenance/field_list.html", context)


@permission_required(Permission.ORDER_WORK)
@require_safe
def field_find(request: HttpRequest) -> HttpResponse:
    """Open the order of the station on which a code stands."""
    form = FindForm(request.GET)
    text = form.cleaned_data["code"] if form.is_valid() else ""
    station, _evse = station_named(text)
    found: list[WorkOrder] = []
    if station is not None:
        own = selectors.orders_for(selectors.membership_of(request))
        found = field_selectors.orders_at(own, station)
    if len(found) == 1:
        return redirect("field_detail", public_id=found[0].public_id)
    rows = [(order, timing.clocks_of(order, timezone.now())) for order in found]
    context = {"form": form, "rows": rows, "asked": text}
    return render(request, "stations/maintenance/field_find.html", context)


@permission_required(Permission.ORDER_WORK)
@require_safe
def field_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One order for who is on site."""
    return _page(request, selectors.field_order_or_404(request, public_id))


@permission_required(Permission.ORDER_WORK)
@require_safe
def field_state(request: HttpRequest, public_id: str) -> HttpResponse:
    """The station as it is now, as a fragment."""
    order = selectors.field_order_or_404(request, public_id)
    return render(request, "stations/maintenance/_field_station.html", _station(request, order))


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the next step on site."""
    order = selectors.field_order_or_404(request, public_id)
    form = StepForm(request.POST, order=order, in_field=True)
    if request.POST.get("state") == order.state:  # sent twice on a bad line
        return redirect("field_detail", public_id=order.public_id)
    return _act(request, order, "step_form", form, services.set_state)


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what came of a point of the checklist."""
    order = selectors.field_order_or_404(request, public_id)
    form = CheckForm(request.POST, order=order)
    return _act(request, order, "check_form", form, checklists.set_check, "#checks")


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_part(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down a part that was put in."""
    order = selectors.field_order_or_404(request, public_id)
    return _act(request, order, "part_form", PartForm(request.POST), parts.add_part, "#parts")


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_time(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down time that was spent."""
    order = selectors.field_order_or_404(request, public_id)
    return _act(request, order, "time_form", TimeForm(request.POST), times.add_time, "#times")


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_photo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a photo."""
    order = selectors.field_order_or_404(request, public_id)
    form = PhotoForm(request.POST, request.FILES)
    return _act(request, order, "photo_form", form, photos.add_photo, "#photos")


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """A line in the log."""
    order = selectors.field_order_or_404(request, public_id)
    form = NoteForm(request.POST, auto_id="note_%s")
    return _act(request, order, "note_form", form, services.add_note, "#log")


def _act(
    request: HttpRequest,
    order: WorkOrder,
    name: str,
    form: forms.BaseForm,
    call: Callable[..., object],
    part: str = "",
) -> HttpResponse:
    """Do what a form asks; else the page with the form as it was sent."""
    if form.is_valid() and attempted(form, lambda: call(order=order, **form.cleaned_data)):
        messages.success(request, _("Kept."))
        answer = redirect("field_detail", public_id=order.public_id)
        answer["Location"] += part
        return answer
    return _page(request, order, **{name: form})


def is_trusted(request: HttpRequest) -> bool:
    """Whether the reader may send such commands without being on site."""
    return has_permission(request, Permission.COMMAND_DANGEROUS)


def _station(request: HttpRequest, order: WorkOrder) -> dict[str, Any]:
    return {
        "order": order,
        "evses": field_selectors.evses_of(order),
        "asked": field_commands.asked_of(order),
        "actions": field_commands.ACTIONS.values(),
        "why_not": field_commands.why_not(order, is_trusted=is_trusted(request)),
    }


def _page(request: HttpRequest, order: WorkOrder, **sent: Any) -> HttpResponse:
    step_form = StepForm(order=order, in_field=True)
    steps: Any = step_form.fields["state"]
    context = {
        "order": order,
        "way": field_selectors.way_of(order.site),
        "clocks": timing.clocks_of(order, timezone.now()),
        "access": SiteAccess.objects.filter(site=order.site_id).first(),
        "entries": order.entries.order_by("-at", "-id")[:200],
        "parts": order.parts.all(),
        "times": order.times.all(),
        "files": files_of(order)[:50],
        "checks": order.checks.all(),
        "results": [one for one in CheckResult.choices if one[0]],
        "quick": [one for one in steps.choices if one[0] in QUICK],
        "step_form": step_form,
        "check_form": CheckForm(order=order),
        "part_form": PartForm(auto_id="part_%s"),
        "time_form": TimeForm(auto_id="time_%s"),
        "photo_form": PhotoForm(auto_id="photo_%s"),
        "note_form": NoteForm(auto_id="note_%s"),
        **_station(request, order),
    } | sent
    return render(request, "stations/maintenance/field_detail.html", context)
