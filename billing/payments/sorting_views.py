"""The page of a bank transaction, and sorting it out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.payments import sorting
from billing.payments.bank_models import BankTransaction, Direction, TransactionState
from billing.payments.file_views import find_transaction
from billing.payments.forms import MatchForm, ReversalForm
from billing.payments.naming import named_payment, parts_of
from billing.payments.selectors import payments
from billing.payments.words import shown_proposal
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import ReasonForm, attempt, posted


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def bank_transaction_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the bank says, what matching found and why, and what was booked."""
    row = find_transaction(public_id)
    is_open = row.state == TransactionState.WORK_LIST
    settled = row.state in (TransactionState.BOOKED, TransactionState.IGNORED)
    context = {
        "row": row,
        "proposal": shown_proposal(row),
        "payments": payments().filter(transaction=row).order_by("pk"),
        "is_open": is_open,
        "is_credit": row.direction == Direction.CREDIT,
        "can_edit": has_permission(request, Permission.PAYMENT_EDIT),
        "can_undo": settled and row.direction == Direction.CREDIT and row.amount > 0,
    }
    return render(request, "billing/payments/transaction_detail.html", context)


def _back(row: BankTransaction) -> HttpResponse:
    return redirect("bank_transaction_detail", public_id=row.public_id)


@permission_required(Permission.PAYMENT_EDIT)
@require_POST
def bank_transaction_accept(request: HttpRequest, public_id: str) -> HttpResponse:
    """Book what was proposed."""
    row = find_transaction(public_id)
    try:
        sorting.accept_proposal(row=row)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Booked as proposed."))
    return _back(row)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def bank_transaction_match(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say whose the money is."""
    row = find_transaction(public_id)
    shown = shown_proposal(row)
    lines = [f"{one.number}; {round(amount, 2)}" for one, amount in shown.parts] if shown else []
    if shown and not lines and shown.account:
        lines = [shown.account.public_id]
    form = MatchForm(posted(request), initial={"parts": "\n".join(lines)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done = attempt(
            form,
            lambda: sorting.match_transaction(
                row=row,
                parts=parts_of(values["parts"].splitlines()[:60]),
                reason=values["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("The payment has been booked."))
            return _back(row)
    context = {"form": form, "row": row, "title": _("Say whose the money is")}
    return render(request, "billing/payments/transaction_form.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def bank_transaction_reversal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say which payment the bank took back."""
    row = find_transaction(public_id)
    form = ReversalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(
            form,
            lambda: sorting.match_reversal(
                row=row, payment=named_payment(values["payment"]), reason=values["reason"]
            ),
        ):
            messages.success(request, _("The payment has been taken back."))
            return _back(row)
    context = {"form": form, "row": row, "title": _("Say which payment was taken back")}
    return render(request, "billing/payments/transaction_form.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def bank_transaction_ignore(request: HttpRequest, public_id: str) -> HttpResponse:
    """The money is no customer's."""
    row = find_transaction(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: sorting.ignore_transaction(row=row, reason=reason)):
            messages.success(request, _("The transaction is noted as not ours."))
            return _back(row)
    context = {
        "title": _("This is no payment of a customer"),
        "consequence": _("The money is not booked on anybody, and leaves the work list."),
        "verb": _("Not ours"),
        "form": form,
        "cancel_url": reverse("bank_transaction_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def bank_transaction_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a settled transaction back on the work list."""
    row = find_transaction(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: sorting.undo_transaction(row=row, reason=reason)):
            messages.success(request, _("It is back on the work list."))
            return _back(row)
    context = {
        "title": _("Undo the booking"),
        "consequence": _(
            "What it settled is open again, and the money waits for somebody to say whose it is."
        ),
        "verb": _("Undo"),
        "form": form,
        "cancel_url": reverse("bank_transaction_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
