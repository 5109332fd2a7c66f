"""The basis of wages of a company: the month, its rules, and charging at home to approve."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from core.errors import RuleViolation
from core.forms import attempt, posted
from core.months import first_day
from customers.companies.models import Company
from customers.payroll.files import as_csv, as_xlsx
from customers.payroll.models import PayrollRule
from customers.payroll.selectors import basis_of, home_of
from customers.payroll.services import add_rule, decide_home, remove_rule
from customers.selfservice.customer import Customer, company_page
from customers.selfservice.page import my_render
from customers.selfservice.payroll_forms import PayrollMonthForm, PayrollRuleForm

FILES = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def asked_month(request: HttpRequest, customer: Customer) -> tuple[PayrollMonthForm, date]:
    """The month of ``?month=``, else this one."""
    today = operator_day(customer.operator)
    asked = request.GET.copy()
    asked.setdefault("month", f"{today:%Y-%m}")
    form = PayrollMonthForm(asked)
    return form, form.cleaned_data["month"] if form.is_valid() else first_day(today)


@require_safe
@company_page
def my_payroll(request: HttpRequest, customer: Customer, company: Company) -> HttpResponseBase:
    """What each employee charged in a month and what the company pays; as a page and as files."""
    form, month = asked_month(request, customer)
    found = basis_of(company, month)
    wanted = FILES.get(request.GET.get("format", ""))
    if wanted is not None:
        write, content_type = wanted
        response = HttpResponse(write(found.rows), content_type=content_type)
        name = f"loneunderlag-{month:%Y-%m}.{request.GET['format']}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    context = {"form": form, "month": month, "basis": found, "company": company}
    return my_render(request, customer, "payroll.html", context)


@require_http_methods(["GET", "POST"])
@company_page
def my_payroll_rules(
    request: HttpRequest, customer: Customer, company: Company
) -> HttpResponseBase:
    """What the company pays, by place and vehicle, from which day; a new rule; ``remove``."""
    here = redirect("my_payroll_rules", customer.operator.slug)
    if request.method == "POST" and request.POST.get("remove"):
        try:
            remove_rule(company=company, ref=request.POST["remove"])
        except RuleViolation as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("The rule has been removed."))
        return here
    form = PayrollRuleForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if attempt(form, lambda: add_rule(company=company, **values)) is not None:
            messages.success(request, _("The rule has been added."))
            return here
    context = {"form": form, "rules": PayrollRule.objects.filter(company=company)}
    return my_render(request, customer, "payroll_rules.html", context)


@require_http_methods(["GET", "POST"])
@company_page
def my_home_charging(
    request: HttpRequest, customer: Customer, company: Company
) -> HttpResponseBase:
    """Sessions at home in a month with what they would pay: approve or refuse those chosen."""
    form, month = asked_month(request, customer)
    if request.method == "POST" and _decided(request, company, month):
        return redirect(
            f"{reverse('my_home_charging', args=[customer.operator.slug])}?month={month:%Y-%m}"
        )
    homes = home_of(company, month)
    chosen = {one.session.public_id for one in homes if one.decision is None}
    if request.method == "POST":
        chosen = set(request.POST.getlist("session"))
    context: dict[str, Any] = {
        "form": form, "month": month, "homes": homes, "chosen": chosen,
        "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return my_render(request, customer, "home_charging.html", context)


def _decided(request: HttpRequest, company: Company, month: date) -> bool:
    try:
        made = decide_home(
            company=company, month=month, sessions=request.POST.getlist("session"),
            approves=request.POST.get("verdict") == "approve",
            reason=request.POST.get("reason", "")[:500],
        )  # fmt: skip
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return False
    messages.success(request, _("Decided: %(count)d") % {"count": len(made)})
    return True
