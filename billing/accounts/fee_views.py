"""Pages of dated fees."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts import fee_services as services
from billing.accounts.dated import operator_day
from billing.accounts.fee_forms import EndForm, FeeForm
from billing.accounts.fee_lists import FEES
from billing.accounts.fee_models import Fee
from billing.accounts.fee_selectors import due, fees, fees_of, next_months, overlapping, total
from billing.accounts.fee_sellers import fee_sellers
from billing.accounts.page import account_context, find_account_or_404
from billing.accounts.subjects import subjects
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.lists.views import list_view
from core.stale import StaleCheck

MOST_SHOWN = 200
FORM = "billing/accounts/fee_form.html"
fee_list = list_view(FEES)


def _fee(public_id: str) -> Fee:
    fee: Fee = get_object_or_404(fees().select_related("account__operator"), public_id=public_id)
    return fee


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def account_fees(request: HttpRequest, public_id: str) -> HttpResponse:
    """The account's fees, and what falls due this month and next."""
    account = find_account_or_404(public_id)
    rows = list(fees_of(account)[:MOST_SHOWN])
    months = next_months(operator_day(account.operator))
    first, last = months[0][0], months[-1][1]
    coming = list(overlapping(fees_of(account), first, last)[:MOST_SHOWN])
    context = account_context(request, account, "fees") | {
        "fees": rows,
        "months": [
            {"first": begin, "due": parts, "total": total(parts)}
            for begin, end in months
            for parts in [due(coming, begin, end)]
        ],
    }
    return render(request, "billing/accounts/account_fees.html", context)


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def fee_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One fee and its history."""
    fee = _fee(public_id)
    context = {
        "fee": fee,
        "seller_name": fee_sellers().name(fee.seller_ref) if fee.seller_ref else "",
        "subject_url": subjects().url(fee.subject_kind, fee.subject_ref),
        "can_edit": has_permission(request, Permission.ACCOUNT_EDIT),
    }
    return render(request, "billing/accounts/fee_detail.html", context)


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def fee_create(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new fee of an account."""
    account = find_account_or_404(public_id)
    form = FeeForm(posted(request), initial={"starts_on": operator_day(account.operator)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        fee = attempt(form, lambda: services.create_fee(account=account, **values))
        if fee is not None:
            messages.success(request, _("The fee has been added."))
            return redirect("billing_account_fees", public_id=public_id)
    return render(request, FORM, {"form": form, "account": account, "fee": None})


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def fee_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a fee."""
    fee = _fee(public_id)
    form = FeeForm(posted(request), instance=_fee(public_id))
    check = StaleCheck(request, form, [fee])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(fee, form, changes):
            messages.success(request, _("The fee has been changed."))
            return redirect("fee_detail", public_id=public_id)
    context = {"form": form, "account": fee.account, "fee": fee} | check.context()
    return render(request, FORM, context)


def _change(fee: Fee, form: FeeForm, changes: dict[str, Any]) -> bool:
    return attempt(form, lambda: services.change_fee(fee=fee, **changes)) is not None


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def fee_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a monthly fee on a day."""
    fee = _fee(public_id)
    form = EndForm(posted(request), initial={"ends_on": operator_day(fee.account.operator)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: services.end_fee(fee=fee, **values)) is not None:
            messages.success(request, _("The fee ends on that day."))
            return redirect("fee_detail", public_id=public_id)
    context = {
        "title": _("End %(name)s") % {"name": fee},
        "consequence": _(
            "The month of the last day is paid by the day; nothing falls due after it."
        ),
        "verb": _("End the fee"),
        "form": form,
        "cancel_url": reverse("fee_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ACCOUNT_EDIT)
@require_http_methods(["GET", "POST"])
def fee_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take out a fee that was entered by mistake."""
    fee = _fee(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.delete_fee(fee=fee, reason=form.cleaned_data["reason"])
        messages.success(request, _("The fee has been removed."))
        return redirect("billing_account_fees", public_id=fee.account.public_id)
    context = {
        "title": _("Remove %(name)s") % {"name": fee},
        "consequence": _(
            "The fee is taken out as if it had never been entered. To stop a fee that was right "
            "until now, end it instead."
        ),
        "verb": _("Remove"),
        "form": form,
        "cancel_url": reverse("fee_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
