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
from core.accounts.permissions import Permission
from core.forms import attempted
from stations.maintenance import checklists, parts, selectors, services, timing
from stations.maintenance.forms import CheckForm, NoteForm, PartForm, StepForm
from stations.maintenance.models import WorkOrder
from stations.maintenance.partner_models import SiteAccess


@permission_required(Permission.ORDER_WORK)
@require_safe
def field_list(request: HttpRequest) -> HttpResponse:
    """Open orders that the reader may work on, the promised time that runs out first on top."""
    rows = selectors.board(selectors.orders_for(selectors.membership_of(request)))
    return render(request, "stations/maintenance/field_list.html", {"rows": rows})


@permission_required(Permission.ORDER_WORK)
@require_safe
def field_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One order for who is on site."""
    return _page(request, selectors.field_order_or_404(request, public_id))


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the next step on site."""
    order = selectors.field_order_or_404(request, public_id)
    form = StepForm(request.POST, order=order, in_field=True)
    return _act(request, order, "step_form", form, services.set_state)


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what came of a point of the checklist."""
    order = selectors.field_order_or_404(request, public_id)
    form = CheckForm(request.POST, order=order)
    return _act(request, order, "check_form", form, checklists.set_check)


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_part(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down a part that was put in."""
    order = selectors.field_order_or_404(request, public_id)
    return _act(request, order, "part_form", PartForm(request.POST), parts.add_part)


@permission_required(Permission.ORDER_WORK)
@require_POST
def field_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """A line in the log."""
    order = selectors.field_order_or_404(request, public_id)
    form = NoteForm(request.POST, auto_id="note_%s")
    return _act(request, order, "note_form", form, services.add_note)


def _act(
    request: HttpRequest,
    order: WorkOrder,
    name: str,
    form: forms.BaseForm,
    call: Callable[..., object],
) -> HttpResponse:
    """Do what a form asks; else the page with the form as it was sent."""
    if form.is_valid() and attempted(form, lambda: call(order=order, **form.cleaned_data)):
        messages.success(request, _("Kept."))
        return redirect("field_detail", public_id=order.public_id)
    return _page(request, order, **{name: form})


def _page(request: HttpRequest, order: WorkOrder, **sent: Any) -> HttpResponse:
    context = {
        "order": order,
        "clocks": timing.clocks_of(order, timezone.now()),
        "access": SiteAccess.objects.filter(site=order.site_id).first(),
        "entries": order.entries.all()[:200],
        "parts": order.parts.all(),
        "checks": order.checks.all(),
        "step_form": StepForm(order=order, in_field=True),
        "check_form": CheckForm(order=order),
        "part_form": PartForm(),
        "note_form": NoteForm(auto_id="note_%s"),
    } | sent
    return render(request, "stations/maintenance/field_detail.html", context)
