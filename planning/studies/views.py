"""Pages of studies: asking, following, the result, what follows from it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import attempt, posted
from core.lists.views import list_view
from planning.demand.selectors import demand_models
from planning.layers.selectors import usable_layers
from planning.studies import comparing, selectors, services
from planning.studies.forms import StudyForm
from planning.studies.lists import STUDIES
from planning.studies.models import Study
from planning.studies.parameters import parameters_from
from planning.studies.words import failure_text, reach_text

study_list = list_view(STUDIES)


def find_study_or_404(public_id: str) -> Study:
    """One in scope."""
    study: Study = get_object_or_404(selectors.studies(), public_id=public_id)
    return study


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def study_create(request: HttpRequest) -> HttpResponse:
    """Ask; ``?of=`` takes another study's question, whose next version this becomes."""
    of = selectors.studies().filter(public_id=request.GET.get("of", "")).first()
    form = StudyForm(posted(request), of=of)
    if given := request.GET.get("demand_model"):
        form.initial["demand_model"] = demand_models().filter(public_id=given).first()
    if request.method == "POST" and form.is_valid():
        parameters, layers = form.question()
        study = attempt(
            form,
            lambda: services.ask_study(
                operator=operator_of(request),
                name=form.cleaned_data["name"],
                parameters=parameters,
                layers=layers,
                seed=form.cleaned_data["seed"],
                follows=of,
            ),
        )
        if study is not None:
            messages.success(request, _("The study has been asked."))
            return redirect("study_detail", public_id=study.public_id)
    context = {"form": form, "of": of, "has_layers": usable_layers().exists()}
    return render(request, "planning/studies/study_form.html", context)


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def study_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far it is, then the plan: map, ranks, reasons, sizes, money, what is not served."""
    study = find_study_or_404(public_id)
    shown = selectors.sites_of(study)
    before, after = selectors.drawings_of(study, shown)
    context = {
        "study": study,
        "is_over": selectors.is_over(study),
        "failure": failure_text(study),
        "parameters": parameters_from(study.parameters),
        "reach": reach_text(parameters_from(study.parameters)),
        "layers": study.used_layers.select_related("layer"),
        "sites": shown,
        "shares": selectors.shares_of(study),
        "marks": selectors.marks_shown(study, shown) if shown else [],
        "before": before,
        "after": after,
        "phases": selectors.phases_shown(study, shown),
        "unserved": study.result.get("unserved", [])[:20],
        "roads": selectors.roads_shown(study),
        "stretches": selectors.stretches_shown(study),
        "pools": selectors.pools_shown(study),
        "trials": selectors.trials_of(study),
        "others": selectors.studies().filter(state="done").exclude(pk=study.pk)[:20],
        "is_cut_off": services.is_cut_off(study),
        "longest_s": services.LONGEST_S,
        "went_on": selectors.went_on_from(study),
        "is_better": selectors.is_better(study),
        "can_edit": has_permission(request, Permission.PLANNING_EDIT),
        "can_build": has_permission(request, Permission.NETWORK_EDIT)
        and has_permission(request, Permission.PLANNING_EDIT),
    }
    return render(request, "planning/studies/study_detail.html", context)


@permission_required(Permission.PLANNING_EDIT)
@require_POST
def study_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop it."""
    study = find_study_or_404(public_id)
    try:
        services.cancel_study(study=study)
        messages.success(request, _("The study stops."))
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    return redirect("study_detail", public_id=public_id)


@permission_required(Permission.PLANNING_EDIT)
@require_POST
def study_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask the same once more."""
    study = services.ask_again(study=find_study_or_404(public_id))
    messages.success(request, _("The study has been asked."))
    return redirect("study_detail", public_id=study.public_id)


@permission_required(Permission.PLANNING_EDIT)
@require_POST
def study_go_on(request: HttpRequest, public_id: str) -> HttpResponse:
    """Solve on from the plan that the time limit cut off."""
    study = find_study_or_404(public_id)
    try:
        given = request.POST.get("time_limit_s", "")
        study = services.go_on(study=study, time_limit_s=float(given) if given else None)
        messages.success(request, _("The study goes on from the plan it had."))
    except ValueError:
        messages.error(request, _("Write the time limit as a number of seconds."))
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    return redirect("study_detail", public_id=study.public_id)


@permission_required(Permission.PLANNING_EDIT)
@require_POST
def study_plan_site(request: HttpRequest, public_id: str, rank: int) -> HttpResponse:
    """Make a chosen place a planned site; who may not change the network may not."""
    if not has_permission(request, Permission.NETWORK_EDIT):
        raise PermissionDenied(_("Your role may not do this."))
    study = find_study_or_404(public_id)
    chosen = get_object_or_404(study.sites, rank=rank)
    try:
        site = services.plan_site(chosen=chosen)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return redirect("study_detail", public_id=public_id)
    messages.success(request, _("%(name)s is a planned site now.") % {"name": site})
    return redirect("site_detail", public_id=site.public_id)


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def study_compare(request: HttpRequest, public_id: str) -> HttpResponse:
    """Two studies side by side; ``?with=`` names the other."""
    study = find_study_or_404(public_id)
    other = get_object_or_404(selectors.studies(), public_id=request.GET.get("with", public_id))
    context = {
        "study": study,
        "other": other,
        "columns": [(one, selectors.shares_of(one)) for one in (study, other)],
        "figures": comparing.differing(study, other),
        "places": comparing.side_by_side(study, other),
    }
    return render(request, "planning/studies/study_compare.html", context)
