"""Creating, changing, blocking an account; its price group; its VAT number."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.accounts import membership_services, services
from billing.accounts.dated import operator_day
from billing.accounts.forms import AccountForm, MembershipForm
from billing.accounts.models import AccountStatus, BillingAccount
from billing.accounts.page import find_account_or_404
from billing.accounts.vat_services import check_vat_number
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import ReasonForm, attempt, posted
from core.stale import StaleCheck

FORM = "billing/accounts/account_form.html"


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def account_create(request: HttpRequest) -> HttpResponse:
    """A new account, with the operator's country, language and currency to begin with."""
    operator = operator_of(request)
    initial = {
        "country_code": operator.country_code,
        "language": operator.language,
        "currency": operator.currency,
    }
    form = AccountForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        account = attempt(form, lambda: services.create_account(operator=operator, **values))
        if account is not None:
            messages.success(request, _("The account has been created."))
            return redirect("billing_account_detail", public_id=account.public_id)
    return render(request, FORM, {"form": form, "account": None})


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def account_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an account."""
    account = find_account_or_404(public_id)
    form = AccountForm(posted(request), instance=find_account_or_404(public_id))
    check = StaleCheck(request, form, [account])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(account, form, changes):
            messages.success(request, _("The account has been changed."))
            return redirect("billing_account_detail", public_id=public_id)
    context = {"form": form, "account": account} | check.context()
    return render(request, FORM, context)


def _change(account: BillingAccount, form: AccountForm, changes: dict[str, Any]) -> bool:
    return attempt(form, lambda: services.change_account(account=account, **changes)) is not None


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def account_status(request: HttpRequest, public_id: str) -> HttpResponse:
    """Block an active account, or make it active again, with a reason."""
    account = find_account_or_404(public_id)
    blocks = account.status == AccountStatus.ACTIVE
    status = AccountStatus.BLOCKED if blocks else AccountStatus.ACTIVE
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form,
            lambda: services.set_account_status(account=account, status=status, reason=reason),
        )
        if done is not None:
            messages.success(
                request, _("The account is blocked.") if blocks else _("The account is active.")
            )
            return redirect("billing_account_detail", public_id=public_id)
    context = {
        "title": (_("Block %(name)s") if blocks else _("Activate %(name)s")) % {"name": account},
        "consequence": _(
            "Cards of its drivers and companies are refused from now on. Sessions that run go on."
        )
        if blocks
        else _("Cards of its drivers and companies are accepted again, within their limits."),
        "verb": _("Block") if blocks else _("Activate"),
        "form": form,
        "cancel_url": reverse("billing_account_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def account_price_group(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another price group from a day on."""
    account = find_account_or_404(public_id)
    form = MembershipForm(posted(request), initial={"from_on": operator_day(account.operator)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done = attempt(form, lambda: membership_services.set_price_group(account=account, **values))
        if done is not None:
            messages.success(request, _("The price group has been set."))
            return redirect("billing_account_detail", public_id=public_id)
    return render(
        request, "billing/accounts/account_price_group.html", {"form": form, "account": account}
    )


@permission_required(Permission.ACCOUNT_EDIT)
@require_POST
def account_vat_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask VIES about the account's VAT number."""
    account = find_account_or_404(public_id)
    try:
        check = check_vat_number(account=account, now=timezone.now(), asks_again=True)
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
    else:
        told = {"number": check.vat_number, "outcome": check.get_outcome_display()}
        messages.success(request, _("VIES about %(number)s: %(outcome)s") % told)
    return redirect("billing_account_detail", public_id=public_id)
