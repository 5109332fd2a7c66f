"""Pages of warranties and claims."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.forms import attempt, attempted, posted
from core.lists.export import csv_response
from core.lists.views import list_view
from core.stale import StaleCheck
from core.tenancy.today import operator_today
from stations.hardware.page import find_station, station_context
from stations.incidents.models import Incident
from stations.incidents.selectors import incidents
from stations.maintenance import claims, selectors, warranties
from stations.maintenance.claim_file import claim_rows
from stations.maintenance.claim_forms import ClaimForm, ClaimStepForm, WarrantyForm
from stations.maintenance.claim_lists import CLAIMS, WARRANTIES
from stations.maintenance.models import WorkOrder
from stations.maintenance.warranty_models import WarrantyClaim

claim_list = list_view(CLAIMS)
warranty_list = list_view(WARRANTIES)


def _claim(public_id: str) -> WarrantyClaim:
    claim: WarrantyClaim = get_object_or_404(claims.claims(), public_id=public_id)
    return claim


@permission_required(Permission.ORDER_VIEW)
@require_safe
def claim_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One claim with what proves it."""
    claim = _claim(public_id)
    can_edit = has_permission(request, Permission.ORDER_EDIT)
    context = {
        "claim": claim,
        "parts": claims.parts_of(claim),
        "can_edit": can_edit,
        "step_form": ClaimStepForm(claim=claim) if can_edit and claims.NEXT[claim.state] else None,
    }
    return render(request, "stations/maintenance/claim_detail.html", context)


@permission_required(Permission.ORDER_VIEW)
@require_safe
def claim_print(request: HttpRequest, public_id: str) -> HttpResponse:
    """The claim on paper, or as PDF out of the browser."""
    claim = _claim(public_id)
    context = {"claim": claim, "parts": claims.parts_of(claim)}
    return render(request, "stations/maintenance/claim_print.html", context)


@permission_required(Permission.ORDER_VIEW)
@require_safe
def claim_file(_request: HttpRequest, public_id: str) -> HttpResponse:
    """The claim as CSV, for the supplier."""
    claim = _claim(public_id)
    header, rows = claim_rows(claim)
    return csv_response(f"claim-{claim.number}", header, rows)


def _about(request: HttpRequest) -> tuple[Any, Incident | None, list[WorkOrder]]:
    """What a new claim is about: the station, incident or work order of the address."""
    order = selectors.orders().filter(public_id=request.GET.get("order", "")).first()
    found = request.GET.get("incident", "")
    incident = order.incident if order else incidents().filter(public_id=found).first()
    if order is not None:
        return order.station, incident, [order]
    if incident is not None:
        rows = selectors.orders().filter(incident=incident, station=incident.station)
        return incident.station, incident, list(rows[:50])
    return find_station(request.GET.get("station", "")), None, []


@permission_required(Permission.ORDER_EDIT)
@require_http_methods(["GET", "POST"])
def claim_create(request: HttpRequest) -> HttpResponse:
    """A new claim; ``?incident=``, ``?order=`` or ``?station=`` says what of."""
    is_named = any(request.GET.get(name) for name in ("incident", "order", "station"))
    station, incident, orders = _about(request) if is_named else (None, None, [])
    if station is None:
        return render(request, "stations/maintenance/claim_form.html", {"form": None})
    initial = claims.begun(station, incident, orders)
    initial["orders"] = [one.public_id for one in orders]
    form = ClaimForm(posted(request), station=station, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {"station": station, "incident": incident, **form.cleaned_data}
        made = attempt(form, lambda: claims.make_claim(**values))
        if made is not None:
            messages.success(request, _("The claim has been made."))
            return redirect("claim_detail", public_id=made.public_id)
    context = {"form": form, "claim": None, "station": station}
    return render(request, "stations/maintenance/claim_form.html", context)


@permission_required(Permission.ORDER_EDIT)
@require_http_methods(["GET", "POST"])
def claim_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a claim."""
    claim, again = _claim(public_id), _claim(public_id)
    form = ClaimForm(posted(request), instance=again, station=claim.station)
    check = StaleCheck(request, form, [claim])
    if request.method == "POST" and form.is_valid():
        found = check.changes()
        if found is not None:
            chosen = {one.pk for one in form.cleaned_data["orders"]}
            if chosen == {link.order_id for link in claim.order_links.all()}:
                found.pop("orders", None)
            if attempted(form, lambda: claims.change_claim(claim=claim, **found)):
                messages.success(request, _("Saved."))
                return redirect("claim_detail", public_id=public_id)
    context = {"form": form, "claim": claim, "station": claim.station} | check.context()
    return render(request, "stations/maintenance/claim_form.html", context)


@permission_required(Permission.ORDER_EDIT)
@require_http_methods(["GET", "POST"])
def claim_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the next step of a claim."""
    claim = _claim(public_id)
    form = ClaimStepForm(posted(request), claim=claim)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: claims.step_claim(claim=claim, **values)):
            messages.success(request, _("Kept."))
            return redirect("claim_detail", public_id=public_id)
    context = {
        "title": _("Next step of claim %(claim)s") % {"claim": claim},
        "consequence": _("What was sent stays as it was sent."),
        "verb": _("Take the step"),
        "form": form,
        "cancel_url": reverse("claim_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ORDER_EDIT)
@require_http_methods(["GET", "POST"])
def claim_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete a draft."""
    claim = _claim(public_id)
    question = Question(
        title=_("Delete claim %(claim)s") % {"claim": claim},
        consequence=_("Only a draft can be deleted."),
        verb=_("Delete"),
        done=_("The claim is deleted."),
    )
    return confirm(
        request,
        question,
        lambda reason: claims.delete_claim(claim=claim, reason=reason),
        back_url=reverse("claim_detail", args=[public_id]),
        then_url=lambda: reverse("claim_list"),
        is_reason_needed=False,
    )


@permission_required(Permission.NETWORK_VIEW)
@require_http_methods(["GET", "POST"])
def station_warranty(request: HttpRequest, public_id: str) -> HttpResponse:
    """Supplier and warranty of a station, and its claims."""
    station = find_station(public_id)
    known, again = warranties.warranty_of(station), warranties.warranty_of(station)
    can_edit = has_permission(request, Permission.NETWORK_EDIT)
    if request.method == "POST" and not can_edit:
        return HttpResponse(status=403)
    form = WarrantyForm(posted(request), instance=again)
    check = StaleCheck(request, form, [known] if known else [])
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data if known is None else check.changes()
        if found is not None and attempted(
            form, lambda: warranties.save_warranty(station=station, **found)
        ):
            messages.success(request, _("Saved."))
            return redirect("station_warranty", public_id=public_id)
    sees_claims = has_permission(request, Permission.ORDER_VIEW)
    context = {
        **station_context(request, station, "warranty"),
        "warranty": known,
        "is_covered": warranties.holds(known, operator_today()),
        "form": form if can_edit else None,
        "claims": claims.claims().filter(station=station)[:50] if sees_claims else [],
        "sees_claims": sees_claims,
        "can_claim": has_permission(request, Permission.ORDER_EDIT) and known is not None,
    } | check.context()
    return render(request, "stations/maintenance/station_warranty.html", context)
