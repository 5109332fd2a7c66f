"""Finding a place to charge, its page, starting, and telling that something is wrong."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RuleViolation
from core.forms import attempt, posted
from core.lists.paging import page_number, window
from customers.drivers.models import Driver
from customers.selfservice import starting
from customers.selfservice.coming import coming_energy
from customers.selfservice.customer import Customer, customer_page, driver_page
from customers.selfservice.forms import PlaceForm, ProblemForm
from customers.selfservice.models import ChargeStart
from customers.selfservice.page import my_fragment, my_render
from customers.selfservice.places import (
    evses_now,
    is_open,
    markers,
    sites_now,
    sites_that_fit,
    startable_tokens,
    visible_sites,
)
from customers.selfservice.reporting import report_problem
from stations.hardware.models import Evse
from stations.maintenance.known_faults import known_faults
from stations.sites.hours_text import write_hours
from stations.sites.models import Site
from stations.sites.selectors import hours_of

PAGE: Final = 50


def find_site(customer: Customer, public_id: str) -> Site:
    """A site that the customer may see; 404 for every other one."""
    site: Site = get_object_or_404(visible_sites(customer), public_id=public_id)
    return site


def find_evse(site: Site, pk: int) -> Evse:
    """An EVSE in use of a site."""
    rows = Evse.objects.select_related("station__site").filter(
        station__site=site, retired_on=None, station__retired_on=None
    )
    evse: Evse = get_object_or_404(rows, pk=pk)
    return evse


@require_safe
@customer_page
def my_station_list(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Sites with what is free now and the price for the customer, on a map and as a list."""
    form = PlaceForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    paginator = Paginator(sites_that_fit(customer, **wanted), PAGE)
    number = page_number(request.GET.get("page"), paginator.num_pages)
    found = sites_now(customer, list(paginator.page(number).object_list), timezone.now())
    context = {
        "form": form,
        "sites": found,
        "markers": markers(customer, found),
        "numbers": window(number, paginator.num_pages),
        "number": number,
        "is_filtered": any(wanted.values()),
    }
    return my_render(request, customer, "station_list.html", context)


def _site_context(customer: Customer, site: Site) -> dict[str, Any]:
    now = timezone.now()
    return {
        "site": site,
        "evses": evses_now(customer, site, now),
        "tokens": startable_tokens(customer),
        "is_open": is_open(site, now),
        "faults": known_faults(site),
    }


@require_safe
@customer_page
def my_site(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """One site: its EVSEs now with prices, hours, how to find it."""
    site = find_site(customer, public_id)
    hours = hours_of(site)
    context = _site_context(customer, site) | {
        "hours": write_hours(hours).split("; ") if hours is not None else [],
    }
    return my_render(request, customer, "site.html", context)


@require_safe
@customer_page
def my_site_now(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """The EVSEs alone, fetched again and again."""
    site = find_site(customer, public_id)
    return my_fragment(request, customer, "_evses.html", _site_context(customer, site))


@require_http_methods(["GET", "POST"])
@driver_page
def my_start(
    request: HttpRequest, customer: Customer, driver: Driver, public_id: str, pk: int
) -> HttpResponse:
    """The price once more, the card to use, and the button."""
    site = find_site(customer, public_id)
    evse = find_evse(site, pk)
    tokens = startable_tokens(customer)
    slug = customer.operator.slug
    if request.method == "POST":
        chosen = request.POST.get("token", "")
        token = next((one for one in tokens if str(one.pk) == chosen), None)
        try:
            if token is None:
                raise RuleViolation("token", _("Choose one of your cards."))
            start = starting.start_charging(driver=driver, token=token, evse=evse)
        except RuleViolation as refusal:
            messages.error(request, str(refusal.message))
            return redirect("my_start", slug, public_id, pk)
        return redirect("my_start_progress", slug, start.public_id)
    now = timezone.now()
    [shown] = [one for one in evses_now(customer, site, now) if one.evse.pk == evse.pk]
    coming = () if shown.is_free else coming_energy(shown.version, site, now)
    context = {"site": site, "one": shown, "tokens": tokens, "coming": coming}
    return my_render(request, customer, "start.html", context)


def _progress(driver: Driver, ref: str) -> dict[str, Any]:
    rows = ChargeStart.objects.select_related("command", "token", "evse__station__site")
    start = get_object_or_404(rows, driver=driver, public_id=ref)
    return {"start": start, "progress": starting.progress_of(start, timezone.now())}


@require_safe
@driver_page
def my_start_progress(
    request: HttpRequest, customer: Customer, driver: Driver, ref: str
) -> HttpResponse:
    """Where a start stands; leads on to the session once there is one."""
    context = _progress(driver, ref)
    session = context["progress"].session
    if session is not None and request.headers.get("HX-Request") != "true":
        return redirect("my_session_detail", customer.operator.slug, session.public_id)
    if request.headers.get("HX-Request") == "true":
        response = my_fragment(request, customer, "_progress.html", context)
        if session is not None:
            response["HX-Redirect"] = reverse(
                "my_session_detail", args=[customer.operator.slug, session.public_id]
            )
        return response
    return my_render(request, customer, "progress.html", context)


@require_POST
@driver_page
def my_start_cancel(
    request: HttpRequest, customer: Customer, driver: Driver, ref: str
) -> HttpResponse:
    """Take a start back."""
    start = _progress(driver, ref)["start"]
    try:
        starting.cancel_start(start=start)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    return redirect("my_start_progress", customer.operator.slug, ref)


@require_http_methods(["GET", "POST"])
@customer_page
def my_report(request: HttpRequest, customer: Customer, public_id: str, pk: int) -> HttpResponse:
    """Tell that something is wrong with an EVSE, with photos, and follow it."""
    site = find_site(customer, public_id)
    evse = find_evse(site, pk)
    form = ProblemForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        case = attempt(form, lambda: report_problem(customer=customer, evse=evse, **values))
        if case is not None:
            messages.success(request, _("Thank you. We look at it; you can follow it here."))
            return redirect("my_case_detail", customer.operator.slug, case.public_id)
    context = {
        "title": _("Report a problem at %(place)s") % {"place": evse},
        "verb": _("Send"),
        "form": form,
        "cancel_url": reverse("my_site", args=[customer.operator.slug, public_id]),
    }
    return my_render(request, customer, "form.html", context)
