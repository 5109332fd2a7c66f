"""A customer's own data, log-in history and choices."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import User
from core.errors import RuleViolation
from core.forms import attempted, posted
from customers.drivers.choices import CHOICES, DriverChoices
from customers.drivers.models import Driver
from customers.drivers.services import change_driver
from customers.selfservice.choosing import set_choices
from customers.selfservice.customer import Customer, customer_page, driver_page
from customers.selfservice.forms import ProfileForm
from customers.selfservice.mine import told_to
from customers.selfservice.page import my_render
from customers.selfservice.personal import export_of, forget_driver, history_of, why_not_deleted

NEWEST: Final = 20


@require_http_methods(["GET", "POST"])
@customer_page
def my_data(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What is kept, to be corrected; log-ins; which messages are wanted."""
    driver, user = customer.driver, request.user
    assert isinstance(user, User)
    form = None
    if driver is not None:
        row = DriverChoices.objects.filter(driver=driver).first() or DriverChoices(driver=driver)
        initial = {
            "name": driver.name, "phone": driver.phone, "language": driver.language,
            **{name: getattr(row, name) for name in CHOICES},
        }  # fmt: skip
        form = ProfileForm(posted(request), initial=initial)
        if request.method == "POST" and form.is_valid() and _saved(form, driver):
            messages.success(request, _("Saved."))
            return redirect("my_data", customer.operator.slug)
    context = {
        "driver": driver,
        "form": form,
        "told": list(told_to(customer)[:NEWEST]),
        "history": [] if customer.is_read_only else history_of(user),
        "obstacle": why_not_deleted(customer, driver) if driver is not None else "",
    }
    return my_render(request, customer, "data.html", context)


def _saved(form: ProfileForm, driver: Driver) -> bool:
    values = dict(form.cleaned_data)
    wanted = {name: values.pop(name) for name in CHOICES}
    return attempted(form, lambda: change_driver(driver=driver, **values)) and attempted(
        form, lambda: set_choices(driver=driver, **wanted)
    )


@require_safe
@driver_page
def my_export(request: HttpRequest, customer: Customer, driver: Driver) -> HttpResponseBase:
    """All that is kept of the driver, as a zip of JSON and CSV."""
    user = request.user if isinstance(request.user, User) and not customer.is_read_only else None
    name = f"my-data-{timezone.now():%Y-%m-%d}.zip"
    return FileResponse(export_of(customer, driver, user), as_attachment=True, filename=name)


@require_http_methods(["GET", "POST"])
@driver_page
def my_deletion(request: HttpRequest, customer: Customer, driver: Driver) -> HttpResponse:
    """End being a customer, and have one's name taken out."""
    user, slug = request.user, customer.operator.slug
    if not isinstance(user, User):
        raise Http404
    if request.method == "POST":
        try:
            forget_driver(customer=customer, driver=driver, user=user)
        except RuleViolation as refusal:
            messages.error(request, str(refusal.message))
            return redirect("my_data", slug)
        if not User.objects.filter(pk=user.pk, is_active=True).exists():
            logout(request)
        messages.success(request, _("Your data has been removed where the law lets us."))
        return redirect("my_portals")
    context = {
        "title": _("Delete my data"),
        "consequence": _(
            "Your cards stop at once and you cannot log in here any more. Your name, address, "
            "phone and registration numbers are removed. Invoices and what they bill stay for "
            "seven years, as bookkeeping law demands. This cannot be undone."
        ),
        "text": why_not_deleted(customer, driver),
        "verb": _("Delete my data"), "danger": True, "cancel_url": reverse("my_data", args=[slug]),
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)
