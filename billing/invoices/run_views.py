"""Pages of billing runs and of how a seller invoices."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from billing.invoices.clock import month_before
from billing.invoices.forms import RulesForm, RunForm
from billing.invoices.lists import RUNS
from billing.invoices.run_models import BillingRun
from billing.invoices.runs import (
    approve_run,
    change_rules,
    discard_run,
    plan_run,
    refresh_run,
    rules_of,
)
from billing.invoices.selectors import preview, runs
from billing.invoices.tasks import work_runs
from billing.review.reasons import name_of
from billing.sellers.models import Seller
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.forms import attempt, posted
from core.lists.views import list_view
from core.soon import soon

billing_run_list = list_view(RUNS)


def _run(public_id: str) -> BillingRun:
    run: BillingRun = get_object_or_404(runs(), public_id=public_id)
    return run


@permission_required(Permission.INVOICE_VIEW)
@require_safe
def billing_run_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A run: who gets what, what is held or carried over and why, and what is new."""
    run = _run(public_id)
    seen = preview(run)
    context = {
        "run": run,
        "preview": seen,
        "held": [(name_of(one.code), one) for one in seen.held],
        "can_edit": has_permission(request, Permission.INVOICE_EDIT),
        "can_issue": has_permission(request, Permission.INVOICE_ISSUE),
        "sees_review": has_permission(request, Permission.REVIEW_VIEW),
    }
    return render(request, "billing/invoices/billing_run_detail.html", context)


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def billing_run_create(request: HttpRequest) -> HttpResponse:
    """Begin a run; its drafts are made by the worker and wait for approval."""
    first, last = month_before(operator_day(operator_of(request)))
    initial = {
        "period_from_on": first,
        "period_until_on": last,
        "account": request.GET.get("account"),
    }
    form = RunForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        run = attempt(form, lambda: _planned(form))
        if run is not None:
            soon(work_runs)
            messages.success(request, _("The run is being prepared."))
            return redirect("billing_run_detail", public_id=run.public_id)
    return render(request, "billing/invoices/billing_run_form.html", {"form": form})


def _planned(form: RunForm) -> BillingRun:
    values = form.cleaned_data
    return plan_run(
        seller=values["seller"],
        period=(values["period_from_on"], values["period_until_on"]),
        now=timezone.now(),
        account=values["account"],
        ignores_minimum=values["ignores_minimum"],
    )


def _confirm(
    request: HttpRequest, run: BillingRun, question: Question, act: Callable[[str], object]
) -> HttpResponse:
    back_url = reverse("billing_run_detail", args=[run.public_id])

    def acted(reason: str) -> None:
        act(reason)
        soon(work_runs)

    def then_url() -> str:
        is_there = BillingRun.objects.filter(pk=run.pk).exists()
        return back_url if is_there else reverse("billing_run_list")

    return confirm(request, question, acted, back_url=back_url, then_url=then_url)


@permission_required(Permission.INVOICE_ISSUE)
@require_http_methods(["GET", "POST"])
def billing_run_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Issue all drafts of a run."""
    run = _run(public_id)
    question = Question(
        _("Issue the invoices of the run"),
        _("All its drafts get numbers and stay as they are. Only credit notes correct them."),
        _("Issue"),
        _("The invoices are being issued."),
    )
    return _confirm(request, run, question, lambda reason: approve_run(run=run, reason=reason))


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def billing_run_refresh(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the drafts of a run anew."""
    run = _run(public_id)
    question = Question(
        _("Make the drafts anew"),
        _("The drafts are thrown away and made of what is due now."),
        _("Make anew"),
        _("The run is being prepared."),
    )
    return _confirm(request, run, question, lambda reason: refresh_run(run=run, reason=reason))


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def billing_run_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a run away with its drafts."""
    run = _run(public_id)
    question = Question(
        _("Throw the run away"),
        _("Its drafts go with it; what they billed is due again."),
        _("Throw away"),
        _("The run is gone."),
    )
    return _confirm(request, run, question, lambda reason: discard_run(run=run, reason=reason))


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def billing_rules(request: HttpRequest, public_id: str) -> HttpResponse:
    """How a seller invoices."""
    seller: Seller = get_object_or_404(Seller.objects.all(), public_id=public_id)
    rules = rules_of(seller)
    form = RulesForm(posted(request), instance=rules)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: change_rules(seller=seller, **values)) is not None:
            messages.success(request, _("The rules have been changed."))
            return redirect("billing_run_list")
    context = {"form": form, "seller": seller}
    return render(request, "billing/invoices/billing_rules.html", context)
