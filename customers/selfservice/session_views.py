"""Sessions of a customer: the list, one of them, its curve, stopping it, objecting to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import RuleViolation
from core.files.serving import pdf_response
from core.forms import attempt, posted
from customers.drivers.models import Driver
from customers.selfservice.customer import Customer, customer_page, driver_page
from customers.selfservice.forms import TextForm
from customers.selfservice.lists import SESSION_COLUMNS, MySessionFilter, download, listing
from customers.selfservice.mine import sessions_of, visible_sessions, with_prices
from customers.selfservice.objecting import object_to_session
from customers.selfservice.page import my_render
from customers.selfservice.receipt import receipt_pdf
from customers.selfservice.session_page import current_price, session_context
from customers.selfservice.stopping import stop_session
from stations.sessions.chart import chart
from stations.sessions.curve import curve
from stations.sessions.models import Session

MY_SESSIONS = gettext_lazy("My sessions")


def find_session(customer: Customer, public_id: str) -> Session:
    """A session that the customer may open; 404 for every other one."""
    rows = visible_sessions(customer).select_related(
        "station__site", "evse", "billing__tariff_version", "billing__price_group"
    )
    session: Session = get_object_or_404(rows, public_id=public_id)
    return session


@require_safe
@driver_page
def my_session_list(request: HttpRequest, customer: Customer, driver: Driver) -> HttpResponseBase:
    """What the driver charged, with filters and as a file."""
    rows = with_prices(sessions_of(driver))
    filterset = MySessionFilter(request.GET, queryset=rows, request=request)
    file = download(
        request, filterset, name="my-sessions", title=MY_SESSIONS, columns=SESSION_COLUMNS
    )
    if file is not None:
        return file
    context = listing(request, filterset) | {"list_title": MY_SESSIONS, "shows_people": False}
    return my_render(request, customer, "session_list.html", context)


@require_safe
@customer_page
def my_session_detail(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """Where, when, what it cost and why, and the readings behind it."""
    session = find_session(customer, public_id)
    return my_render(request, customer, "session_detail.html", session_context(customer, session))


@require_safe
@customer_page
def my_session_curve(request: HttpRequest, customer: Customer, public_id: str) -> JsonResponse:
    """Series for the chart, in the zone of the site."""
    session = find_session(customer, public_id)
    return JsonResponse(chart(curve(session), zone=session.station.site.time_zone))


@require_safe
@customer_page
def my_session_receipt(
    request: HttpRequest, customer: Customer, public_id: str
) -> HttpResponseBase:
    """The receipt of a session that has its price."""
    session = find_session(customer, public_id)
    price = current_price(session)
    if price is None:
        messages.error(request, _("This session has no price yet."))
        return redirect("my_session_detail", customer.operator.slug, public_id)
    return pdf_response(receipt_pdf(customer, session, price), f"{session.public_id}.pdf")


@require_http_methods(["GET", "POST"])
@customer_page
def my_session_stop(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """Ask the station to end a session, once the customer has confirmed it."""
    session = find_session(customer, public_id)
    back = reverse("my_session_detail", args=[customer.operator.slug, public_id])
    if request.method == "POST":
        try:
            stop_session(session=session)
            messages.success(request, _("The station is asked to stop. It takes a moment."))
        except RuleViolation as refusal:
            messages.error(request, str(refusal.message))
        return redirect(back)
    context = {
        "title": _("Stop charging"),
        "text": _("The station ends the session at %(place)s.") % {"place": session.station},
        "verb": _("Stop charging"), "danger": True, "cancel_url": back,
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)


@require_http_methods(["GET", "POST"])
@customer_page
def my_session_dispute(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """Say that a session is wrong; people look at it, and nothing is demanded meanwhile."""
    session = find_session(customer, public_id)
    form = TextForm(posted(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        case = attempt(
            form, lambda: object_to_session(customer=customer, session=session, text=text)
        )
        if case is not None:
            messages.success(request, _("We look at it and answer here."))
            return redirect("my_case_detail", customer.operator.slug, case.public_id)
    context = {
        "title": _("Object to this session"),
        "text": _(
            "Somebody looks at the session with its readings. What is not invoiced waits until "
            "then; for what is, no reminders are sent."
        ),
        "verb": _("Send"),
        "form": form,
        "cancel_url": reverse("my_session_detail", args=[customer.operator.slug, public_id]),
    }
    return my_render(request, customer, "form.html", context)
