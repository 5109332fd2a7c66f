"""Creating, changing, blocking and activating a company."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.stale import StaleCheck
from customers.companies import services
from customers.companies.forms import CompanyForm
from customers.companies.models import Company, CompanyStatus
from customers.companies.selectors import companies
from customers.payers.page import may_set_payer, payer_page


def _company(public_id: str) -> Company:
    company: Company = get_object_or_404(companies(), public_id=public_id)
    return company


@permission_required(Permission.DRIVER_EDIT)
@require_http_methods(["GET", "POST"])
def company_create(request: HttpRequest) -> HttpResponse:
    """A new company."""
    form = CompanyForm(posted(request), may_set_payer=may_set_payer(request))
    operator = operator_of(request)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        company = attempt(form, lambda: services.create_company(operator=operator, **values))
        if company is not None:
            messages.success(request, _("The company has been created."))
            return redirect("company_detail", public_id=company.public_id)
    return render(request, "customers/companies/company_form.html", {"form": form, "company": None})


@permission_required(Permission.DRIVER_EDIT)
@require_http_methods(["GET", "POST"])
def company_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a company."""
    company = _company(public_id)
    form = CompanyForm(posted(request), instance=_company(public_id))
    check = StaleCheck(request, form, [company])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(company, form, changes):
            messages.success(request, _("The company has been changed."))
            return redirect("company_detail", public_id=public_id)
    context = {"form": form, "company": company} | check.context()
    return render(request, "customers/companies/company_form.html", context)


def _change(company: Company, form: CompanyForm, changes: dict[str, Any]) -> bool:
    return attempt(form, lambda: services.change_company(company=company, **changes)) is not None


@permission_required(Permission.DRIVER_EDIT)
@require_http_methods(["GET", "POST"])
def company_status(request: HttpRequest, public_id: str) -> HttpResponse:
    """Block an active company, or make it active again, with a reason."""
    company = _company(public_id)
    blocks = company.status == CompanyStatus.ACTIVE
    status = CompanyStatus.BLOCKED if blocks else CompanyStatus.ACTIVE
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form,
            lambda: services.set_company_status(company=company, status=status, reason=reason),
        )
        if done is not None:
            messages.success(
                request, _("The company is blocked.") if blocks else _("The company is active.")
            )
            return redirect("company_detail", public_id=public_id)
    context = {
        "title": (_("Block %(name)s") if blocks else _("Activate %(name)s")) % {"name": company},
        "consequence": _(
            "All drivers and cards of the company are refused from now on. Sessions that run go on."
        )
        if blocks
        else _("The company's drivers and cards are accepted again, within their limits."),
        "verb": _("Block") if blocks else _("Activate"),
        "form": form,
        "cancel_url": reverse("company_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def company_account(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another account that pays, from a day on."""
    company = _company(public_id)
    back = reverse("company_detail", args=[public_id])
    return payer_page(
        request, company, lambda v: services.set_company_account(company=company, **v), back
    )
