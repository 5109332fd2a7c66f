"""Pages of demand models."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import ReasonForm, attempt, attempted, posted
from core.lists.export import csv_response
from core.lists.paging import page_number
from core.lists.views import list_view
from planning.demand import selectors, services
from planning.demand.assumptions import BY_NAME
from planning.demand.forms import DemandModelForm
from planning.demand.lists import DEMAND_MODELS
from planning.demand.measured import calibration_of, growth_table
from planning.demand.models import DemandModel
from planning.demand.profiles import NEEDS
from planning.demand.summary import summary_of
from planning.demand.words import EVERY, NEED_WORDS, ROLES, SHARES
from planning.layers.facts import Spot
from planning.layers.kinds import DEMAND_KINDS
from planning.layers.marks import marks_of
from planning.layers.selectors import usable_layers

demand_model_list = list_view(DEMAND_MODELS)
FORM = "planning/demand/model_form.html"
PER_PAGE = 25


def find_model_or_404(public_id: str) -> DemandModel:
    """One in scope."""
    model: DemandModel = get_object_or_404(selectors.demand_models(), public_id=public_id)
    return model


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def demand_model_create(request: HttpRequest) -> HttpResponse:
    """A new model."""
    form = DemandModelForm(posted(request))
    if request.method == "POST" and form.is_valid():
        model = attempt(
            form, lambda: services.create_model(operator=operator_of(request), **form.values())
        )
        if model is not None:
            messages.success(request, _("The demand model has been made."))
            return redirect("demand_model_detail", public_id=model.public_id)
    context = {"form": form, "model": None, "has_layers": _has_layers()}
    return render(request, FORM, context)


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def demand_model_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change it; the version counts on."""
    model = find_model_or_404(public_id)
    form = DemandModelForm(posted(request), model=model)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempted(form, lambda: services.change_model(model=model, **form.values()))
    ):
        messages.success(request, _("The demand model has been changed."))
        return redirect("demand_model_detail", public_id=public_id)
    return render(request, FORM, {"form": form, "model": model, "has_layers": True})


def _has_layers() -> bool:
    return usable_layers(*DEMAND_KINDS).exists()


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def demand_model_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Energy by need, by hour, by place; what moves it most; what it was made of."""
    model = find_model_or_404(public_id)
    found = summary_of(model)
    pages = Paginator(found["places"], PER_PAGE)
    page = pages.page(page_number(request.GET.get("page"), pages.num_pages))
    context = {
        "model": model,
        "found": found,
        "needs": [(NEED_WORDS[need], kwh / 1000) for need, kwh in found["by_need"].items()],
        "page": page,
        "places": [{**one, "need": NEED_WORDS[one["need"]]} for one in page],
        "marks": marks_of([_spot(one) for one in found["places"]]),
        "sways": [_sway(one) for one in found["sensitivity"]],
        "layers": [(one, ROLES[one.kind]) for one in selectors.layers_of(model)],
        "assumptions": [
            {
                "label": EVERY[name],
                "value": model.assumptions.get(name, one.default),
                "is_share": name in SHARES,
                "is_own": name in model.assumptions,
            }
            for name, one in BY_NAME.items()
        ],
        "calibration": calibration_of(model),
        "growth": growth_table(model, found["area_years"]),
        "areas": found["areas"][:PER_PAGE],
        "can_edit": has_permission(request, Permission.PLANNING_EDIT),
    }
    return render(request, "planning/demand/model_detail.html", context)


def _spot(one: dict[str, Any]) -> Spot:
    return Spot(one["longitude"], one["latitude"], one["kwh"], one["label"])


def _sway(one: dict[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "label": EVERY[one["name"]],
        "is_share": one["name"] in SHARES,
        "low_mwh": one["low_kwh"] / 1000,
        "high_mwh": one["high_kwh"] / 1000,
    }


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def demand_model_csv(_request: HttpRequest, public_id: str) -> HttpResponse:
    """Every place with its energy by need, one a line."""
    demand = selectors.demand_of(find_model_or_404(public_id))
    header = ["name", "longitude", "latitude", *(f"{need}_kwh" for need in NEEDS)]
    rows = zip(
        demand.labels,
        demand.longitude.tolist(),
        demand.latitude.tolist(),
        *demand.by_need.round(1).T.tolist(),
        strict=True,
    )
    return csv_response("demand", header, rows)


@permission_required(Permission.PLANNING_EDIT)
@require_POST
def demand_model_calibrate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take what own sites sold as the measure."""
    try:
        services.calibrate_model(model=find_model_or_404(public_id))
        messages.success(request, _("The demand model has been calibrated."))
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    return redirect("demand_model_detail", public_id=public_id)


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def demand_model_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete a model."""
    model = find_model_or_404(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: services.delete_model(model=model, reason=reason)):
            messages.success(request, _("The demand model has been deleted."))
            return redirect("demand_model_list")
    context = {
        "form": form,
        "cancel_url": "../",
        "title": _("Delete %(name)s") % {"name": model},
        "consequence": _("The model is gone for good; its layers and the studies stay."),
        "verb": _("Delete"),
    }
    return render(request, "confirm.html", context)
