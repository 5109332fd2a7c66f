"""Pages of energy costs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from billing.energy import services
from billing.energy.forms import EnergyCostForm
from billing.energy.lists import ENERGY_COSTS
from billing.energy.models import EnergyCost
from billing.energy.selectors import energy_costs
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, attempted, posted
from core.lists.views import list_view
from core.months import month_before
from core.stale import StaleCheck
from stations.sites.selectors import sites

FORM = "billing/energy/energy_cost_form.html"
energy_cost_list = list_view(ENERGY_COSTS)


def _cost(public_id: str) -> EnergyCost:
    cost: EnergyCost = get_object_or_404(
        energy_costs().select_related("operator"), public_id=public_id
    )
    return cost


@permission_required(Permission.ENERGY_VIEW)
@require_safe
def energy_cost_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One cost with its files and its history."""
    cost = _cost(public_id)
    context = {
        "cost": cost,
        "can_edit": has_permission(request, Permission.ENERGY_EDIT) and not cost.settled_in,
    }
    return render(request, "billing/energy/energy_cost_detail.html", context)


@permission_required(Permission.ENERGY_EDIT)
@require_http_methods(["GET", "POST"])
def energy_cost_create(request: HttpRequest) -> HttpResponse:
    """Enter what an invoice says about a site and month."""
    operator = operator_of(request)
    form = EnergyCostForm(posted(request), initial=_first(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        cost = attempt(form, lambda: services.create_cost(**values))
        if cost is not None:
            messages.success(request, _("The energy cost has been entered."))
            return redirect("energy_cost_detail", public_id=cost.public_id)
    return render(request, FORM, {"form": form, "cost": None, "operator": operator})


def _first(request: HttpRequest) -> dict[str, Any]:
    """What a new one starts with: last month, and the site that the address names."""
    operator = operator_of(request)
    site = sites().filter(public_id=request.GET.get("site", "")).first()
    return {
        "site": site.pk if site else None,
        "month_on": month_before(operator_day(operator)),
        "currency": operator.currency,
    }


@permission_required(Permission.ENERGY_EDIT)
@require_http_methods(["GET", "POST"])
def energy_cost_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a cost that no statement has used, with a reason."""
    cost = _cost(public_id)
    form = EnergyCostForm(posted(request), instance=_cost(public_id))
    check = StaleCheck(request, form, [cost])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None:
            changes["reason"] = form.cleaned_data["reason"]
            if attempted(form, lambda: services.change_cost(cost=cost, **changes)):
                messages.success(request, _("The energy cost has been changed."))
                return redirect("energy_cost_detail", public_id=public_id)
    return render(request, FORM, {"form": form, "cost": cost} | check.context())


@permission_required(Permission.ENERGY_EDIT)
@require_http_methods(["GET", "POST"])
def energy_cost_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take out a cost that was entered by mistake."""
    cost = _cost(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: services.delete_cost(cost=cost, reason=reason)):
            messages.success(request, _("The energy cost has been removed."))
            return redirect("energy_cost_list")
    context = {
        "title": _("Remove %(name)s") % {"name": cost},
        "consequence": _("The cost is taken out as if it had never been entered."),
        "verb": _("Remove"),
        "form": form,
        "cancel_url": reverse("energy_cost_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
