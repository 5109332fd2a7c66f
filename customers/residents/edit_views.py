"""Moving in, changing, moving out, and bays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, attempted, posted
from core.stale import StaleCheck
from customers.payers.page import may_set_payer
from customers.residents import moving, services
from customers.residents.forms import BayForm, MoveOutForm, ResidentForm
from customers.residents.models import Bay, Resident
from customers.residents.selectors import site_day
from customers.residents.views import find_bay_or_404, find_resident_or_404
from stations.sites.models import Site

FORM = "customers/residents/resident_form.html"
BAY_FORM = "customers/residents/bay_form.html"


def _asked_site(request: HttpRequest) -> Site | None:
    found: Site | None = Site.objects.filter(public_id=request.GET.get("site", "")).first()
    return found


@permission_required(Permission.RESIDENT_EDIT)
@require_http_methods(["GET", "POST"])
def resident_create(request: HttpRequest) -> HttpResponse:
    """Somebody moves in; ``?site=`` and ``?bay=`` choose where."""
    operator = operator_of(request)
    form = ResidentForm(
        posted(request),
        operator=operator,
        may_set_payer=may_set_payer(request),
        initial={"site": _asked_site(request), "bay": request.GET.get("bay", "")},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        resident = attempt(form, lambda: services.create_resident(**values))
        if resident is not None:
            messages.success(request, _("The resident has been added."))
            return redirect("resident_detail", public_id=resident.public_id)
    return render(request, FORM, {"form": form, "resident": None})


@permission_required(Permission.RESIDENT_EDIT)
@require_http_methods(["GET", "POST"])
def resident_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a resident."""
    resident = find_resident_or_404(public_id)
    form = ResidentForm(
        posted(request),
        operator=operator_of(request),
        may_set_payer=may_set_payer(request),
        instance=find_resident_or_404(public_id),
    )
    check = StaleCheck(request, form, [resident])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(resident, form, changes):
            messages.success(request, _("The resident has been changed."))
            return redirect("resident_detail", public_id=public_id)
    context = {"form": form, "resident": resident} | check.context()
    return render(request, FORM, context)


def _change(resident: Resident, form: ResidentForm, changes: dict[str, Any]) -> bool:
    return attempted(form, lambda: services.change_resident(resident=resident, **changes))


@permission_required(Permission.RESIDENT_EDIT)
@require_http_methods(["GET", "POST"])
def resident_move_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """The last day; fees end with it, and a final bill is made."""
    resident = find_resident_or_404(public_id)
    last_on = resident.valid_until_on or site_day(resident.site)
    form = MoveOutForm(posted(request), initial={"last_on": last_on, "ends_tokens": True})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: moving.move_out(resident=resident, **values)):
            messages.success(request, _("The resident moves out."))
            return redirect("resident_detail", public_id=public_id)
    context = {
        "resident": resident,
        "form": form,
        "fees": moving.fees_to_end(resident, last_on),
        "tokens": moving.tokens_to_end(resident),
    }
    return render(request, "customers/residents/resident_move_out.html", context)


@permission_required(Permission.RESIDENT_EDIT)
@require_http_methods(["GET", "POST"])
def resident_stay(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take moving out back."""
    resident = find_resident_or_404(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: moving.stay(resident=resident, reason=reason)):
            messages.success(request, _("The resident stays."))
            return redirect("resident_detail", public_id=public_id)
    context = {
        "title": _("%(name)s stays") % {"name": resident},
        "consequence": _(
            "The last day is taken away. Fees and cards that ended with it are begun anew by hand."
        ),
        "verb": _("Take moving out back"),
        "form": form,
        "cancel_url": reverse("resident_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.RESIDENT_EDIT)
@require_http_methods(["GET", "POST"])
def bay_create(request: HttpRequest) -> HttpResponse:
    """A new bay; ``?site=`` chooses where."""
    form = BayForm(posted(request), initial={"site": _asked_site(request)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        bay = attempt(form, lambda: services.create_bay(**values))
        if bay is not None:
            messages.success(request, _("The bay has been added."))
            return redirect("bay_detail", public_id=bay.public_id)
    return render(request, BAY_FORM, {"form": form, "bay": None})


@permission_required(Permission.RESIDENT_EDIT)
@require_http_methods(["GET", "POST"])
def bay_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a bay."""
    bay = find_bay_or_404(public_id)
    form = BayForm(posted(request), instance=find_bay_or_404(public_id))
    check = StaleCheck(request, form, [bay])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change_bay(bay, form, changes):
            messages.success(request, _("The bay has been changed."))
            return redirect("bay_detail", public_id=public_id)
    return render(request, BAY_FORM, {"form": form, "bay": bay} | check.context())


def _change_bay(bay: Bay, form: BayForm, changes: dict[str, Any]) -> bool:
    return attempted(form, lambda: services.change_bay(bay=bay, **changes))


@permission_required(Permission.RESIDENT_EDIT)
@require_http_methods(["GET", "POST"])
def bay_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove a bay that was never used."""
    bay = find_bay_or_404(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: services.delete_bay(bay=bay, reason=reason)):
            messages.success(request, _("The bay has been removed."))
            return redirect("bay_list")
    context = {
        "title": _("Remove bay %(name)s") % {"name": bay},
        "consequence": _("Only a bay in which nobody ever was can be removed."),
        "verb": _("Remove"),
        "form": form,
        "cancel_url": reverse("bay_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
