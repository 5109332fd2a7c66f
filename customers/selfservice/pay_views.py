"""Paying invoices by card, and the cards that a customer saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments.cards import methods, paying
from billing.payments.cards.account_models import PaymentMethod
from billing.payments.cards.models import CardPayment
from core.errors import RuleViolation
from customers.selfservice.customer import NOTHING_CHANGES, Customer, customer_page
from customers.selfservice.mine import accounts_of
from customers.selfservice.page import my_render
from customers.selfservice.paying import Payable, payables_of


def _absolute(name: str, *args: object) -> str:
    return settings.PUBLIC_URL + reverse(name, args=args)


def _accounts(customer: Customer) -> list[BillingAccount]:
    """The customer's accounts of which the operator takes cards."""
    found = accounts_of(customer, operator_day(customer.operator))
    return [one for one in found if methods.can_pay(one)]


def _account(customer: Customer, public_id: str) -> BillingAccount:
    found = next((one for one in _accounts(customer) if one.public_id == public_id), None)
    if found is None:
        raise Http404
    return found


def _method(customer: Customer, public_id: str) -> PaymentMethod:
    for account in _accounts(customer):
        found = methods.methods_of(account).filter(public_id=public_id).first()
        if found is not None:
            return found
    raise Http404


@require_http_methods(["GET", "POST"])
@customer_page
def my_pay(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What can be paid by card; ``?invoice=`` chooses one, else all of an account."""
    found = payables_of(customer, _accounts(customer), request.GET.get("invoice", ""))
    if request.method == "POST":
        chosen = set(request.POST.getlist("invoice"))
        for one in found:
            invoices = [row for row in one.invoices if row.public_id in chosen]
            if invoices:
                return _paid(request, customer, one, invoices)
        messages.error(request, _("Choose invoices to pay."))
        return redirect("my_pay", customer.operator.slug)
    return my_render(request, customer, "pay.html", {"payables": found})


def _paid(
    request: HttpRequest, customer: Customer, wanted: Payable, invoices: list[Invoice]
) -> HttpResponse:
    slug = customer.operator.slug
    card = request.POST.get("method", "")
    method = next((one for one in wanted.methods if one.public_id == card), None)
    try:
        payment = paying.pay_now(
            account=wanted.account,
            invoices=invoices,
            return_url=_absolute("my_pay_back", slug),
            cancel_url=_absolute("my_pay", slug),
            method=method,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return redirect("my_pay", slug)
    if payment.state == "waiting" and payment.url:
        return HttpResponseRedirect(payment.url)
    return redirect("my_payment", slug, payment.public_id)


def _payment(customer: Customer, public_id: str) -> CardPayment:
    accounts = [one.pk for one in _accounts(customer)]
    rows = CardPayment.objects.filter(account__in=accounts).prefetch_related("parts__invoice")
    payment: CardPayment = get_object_or_404(rows, public_id=public_id)
    return payment


@require_safe
@customer_page
def my_payment(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """Where a payment stands; leads on to the provider's page while that waits."""
    payment = _payment(customer, public_id)
    return my_render(request, customer, "payment.html", _outcome(payment))


def _outcome(payment: CardPayment) -> dict[str, Any]:
    return {
        "payment": payment,
        "invoices": [part.invoice for part in payment.parts.all()],
        "go_to": payment.url if payment.state == "waiting" else "",
    }


@require_safe
@customer_page
def my_pay_back(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Where the provider sends people back to: what became of it, asked anew and kept."""
    public_id, slug = request.GET.get("payment", ""), customer.operator.slug
    if customer.is_read_only:
        raise PermissionDenied(NOTHING_CHANGES)
    for account in _accounts(customer):
        try:
            found = paying.returned(account=account, public_id=public_id)
        except RuleViolation as refusal:
            messages.error(request, str(refusal.message))
            return redirect("my_cards_saved", slug)
        if isinstance(found, CardPayment):
            return redirect("my_payment", slug, found.public_id)
        if found is not None:
            messages.success(request, _("The card has been saved."))
            return redirect("my_cards_saved", slug)
    return redirect("my_cards_saved", slug)


@require_safe
@customer_page
def my_cards_saved(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Saved cards, which is taken first, and automatic payment; the latest payments."""
    today = operator_day(customer.operator)
    accounts = [
        {
            "account": one,
            "methods": [
                (card, card.is_expired(today), card.is_expiring(today))
                for card in methods.methods_of(one)
            ],
            "automatic": methods.automatic_of(one),
            "is_test": methods.is_test(one),
            "payments": list(paying.payments_of(one)[:10]),
        }
        for one in _accounts(customer)
    ]
    return my_render(request, customer, "saved_cards.html", {"accounts": accounts})


@require_POST
@customer_page
def my_card_add(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Lead to the provider's page on which a card is saved."""
    account = _account(customer, request.POST.get("account", ""))
    slug = customer.operator.slug
    try:
        go_to = methods.start_adding(
            account=account,
            return_url=_absolute("my_pay_back", slug),
            cancel_url=_absolute("my_cards_saved", slug),
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return redirect("my_cards_saved", slug)
    return HttpResponseRedirect(go_to)


def _change(
    request: HttpRequest, customer: Customer, call: Callable[[], object], said: str
) -> HttpResponse:
    try:
        call()
        messages.success(request, said)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    return redirect("my_cards_saved", customer.operator.slug)


@require_POST
@customer_page
def my_card_default(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """Take this card first."""
    card = _method(customer, public_id)
    said = _("This card is taken first now.")
    return _change(request, customer, lambda: methods.set_default(method=card), said)


@require_POST
@customer_page
def my_card_remove(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """Forget a card."""
    card = _method(customer, public_id)
    said = _("The card has been removed.")
    return _change(request, customer, lambda: methods.remove(method=card), said)


@require_POST
@customer_page
def my_automatic(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Pay invoices by card when they are due, or no longer."""
    account = _account(customer, request.POST.get("account", ""))
    is_on = request.POST.get("is_on") == "1"
    said = (
        _("Invoices are paid by card when they are due.")
        if is_on
        else _("Invoices are no longer paid by themselves.")
    )
    return _change(
        request, customer, lambda: methods.set_automatic(account=account, is_on=is_on), said
    )
