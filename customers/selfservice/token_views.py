"""Cards and app tokens of a customer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RuleViolation
from core.forms import attempt, attempted, posted
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.selfservice import cards
from customers.selfservice.company_forms import HolderForm
from customers.selfservice.customer import Customer, company_page, customer_page, driver_page
from customers.selfservice.forms import ActivateForm, LabelForm
from customers.selfservice.mine import visible_tokens
from customers.selfservice.page import my_render
from customers.tokens.holders import holdings
from customers.tokens.models import IdToken, TokenKind, TokenStatus


def find_token(customer: Customer, pk: int) -> IdToken:
    """A card that the customer may see; 404 for every other one."""
    token: IdToken = get_object_or_404(visible_tokens(customer), pk=pk)
    return token


@require_safe
@customer_page
def my_token_list(request: HttpRequest, customer: Customer) -> HttpResponse:
    """All of them; active ones first."""
    tokens = list(visible_tokens(customer)[:500])
    context = {
        "tokens": tokens,
        "shows_people": customer.company is not None,
        "has_app_token": any(
            one.kind == TokenKind.APP
            and one.status == "active"
            and customer.driver is not None
            and one.driver_id == customer.driver.pk
            for one in tokens
        ),
    }
    return my_render(request, customer, "token_list.html", context)


@require_http_methods(["GET", "POST"])
@customer_page
def my_token_detail(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    """One card, and its name."""
    token = find_token(customer, pk)
    form = LabelForm(posted(request), initial={"label": token.label})
    if request.method == "POST" and form.is_valid():
        label = form.cleaned_data["label"]
        if attempted(form, lambda: cards.rename_card(token=token, label=label)):
            messages.success(request, _("The card has its new name."))
            return redirect("my_token_detail", customer.operator.slug, pk)
    context = {
        "token": token, "form": form, "why": cards.why_blocked(token),
        "may_unblock": cards.may_unblock(customer, token),
        "holdings": holdings(token, customer.company) if customer.company is not None else [],
        "may_hand_over": customer.company is not None and token.status != TokenStatus.INVALID
        and customer.company.pk in (token.company_id, token.driver and token.driver.company_id),
    }  # fmt: skip
    return my_render(request, customer, "token_detail.html", context)


@require_http_methods(["GET", "POST"])
@customer_page
def my_token_block(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    """Block a card at once."""
    token = find_token(customer, pk)
    back = reverse("my_token_detail", args=[customer.operator.slug, pk])
    if request.method == "POST":
        try:
            cards.block_card(customer=customer, token=token)
            messages.success(request, _("The card is blocked."))
        except RuleViolation as refusal:
            messages.error(request, str(refusal.message))
        return redirect(back)
    context = {
        "title": _("Block %(card)s") % {"card": token},
        "consequence": _(
            "Stations refuse the card from now on; those without connection as soon as they have "
            "the new list. A session that runs goes on."
        ),
        "verb": _("Block at once"), "danger": True, "cancel_url": back,
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)


@require_http_methods(["GET", "POST"])
@customer_page
def my_token_unblock(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    """Let a card charge again that was blocked here."""
    token = find_token(customer, pk)
    back = reverse("my_token_detail", args=[customer.operator.slug, pk])
    if request.method == "POST":
        try:
            cards.unblock_card(customer=customer, token=token)
            messages.success(request, _("The card may charge again."))
        except RuleViolation as refusal:
            messages.error(request, str(refusal.message))
        return redirect(back)
    context = {
        "title": _("Let %(card)s charge again") % {"card": token},
        "text": _("Stations accept the card again, within its limits."),
        "verb": _("Let it charge again"), "cancel_url": back,
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)


@require_http_methods(["GET", "POST"])
@company_page
def my_token_holder(
    request: HttpRequest, customer: Customer, company: Company, pk: int
) -> HttpResponse:
    """Give a card of the company to one of its drivers, or back to the pool."""
    token = find_token(customer, pk)
    initial = {"driver": token.driver.public_id if token.driver is not None else ""}
    form = HolderForm(posted(request), company=company, initial=initial)
    if request.method == "POST" and form.is_valid():
        driver = form.cleaned_data["driver"]
        if attempted(form, lambda: cards.hand_over(company=company, token=token, driver=driver)):
            messages.success(request, _("The card has its new holder."))
            return redirect("my_token_detail", customer.operator.slug, pk)
    context = {
        "title": _("Hand over %(card)s") % {"card": token},
        "text": _("Sessions that begin from now on are those of who has the card then."),
        "verb": _("Hand over"), "form": form,
        "cancel_url": reverse("my_token_detail", args=[customer.operator.slug, pk]),
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)


@require_http_methods(["GET", "POST"])
@driver_page
def my_token_activate(request: HttpRequest, customer: Customer, driver: Driver) -> HttpResponse:
    """Make a card one's own by the number printed on it."""
    form = ActivateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        token = attempt(form, lambda: cards.activate_card(driver=driver, **values))
        if token is not None:
            messages.success(request, _("The card is yours. Stations accept it at once."))
            return redirect("my_token_detail", customer.operator.slug, token.pk)
    context = {
        "title": _("Activate a card"), "verb": _("Activate"), "form": form,
        "cancel_url": reverse("my_token_list", args=[customer.operator.slug]),
    }  # fmt: skip
    return my_render(request, customer, "form.html", context)


@require_POST
@driver_page
def my_token_app(request: HttpRequest, customer: Customer, driver: Driver) -> HttpResponse:
    """Make a token to start charging from here."""
    try:
        cards.make_app_token(driver=driver)
        messages.success(request, _("You can start charging from here now."))
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    return redirect("my_token_list", customer.operator.slug)
