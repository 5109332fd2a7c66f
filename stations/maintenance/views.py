"""Pages of work orders for those who direct the work."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import ReasonForm, attempt, attempted, posted
from core.lists.views import list_view
from core.stale import StaleCheck
from stations.hardware.selectors import find_station
from stations.incidents.models import Incident
from stations.incidents.selectors import incidents
from stations.maintenance import lifecycle, selectors, services, timing
from stations.maintenance.forms import NoteForm, OrderForm, PauseForm, StepForm
from stations.maintenance.lists import ORDERS
from stations.maintenance.models import ClockPause, WorkOrder
from stations.maintenance.panels import order_panels
from stations.maintenance.partner_models import SiteAccess
from stations.sites.selectors import sites

order_list = list_view(ORDERS)


@permission_required(Permission.ORDER_VIEW)
@require_safe
def order_board(request: HttpRequest) -> HttpResponse:
    """Open orders, those whose promised time runs out first on top."""
    return render(
        request, "stations/maintenance/board.html", {"rows": selectors.board(selectors.orders())}
    )


@permission_required(Permission.ORDER_VIEW)
@require_safe
def order_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One order: its clocks, what is to be done, what was done."""
    order = selectors.order_or_404(public_id)
    can_edit = has_permission(request, Permission.ORDER_EDIT)
    now = timezone.now()
    context = {
        "order": order,
        "clocks": timing.clocks_of(order, now),
        "pause": next((one for one in order.pauses.all() if one.ended_at is None), None),
        "entries": order.entries.all()[:200],
        "checks": order.checks.all(),
        "parts": order.parts.all(),
        "access": SiteAccess.objects.filter(site=order.site_id).first(),
        "can_edit": can_edit,
        "can_work": has_permission(request, Permission.ORDER_WORK),
        "can_reopen": can_edit
        and order.state == lifecycle.CLOSED
        and lifecycle.may_reopen(order.closed_at, now),
        "panels": order_panels(request, order),
        "step_form": StepForm(order=order),
        "note_form": NoteForm(auto_id="note_%s"),
        "pause_form": PauseForm(),
    }
    return render(request, "stations/maintenance/order_detail.html", context)


@permission_required(Permission.ORDER_EDIT)
@require_http_methods(["GET", "POST"])
def order_create(request: HttpRequest) -> HttpResponse:
    """A new order; ``?incident=``, ``?station=`` or ``?site=`` says from what and where."""
    incident = incidents().filter(public_id=request.GET.get("incident", "")).first()
    form = OrderForm(posted(request), initial=_of_incident(incident) or _place(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if incident is not None:
            values |= {"incident": incident, "source": "incident", "source_ref": str(incident)}
        order = attempt(form, lambda: services.open_order(operator=operator_of(request), **values))
        if order is not None:
            messages.success(request, _("The work order has been made."))
            return redirect("order_detail", public_id=order.public_id)
    return render(request, "stations/maintenance/order_form.html", {"form": form, "order": None})


def _of_incident(incident: Incident | None) -> dict[str, Any]:
    if incident is None:
        return {}
    return {
        "site": incident.site_id,
        "station": incident.station.public_id if incident.station else "",
        "evse_number": incident.evse.number if incident.evse else None,
        "title": (incident.summary or incident.get_kind_display())[:160],
        "priority": incident.severity.upper(),
        "fault_codes": incident.error_code,
    }


def _place(request: HttpRequest) -> dict[str, Any]:
    station = find_station(request.GET.get("station", ""))
    if station is not None:
        return {"site": station.site_id, "station": station.public_id}
    site = sites().filter(public_id=request.GET.get("site", "")).first()
    return {"site": site.pk if site else None}


@permission_required(Permission.ORDER_EDIT)
@require_http_methods(["GET", "POST"])
def order_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an open order."""
    order, again = selectors.order_or_404(public_id), selectors.order_or_404(public_id)
    form = OrderForm(posted(request), instance=again)
    check = StaleCheck(request, form, [order])
    if request.method == "POST" and form.is_valid():
        found = check.changes()
        if found is not None:
            found.pop("site", None)
            changes = _with_place(form, found)
            if attempted(form, lambda: services.change_order(order=order, **changes)):
                messages.success(request, _("The work order has been changed."))
                return redirect("order_detail", public_id=public_id)
    context = {"form": form, "order": order} | check.context()
    return render(request, "stations/maintenance/order_form.html", context)


def _with_place(form: OrderForm, changes: dict[str, Any]) -> dict[str, Any]:
    """Amount and currency belong together; so do station and EVSE."""
    if {"cost_amount", "cost_currency"} & set(changes):
        changes |= {name: form.cleaned_data[name] for name in ("cost_amount", "cost_currency")}
    return changes


@permission_required(Permission.ORDER_EDIT)
@require_POST
def order_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the next step."""
    order = selectors.order_or_404(public_id)
    form = StepForm(request.POST, order=order)
    if not form.is_valid():
        messages.error(request, _("This step cannot be taken now."))
        return redirect("order_detail", public_id=public_id)
    values = form.cleaned_data
    return _done(request, order, lambda: services.set_state(order=order, **values))


@permission_required(Permission.ORDER_EDIT)
@require_http_methods(["GET", "POST"])
def order_reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a closed order again, with a reason."""
    order = selectors.order_or_404(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: services.reopen(order=order, reason=reason)):
            messages.success(request, _("The work order is open again."))
            return redirect("order_detail", public_id=public_id)
    context = {
        "title": _("Open %(order)s again") % {"order": order},
        "consequence": _("The repair counts as one that did not last, and the clocks go on."),
        "verb": _("Open again"),
        "form": form,
        "cancel_url": reverse("order_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ORDER_EDIT)
@require_POST
def order_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """A line in the log."""
    order = selectors.order_or_404(public_id)
    text = request.POST.get("text", "")
    return _done(request, order, lambda: services.add_note(order=order, text=text))


@permission_required(Permission.ORDER_EDIT)
@require_POST
def order_pause(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hold the clocks, or let them go on."""
    order = selectors.order_or_404(public_id)
    if ClockPause.objects.filter(order=order, ended_at=None).exists():
        return _done(request, order, lambda: timing.resume(order=order))
    form = PauseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why."))
        return redirect("order_detail", public_id=public_id)
    reason = form.cleaned_data["reason"]
    return _done(request, order, lambda: timing.pause(order=order, reason=reason))


def _done(request: HttpRequest, order: WorkOrder, call: Any) -> HttpResponse:
    try:
        call()
        messages.success(request, _("Kept."))
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
    return redirect("order_detail", public_id=order.public_id)
