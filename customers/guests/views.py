"""Pages of guests: no log-in; the code on a connector, then the link of the visit alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import Operator
from core.accounts.permissions import Permission, allowed
from core.errors import RuleViolation
from core.files.serving import pdf_response
from core.forms import attempt, posted
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from core.tries import refuse_many
from customers.guests import abuse, visits
from customers.guests.forms import EmailForm, PayForm
from customers.guests.links import find_code, find_visit, ref_of
from customers.guests.models import GuestCode, GuestVisit, VisitState
from customers.guests.offer import Offer, offer_at
from customers.guests.paying_later import pay_later
from customers.guests.receipts import guest_receipt_pdf, send_receipt_to
from customers.guests.settling import look_after
from customers.guests.shown import visit_context
from customers.selfservice.session_page import reader_language
from customers.selfservice.stopping import stop_session
from customers.selfservice.texts import shown_texts
from stations.maintenance.known_faults import known_faults

GuestPage = Callable[..., HttpResponseBase]


def _inside(
    request: HttpRequest, operator: Operator, zone: str, call: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """No right of a member reaches into these pages, whoever the person is elsewhere."""
    request.membership, request.operator = None, operator  # type: ignore[attr-defined]  # set by the middleware
    with operator_scope(operator), limited_to(None), timezone.override(ZoneInfo(zone)):
        return call()


def code_page(view: GuestPage) -> GuestPage:
    """Run ``view(request, code)`` for the connector that a code names; 404 for every other."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, code: str) -> HttpResponseBase:
        try:
            abuse.refuse_many_looks(request)
        except RuleViolation as refusal:
            return render(
                request, "customers/guests/wait.html", {"why": refusal.message}, status=429
            )
        found = find_code(code.lower())
        if found is None:
            raise Http404
        zone = found.connector.evse.station.site.time_zone
        return _inside(request, found.operator, zone, lambda: view(request, found))

    return guarded


def visit_page(view: GuestPage) -> GuestPage:
    """Run ``view(request, visit)`` for the visit that a signed link names; 404 for a link that
    is forged, too old, or another visit's."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, ref: str) -> HttpResponseBase:
        visit = find_visit(ref, timezone.now())
        if visit is None:
            raise Http404
        zone = visit.evse.station.site.time_zone
        return _inside(request, visit.operator, zone, lambda: view(request, visit))

    return guarded


def _around(operator: Operator) -> dict[str, Any]:
    return {"operator": operator}


@require_http_methods(["GET", "POST"])
@code_page
def guest_code(request: HttpRequest, code: GuestCode) -> HttpResponse:
    """The price, the state of the connector, the terms, and how to pay."""
    offer = offer_at(code.connector, timezone.now())
    form = _pay_form(request, offer)
    if request.method == "POST" and form.is_valid():
        visit = attempt(form, lambda: _begun(request, code, form))
        if visit is not None:
            return _to_payment(visit)
    connector = code.connector
    context = {
        "code": code,
        "offer": offer,
        "connector": connector,
        "evse": connector.evse,
        "site": connector.evse.station.site,
        "form": form,
        "texts": shown_texts(code.operator),
        "faults": known_faults(connector.evse.station.site, connector.evse),
        "is_technician": _is_technician(request, code.operator),
    }
    return render(request, "customers/guests/code.html", _around(code.operator) | context)


def _is_technician(request: HttpRequest, operator: Operator) -> bool:
    """Whether somebody looks who works on site here: the code leads them to their order."""
    return any(
        one.operator_id == operator.pk and allowed(one.role, Permission.ORDER_WORK)
        for one in getattr(request, "memberships", ())
    )


def _pay_form(request: HttpRequest, offer: Offer) -> PayForm:
    return PayForm(
        posted(request), initial={"shape": offer.shapes[0]}, amounts=offer.prepaid_choices,
        hold=offer.hold_amount, currency=offer.currency, shapes=offer.shapes,
    )  # fmt: skip


def _begun(request: HttpRequest, code: GuestCode, form: PayForm) -> GuestVisit:
    abuse.refuse_many_payments(request, code.connector_id)
    return visits.begin_visit(
        connector=code.connector, shape=form.cleaned_data["shape"],
        amount=form.cleaned_data["amount"], email=form.cleaned_data["email"],
        language=reader_language(),
    )  # fmt: skip


def _to_payment(visit: GuestVisit) -> HttpResponse:
    """On to the provider's page; to the visit where it gave no answer."""
    payment = visit.card_payment
    if payment is not None and payment.url:
        return redirect(payment.url)
    return redirect("guest_visit", ref_of(visit))


@require_safe
@code_page
def guest_terms(request: HttpRequest, code: GuestCode) -> HttpResponse:
    """The operator's terms in the reader's language."""
    context = {"code": code, "texts": shown_texts(code.operator)}
    return render(request, "customers/guests/terms.html", _around(code.operator) | context)


@require_safe
@visit_page
def guest_back(request: HttpRequest, visit: GuestVisit) -> HttpResponse:
    """Where the provider's page leads: it is asked, so a late webhook does not matter."""
    visits.come_back(visit=visit)
    look_after(visit, timezone.now())
    return redirect("guest_visit", ref_of(visit))


@require_safe
@visit_page
def guest_visit(request: HttpRequest, visit: GuestVisit) -> HttpResponse:
    """The visit as it stands: waiting, ready, charging with its figures, the receipt."""
    look_after(visit, timezone.now())
    context = visit_context(visit) | {"ref": ref_of(visit), "email_form": EmailForm()}
    if request.headers.get("HX-Request") == "true":
        return render(request, "customers/guests/_visit.html", context)
    return render(request, "customers/guests/visit.html", _around(visit.operator) | context)


def _done(request: HttpRequest, visit: GuestVisit, call: Callable[[], object]) -> HttpResponse:
    """Do something, tell why not, and back to the visit."""
    try:
        call()
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    return redirect("guest_visit", ref_of(visit))


@require_POST
@visit_page
def guest_start(request: HttpRequest, visit: GuestVisit) -> HttpResponse:
    """Ask the station to start."""

    def start() -> None:
        refuse_many(f"guest-start:{visit.pk}", abuse.STARTS_AN_HOUR)
        visits.start_visit(visit=visit)

    return _done(request, visit, start)


@require_POST
@visit_page
def guest_stop(request: HttpRequest, visit: GuestVisit) -> HttpResponse:
    """Ask the station to stop."""

    def stop() -> None:
        if visit.state != VisitState.CHARGING or visit.session is None:
            raise RuleViolation("not_charging", _("Nothing is charging."))
        stop_session(session=visit.session, by=visits.GUEST)
        messages.success(request, _("The station is asked to stop. It takes a moment."))

    return _done(request, visit, stop)


@require_POST
@visit_page
def guest_call_off(request: HttpRequest, visit: GuestVisit) -> HttpResponse:
    """All money back before anything began."""

    def call_off() -> None:
        visits.call_off(visit=visit)
        look_after(visit, timezone.now())

    return _done(request, visit, call_off)


@require_POST
@visit_page
def guest_pay_later(request: HttpRequest, visit: GuestVisit) -> HttpResponse:
    """On to the provider's page for what the hold did not pay."""
    try:
        abuse.refuse_many_payments(request, visit.connector_id or 0)
        payment = pay_later(visit=visit)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return redirect("guest_visit", ref_of(visit))
    return redirect(payment.url) if payment.url else redirect("guest_visit", ref_of(visit))


@require_POST
@visit_page
def guest_mail(request: HttpRequest, visit: GuestVisit) -> HttpResponse:
    """Send the receipt to an address."""
    form = EmailForm(request.POST)

    def send() -> None:
        if not form.is_valid():
            raise RuleViolation("email", _("Write an e-mail address."))
        refuse_many(f"guest-mail:{visit.pk}", abuse.MAILS_AN_HOUR)
        send_receipt_to(visit=visit, email=form.cleaned_data["email"])
        messages.success(request, _("The receipt is on its way."))

    return _done(request, visit, send)


@require_safe
@visit_page
def guest_receipt(request: HttpRequest, visit: GuestVisit) -> HttpResponseBase:
    """The receipt as a PDF."""
    found = guest_receipt_pdf(visit)
    if found is None:
        raise Http404
    return pdf_response(found, f"{visit.public_id}.pdf")
