"""A company's drivers, limits, sessions and costs, for who looks after it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from core.forms import attempt, attempted, posted
from core.lists.export import csv_lines
from core.lists.filters import with_words
from core.lists.spec import CsvColumn
from core.months import last_day
from customers.companies.models import Company
from customers.drivers import services
from customers.drivers.models import Driver
from customers.limits.selectors import use_this_month
from customers.limits.words import hours_lines
from customers.selfservice.company_forms import MyDriverForm, SpecificationForm
from customers.selfservice.customer import Customer, company_page
from customers.selfservice.forms import EmailForm
from customers.selfservice.invitations import invite_customer
from customers.selfservice.lists import (
    PERSON_COLUMNS,
    SESSION_COLUMNS,
    CompanySessionFilter,
    download,
    listing,
)
from customers.selfservice.mine import sessions_of, tokens_of, with_prices
from customers.selfservice.models import CustomerLogin
from customers.selfservice.page import my_render
from customers.selfservice.places import visible_sites
from customers.selfservice.year import Share, shares_of

EVERYONES = gettext_lazy("Everyone's sessions")
MOST_CHOICES: Final = 1000
SHARE_COLUMNS: Final = [
    CsvColumn(name)
    for name in (
        "key", "name", "cost_centre", "sessions", "energy_wh", "currency", "net", "tax", "gross",
    )
]  # fmt: skip


def find_driver(company: Company, public_id: str) -> Driver:
    """A driver of the company; 404 for every other one."""
    rows = Driver.objects.filter(company=company).select_related("company")
    driver: Driver = get_object_or_404(rows, public_id=public_id)
    return driver


@require_safe
@company_page
def my_driver_list(request: HttpRequest, customer: Customer, company: Company) -> HttpResponse:
    """Every driver with state, cards and log-in."""
    rows = Driver.objects.filter(company=company).annotate(
        token_count=Count("tokens", filter=Q(tokens__status="active"), distinct=True),
        login_count=Count("logins", filter=Q(logins__ended_at=None), distinct=True),
    )
    text = request.GET.get("q", "")
    found = with_words(rows, ("name", "email", "employee_number", "cost_centre"), text)
    today = operator_day(customer.operator)
    drivers = [(one, one.shown_status(today)) for one in found.order_by("name", "pk")[:1000]]
    context = {"company": company, "drivers": drivers, "q": text}
    return my_render(request, customer, "driver_list.html", context)


@require_safe
@company_page
def my_driver_detail(
    request: HttpRequest, customer: Customer, company: Company, public_id: str
) -> HttpResponse:
    """One driver: cards, limits and what is used of them, latest sessions."""
    driver = find_driver(company, public_id)
    now = timezone.now()
    context = {
        "driver": driver,
        "shown_status": driver.shown_status(operator_day(customer.operator)),
        "tokens": list(tokens_of(driver)[:50]),
        "latest": list(with_prices(sessions_of(driver))[:10]),
        "used": use_this_month(
            driver, "driver", driver.public_id, operator=customer.operator, now=now
        ),
        "sites": list(driver.allowed_sites.order_by("name", "pk")),
        "hours": hours_lines(driver.allowed_hours),
        "login": CustomerLogin.objects.filter(driver=driver, ended_at=None)
        .select_related("user").first(),
    }  # fmt: skip
    return my_render(request, customer, "driver_detail.html", context)


@require_http_methods(["GET", "POST"])
@company_page
def my_driver_create(request: HttpRequest, customer: Customer, company: Company) -> HttpResponse:
    """A new driver of the company."""
    form = MyDriverForm(posted(request), operator=customer.operator, sites=visible_sites(customer))
    if request.method == "POST" and form.is_valid():
        driver = attempt(
            form,
            lambda: services.create_driver(
                operator=customer.operator, company=company, **form.values()
            ),
        )
        if driver is not None:
            messages.success(request, _("The driver has been created."))
            return redirect("my_driver_detail", customer.operator.slug, driver.public_id)
    context = {
        "title": _("New driver"), "verb": _("Create"), "form": form,
        "cancel_url": reverse("my_driver_list", args=[customer.operator.slug]),
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)


@require_http_methods(["GET", "POST"])
@company_page
def my_driver_edit(
    request: HttpRequest, customer: Customer, company: Company, public_id: str
) -> HttpResponse:
    """Change a driver: name, cost centre, last day, limits of a month."""
    driver = find_driver(company, public_id)
    form = MyDriverForm(
        posted(request), operator=customer.operator, sites=visible_sites(customer), driver=driver
    )
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if attempted(form, lambda: services.change_driver(driver=driver, **values)):
            messages.success(request, _("The driver has been changed."))
            return redirect("my_driver_detail", customer.operator.slug, public_id)
    context = {
        "title": _("Change %(name)s") % {"name": driver}, "verb": _("Save"), "form": form,
        "cancel_url": reverse("my_driver_detail", args=[customer.operator.slug, public_id]),
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)


@require_http_methods(["GET", "POST"])
@company_page
def my_driver_end(
    request: HttpRequest, customer: Customer, company: Company, public_id: str
) -> HttpResponse:
    """Let today be the driver's last day; cards are refused from tomorrow, or block them now."""
    driver = find_driver(company, public_id)
    back = reverse("my_driver_detail", args=[customer.operator.slug, public_id])
    form = forms.Form(posted(request))
    today = operator_day(customer.operator)
    if form.is_valid() and attempted(form, lambda: services.end_driver(driver=driver, on=today)):
        messages.success(request, _("Today is the driver's last day."))
        return redirect(back)
    context = {
        "title": _("End %(name)s") % {"name": driver},
        "consequence": _(
            "From tomorrow on the driver's cards are refused. To stop them now, block each card."
        ),
        "verb": _("Let today be the last day"), "danger": True, "form": form, "cancel_url": back,
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)


@require_http_methods(["GET", "POST"])
@company_page
def my_driver_invite(
    request: HttpRequest, customer: Customer, company: Company, public_id: str
) -> HttpResponse:
    """Send a driver the way to their own portal."""
    driver = find_driver(company, public_id)
    form = EmailForm(posted(request), initial={"email": driver.email})
    back = reverse("my_driver_detail", args=[customer.operator.slug, public_id])
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if attempt(form, lambda: invite_customer(subject=driver, email=email)) is not None:
            messages.success(
                request, _("The invitation is on its way to %(email)s.") % {"email": email}
            )
            return redirect(back)
    context = {
        "title": _("Invite %(name)s") % {"name": driver},
        "text": _("The driver sees their own sessions and cards, never those of others."),
        "verb": _("Send invitation"), "form": form, "cancel_url": back,
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)


def session_choices(company: Company) -> dict[str, list[tuple[str, str]]]:
    """Drivers and cost centres to filter by: those that the company has, and had."""
    rows = Driver.objects.filter(company=company).order_by("name", "pk")
    named = list(rows.values_list("public_id", "name")[:MOST_CHOICES])
    centres = (
        rows.exclude(cost_centre="").order_by("cost_centre").values_list("cost_centre", flat=True)
    )
    return {
        "driver": named,
        "cost_centre": [(one, one) for one in centres.distinct()[:MOST_CHOICES]],
    }


@require_safe
@company_page
def my_company_session_list(
    request: HttpRequest, customer: Customer, company: Company
) -> HttpResponseBase:
    """Everyone's sessions with their prices."""
    rows = with_prices(sessions_of(company))
    filterset = CompanySessionFilter(
        request.GET, queryset=rows, request=request, choices=session_choices(company)
    )
    file = download(
        request, filterset, name="company-sessions", title=EVERYONES,
        columns=(*SESSION_COLUMNS, *PERSON_COLUMNS),
    )  # fmt: skip
    if file is not None:
        return file
    context = listing(request, filterset) | {"list_title": EVERYONES, "shows_people": True}
    return my_render(request, customer, "session_list.html", context)


@require_safe
@company_page
def my_specification(
    request: HttpRequest, customer: Customer, company: Company
) -> HttpResponseBase:
    """What a month cost by cost centre, driver or card; as a page and as CSV."""
    today = operator_day(customer.operator)
    asked = request.GET.copy()
    asked.setdefault("month", f"{today:%Y-%m}")
    asked.setdefault("by", "cost_centre")
    form = SpecificationForm(asked)
    shares: list[Share] = []
    if form.is_valid():
        first = form.cleaned_data["month"]
        shares = shares_of(company, first, last_day(first), by=form.cleaned_data["by"])
        if request.GET.get("format") == "csv":
            body = "".join(csv_lines(iter(shares), SHARE_COLUMNS))
            response = HttpResponse(body, content_type="text/csv; charset=utf-8")
            name = f"specification-{first:%Y-%m}-{form.cleaned_data['by']}.csv"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
    context: dict[str, Any] = {"form": form, "shares": shares, "by": asked["by"]}
    return my_render(request, customer, "specification.html", context)
