"""Adding, changing and ending a vehicle."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import attempt, attempted, posted
from core.stale import StaleCheck
from core.tenancy.today import operator_today
from customers.companies.models import Company
from customers.drivers import vehicle_services as services
from customers.vehicles.ending import end_vehicle, tokens_in
from customers.vehicles.forms import VehicleEndForm, VehicleForm
from customers.vehicles.views import find_vehicle_or_404

FORM = "customers/vehicles/vehicle_form.html"


@permission_required(Permission.DRIVER_EDIT)
@require_http_methods(["GET", "POST"])
def vehicle_create(request: HttpRequest) -> HttpResponse:
    """A new vehicle; ``?driver=`` and ``?company=`` choose whose."""
    operator = operator_of(request)
    company = Company.objects.filter(public_id=request.GET.get("company", "")).first()
    initial = {"driver": request.GET.get("driver", ""), "company": company}
    form = VehicleForm(posted(request), operator=operator, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | _says_whose(request)
        vehicle = attempt(form, lambda: services.create_vehicle(operator=operator, **values))
        if vehicle is not None:
            messages.success(request, _("The vehicle has been added."))
            return redirect("vehicle_detail", public_id=vehicle.public_id)
    return render(request, FORM, {"form": form, "vehicle": None})


@permission_required(Permission.DRIVER_EDIT)
@require_http_methods(["GET", "POST"])
def vehicle_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a vehicle."""
    vehicle, again = find_vehicle_or_404(public_id), find_vehicle_or_404(public_id)
    form = VehicleForm(posted(request), operator=operator_of(request), instance=again)
    check = StaleCheck(request, form, [vehicle])
    if request.method == "POST" and form.is_valid():
        found = check.changes()
        if found is not None:
            changes = found | _says_whose(request)
            if attempted(form, lambda: services.change_vehicle(vehicle=vehicle, **changes)):
                messages.success(request, _("The vehicle has been changed."))
                return redirect("vehicle_detail", public_id=public_id)
    return render(request, FORM, {"form": form, "vehicle": vehicle} | check.context())


@permission_required(Permission.DRIVER_EDIT)
@require_http_methods(["GET", "POST"])
def vehicle_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """The last day; the cards that sit in the vehicle may end with it."""
    vehicle = find_vehicle_or_404(public_id)
    may_end = has_permission(request, Permission.TOKEN_EDIT)
    initial = {"last_on": operator_today(), "ends_tokens": may_end}
    form = VehicleEndForm(posted(request), initial=initial)
    if not may_end:
        del form.fields["ends_tokens"]
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: end_vehicle(vehicle=vehicle, **values)):
            messages.success(request, _("The vehicle has its last day."))
            return redirect("vehicle_detail", public_id=public_id)
    sees = has_permission(request, Permission.TOKEN_VIEW)
    context = {"vehicle": vehicle, "form": form, "tokens": tokens_in(vehicle) if sees else []}
    return render(request, "customers/vehicles/vehicle_end.html", context)


def _says_whose(request: HttpRequest) -> dict[str, Any]:
    return {"names_holder": has_permission(request, Permission.DRIVER_VIEW)}
