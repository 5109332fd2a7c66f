"""Creating, changing, blocking and activating a driver."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.stale import StaleCheck
from customers.companies.models import Company
from customers.drivers import services
from customers.drivers.forms import DriverForm
from customers.drivers.models import Driver, DriverStatus
from customers.drivers.selectors import drivers
from customers.payers.page import may_set_payer, payer_page


def _driver(public_id: str) -> Driver:
    driver: Driver = get_object_or_404(drivers(), public_id=public_id)
    return driver


@permission_required(Permission.DRIVER_EDIT)
@require_http_methods(["GET", "POST"])
def driver_create(request: HttpRequest) -> HttpResponse:
    """A new driver; ``?company=`` chooses the company."""
    company = Company.objects.filter(public_id=request.GET.get("company", "")).first()
    form = DriverForm(
        posted(request), initial={"company": company}, may_set_payer=may_set_payer(request)
    )
    operator = operator_of(request)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | _says_whose(request)
        driver = attempt(form, lambda: services.create_driver(operator=operator, **values))
        if driver is not None:
            messages.success(request, _("The driver has been created."))
            return redirect("driver_detail", public_id=driver.public_id)
    return render(request, "customers/drivers/driver_form.html", {"form": form, "driver": None})


@permission_required(Permission.DRIVER_EDIT)
@require_http_methods(["GET", "POST"])
def driver_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a driver."""
    driver = _driver(public_id)
    form = DriverForm(posted(request), instance=_driver(public_id))
    check = StaleCheck(request, form, [driver])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(driver, form, changes | _says_whose(request)):
            messages.success(request, _("The driver has been changed."))
            return redirect("driver_detail", public_id=public_id)
    context = {"form": form, "driver": driver} | check.context()
    return render(request, "customers/drivers/driver_form.html", context)


def _says_whose(request: HttpRequest) -> dict[str, Any]:
    """Whether a refusal may tell whose a vehicle is."""
    return {"names_holder": has_permission(request, Permission.DRIVER_VIEW)}


def _change(driver: Driver, form: DriverForm, changes: dict[str, Any]) -> bool:
    return attempt(form, lambda: services.change_driver(driver=driver, **changes)) is not None


@permission_required(Permission.DRIVER_EDIT)
@require_http_methods(["GET", "POST"])
def driver_status(request: HttpRequest, public_id: str) -> HttpResponse:
    """Block an active driver, or make them active again, with a reason."""
    driver = _driver(public_id)
    blocks = driver.status == DriverStatus.ACTIVE
    status = DriverStatus.BLOCKED if blocks else DriverStatus.ACTIVE
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form, lambda: services.set_driver_status(driver=driver, status=status, reason=reason)
        )
        if done is not None:
            messages.success(
                request, _("The driver is blocked.") if blocks else _("The driver is active.")
            )
            return redirect("driver_detail", public_id=public_id)
    context = {
        "title": (_("Block %(name)s") if blocks else _("Activate %(name)s")) % {"name": driver},
        "consequence": _(
            "All cards of the driver are refused from now on. A session that runs goes on."
        )
        if blocks
        else _("The driver's cards are accepted again, within their limits."),
        "verb": _("Block") if blocks else _("Activate"),
        "form": form,
        "cancel_url": reverse("driver_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def driver_account(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another account that pays, from a day on."""
    driver = _driver(public_id)
    back = reverse("driver_detail", args=[public_id])
    return payer_page(
        request, driver, lambda v: services.set_driver_account(driver=driver, **v), back
    )
