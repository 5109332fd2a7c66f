"""The page on which a company's drivers come from a file of HR."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import RuleViolation
from core.forms import attempt, posted
from customers.companies.models import Company
from customers.selfservice.customer import Customer, company_page
from customers.selfservice.forms import HrFileForm
from customers.selfservice.hr import HrPlan, read_file, spec_for, take_over
from customers.selfservice.page import my_render

LARGEST: int = 2_000_000
SHOWN: int = 200


@require_http_methods(["GET", "POST"])
@company_page
def my_driver_import(request: HttpRequest, customer: Customer, company: Company) -> HttpResponse:
    """Upload, look at what would be done, and do exactly that."""
    if "sealed" in request.POST:
        return _taken(request, customer, company)
    form = HrFileForm(posted(request), request.FILES or None)
    found: HrPlan | None = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > LARGEST:
            form.add_error("file", _("The file is too large."))
        else:
            raw, ends = upload.read(), form.cleaned_data["ends_others"]
            found = attempt(form, lambda: read_file(company=company, raw=raw, ends_others=ends))
    context: dict[str, Any] = {
        "form": form,
        "columns": spec_for(company).columns,
        "found": found,
        "rows": found.plan.rows[:SHOWN] if found is not None else [],
        "cancel_url": reverse("my_driver_list", args=[customer.operator.slug]),
    }
    return my_render(request, customer, "driver_import.html", context)


def _taken(request: HttpRequest, customer: Customer, company: Company) -> HttpResponse:
    try:
        counts = take_over(
            company=company, sealed=request.POST["sealed"], shown=request.POST.get("shown", "")
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return redirect("my_driver_import", customer.operator.slug)
    messages.success(
        request,
        _("%(create)d new, %(change)d changed, %(ended)d ended.")
        % {name: counts.get(name, 0) for name in ("create", "change", "ended")},
    )
    return redirect("my_driver_list", customer.operator.slug)
