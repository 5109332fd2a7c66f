"""Problems and questions of a customer, and the terms they agreed to."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.middleware import client_address
from core.accounts.models import Membership, User
from core.forms import attempted, posted
from customers.selfservice.customer import Customer, customer_page
from customers.selfservice.forms import AgreeForm, AnswerForm
from customers.selfservice.logins import agree
from customers.selfservice.models import Consent
from customers.selfservice.page import my_render
from customers.selfservice.texts import not_agreed, shown_texts
from customers.support.models import CaseEntry, EntryKind, SupportCase
from customers.support.services import SHARED, add_note

SHOWN_KINDS: Final = (EntryKind.OPENED, EntryKind.CLOSED, EntryKind.REOPENED)


def visible_cases(customer: Customer) -> QuerySet[SupportCase]:
    """Cases about the driver, or that were opened here for the company; the newest first."""
    wanted = Q(pk__in=[])
    if customer.driver is not None:
        wanted |= Q(driver=customer.driver)
    if (company := customer.company) is not None:
        # Who looks after a company may drive too, or work for the operator: what they opened as
        # that is nothing of the company's.
        staff = Membership.objects.filter(operator=customer.operator).values("user")
        opened_here = Q(caller_name=company.name[:120]) | ~Q(opened_by__in=staff)
        wanted |= Q(opened_by__customer_logins__company=company, driver=None) & opened_here
    rows: QuerySet[SupportCase] = SupportCase.objects.filter(wanted).distinct()
    return rows.select_related("station__site", "session", "evse").order_by("-opened_at", "-id")


def shown_entries(case: SupportCase) -> QuerySet[CaseEntry]:
    """What was said; what staff write among themselves stays theirs."""
    rows: QuerySet[CaseEntry] = CaseEntry.objects.filter(case=case).filter(
        Q(kind__in=SHOWN_KINDS)
        | Q(kind__in=(EntryKind.NOTE, EntryKind.FIXED), **{f"data__{SHARED}": True})
    )
    return rows.order_by("at", "id")


@require_safe
@customer_page
def my_case_list(request: HttpRequest, customer: Customer) -> HttpResponse:
    """All of them."""
    cases = list(visible_cases(customer)[:100])
    return my_render(request, customer, "case_list.html", {"cases": cases})


@require_http_methods(["GET", "POST"])
@customer_page
def my_case_detail(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """What was said by whom, and an answer."""
    case = get_object_or_404(visible_cases(customer), public_id=public_id)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if attempted(form, lambda: add_note(case=case, text=text, is_shared=True)):
            messages.success(request, _("Your message has been sent."))
            return redirect("my_case_detail", customer.operator.slug, public_id)
    context = {"case": case, "said": shown_entries(case), "form": form}
    return my_render(request, customer, "case_detail.html", context)


@require_http_methods(["GET", "POST"])
@customer_page
def my_terms(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The texts in force, what the person agreed to and when; agreeing to new ones."""
    user = request.user
    assert isinstance(user, User)
    wanted = [] if customer.is_read_only else not_agreed(customer.operator, user)
    form = AgreeForm(posted(request), texts=wanted)
    if request.method == "POST" and form.is_valid():
        agree(user=user, texts=wanted, source_ip=client_address(request))
        messages.success(request, _("Thank you. Your agreement has been stored."))
        return redirect("my_home", customer.operator.slug)
    consents = Consent.objects.none()
    if not customer.is_read_only:
        consents = Consent.objects.filter(user=user).select_related("text")
    context = {
        "texts": shown_texts(customer.operator), "wanted": wanted, "form": form,
        "consents": consents,
    }  # fmt: skip
    return my_render(request, customer, "terms.html", context)
