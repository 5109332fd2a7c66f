"""A company's vehicles, for who looks after it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from core.forms import attempt, attempted, day_widget, posted
from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle, VehicleUse
from customers.drivers.vehicle_selectors import of_company, search_vehicles, vehicle_rows
from customers.drivers.vehicle_services import change_vehicle, create_vehicle
from customers.selfservice.customer import Customer, company_page
from customers.selfservice.page import my_render

MOST = 1000
FIELDS = (
    "registration_number", "driver", "make", "model", "use", "cost_centre", "valid_from_on",
    "valid_until_on",
)  # fmt: skip


def vehicles_of(company: Company) -> QuerySet[Vehicle]:
    """The company's own and those of its drivers, by number."""
    return vehicle_rows().filter(of_company(company.public_id)).order_by("registration_number")


class MyVehicleForm(forms.Form):
    """A vehicle of the company; without a driver it is a pool car."""

    registration_number = forms.CharField(label=gettext_lazy("Registration number"), max_length=20)
    driver: Any = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Driver"), required=False, to_field_name="public_id",
        empty_label=gettext_lazy("Nobody: a pool car"),
    )  # fmt: skip
    make = forms.CharField(label=gettext_lazy("Make"), max_length=40, required=False)
    model = forms.CharField(label=gettext_lazy("Model"), max_length=60, required=False)
    use = forms.ChoiceField(
        label=gettext_lazy("Used as"), choices=[("", "–"), *VehicleUse.choices], required=False
    )
    cost_centre = forms.CharField(label=gettext_lazy("Cost centre"), max_length=40, required=False)
    valid_from_on = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=day_widget()
    )
    valid_until_on = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=day_widget()
    )

    def __init__(
        self, data: Any = None, *, company: Company, vehicle: Vehicle | None = None
    ) -> None:
        initial: dict[str, Any] = {}
        if vehicle is not None:
            initial = {name: getattr(vehicle, name) for name in FIELDS}
            initial["driver"] = vehicle.driver.public_id if vehicle.driver is not None else ""
        super().__init__(data, initial=initial)
        field = self.fields["driver"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Driver.objects.filter(company=company).order_by("name", "pk")


@require_safe
@company_page
def my_vehicle_list(request: HttpRequest, customer: Customer, company: Company) -> HttpResponse:
    """Every vehicle with its driver and cards."""
    text = request.GET.get("q", "")[:100].replace("\x00", "").strip()
    rows = vehicles_of(company)
    found = search_vehicles(rows, text) if text else rows
    today = operator_day(customer.operator)
    vehicles = [(one, one.shown_status(today)) for one in found[:MOST]]
    context = {"company": company, "vehicles": vehicles, "q": text}
    return my_render(request, customer, "vehicle_list.html", context)


@require_http_methods(["GET", "POST"])
@company_page
def my_vehicle_create(request: HttpRequest, customer: Customer, company: Company) -> HttpResponse:
    """A new vehicle of the company."""
    form = MyVehicleForm(posted(request), company=company)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(
            form,
            lambda: create_vehicle(operator=customer.operator, company=company, **values),
        )
        if made is not None:
            messages.success(request, _("The vehicle has been added."))
            return redirect("my_vehicle_list", customer.operator.slug)
    return _form(request, customer, form, _("New vehicle"), _("Create"))


@require_http_methods(["GET", "POST"])
@company_page
def my_vehicle_edit(
    request: HttpRequest, customer: Customer, company: Company, public_id: str
) -> HttpResponse:
    """Change a vehicle: driver, use, cost centre, last day."""
    vehicle = get_object_or_404(vehicles_of(company), public_id=public_id)
    form = MyVehicleForm(posted(request), company=company, vehicle=vehicle)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: change_vehicle(vehicle=vehicle, **values)):
            messages.success(request, _("The vehicle has been changed."))
            return redirect("my_vehicle_list", customer.operator.slug)
    title = _("Change %(name)s") % {"name": vehicle}
    return _form(request, customer, form, title, _("Save"))


def _form(
    request: HttpRequest, customer: Customer, form: MyVehicleForm, title: str, verb: str
) -> HttpResponse:
    context = {
        "title": title, "verb": verb, "form": form,
        "cancel_url": reverse("my_vehicle_list", args=[customer.operator.slug]),
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)
