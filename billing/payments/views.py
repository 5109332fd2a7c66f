"""Pages of payments and refunds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from billing.invoices.models import Invoice
from billing.payments import selectors, services
from billing.payments.cards.selectors import card_payment_of
from billing.payments.forms import PaidForm, PaymentForm, PayoutForm, RefundForm
from billing.payments.lists import PAYMENTS, REFUNDS
from billing.payments.models import Payment, PayoutFile, Refund, RefundState
from billing.payments.naming import named_account, named_invoice
from billing.payments.services import PayTo
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.files.serving import made_response
from core.forms import ReasonForm, attempt, posted
from core.lists.views import list_view

payment_list = list_view(PAYMENTS)
refund_list = list_view(REFUNDS)


def _payment(public_id: str) -> Any:
    return get_object_or_404(
        selectors.payments().select_related("operator", "reverses", "reversed_by"),
        public_id=public_id,
    )


def _refund(public_id: str) -> Refund:
    refund: Refund = get_object_or_404(
        selectors.refunds().select_related("operator"), public_id=public_id
    )
    return refund


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def payment_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One payment: what it settled, what is left, what went back."""
    payment = _payment(public_id)
    can_edit = has_permission(request, Permission.PAYMENT_EDIT)
    card_payment = card_payment_of(payment)
    stands = payment.reverses_id is None and payment.reversed_by_id is None
    context = {
        "payment": payment,
        "allocations": selectors.allocations_of(payment),
        "refunds": selectors.refunds().filter(payment=payment),
        "can_refund": can_edit and payment.rest > 0 and payment.account_id,
        "can_reverse": can_edit
        and stands
        and payment.transaction_id is None
        and card_payment is None,
        "card_payment": card_payment,
    }
    return render(request, "billing/payments/payment_detail.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def payment_create(request: HttpRequest) -> HttpResponse:
    """A payment by hand."""
    operator = operator_of(request)
    form = PaymentForm(
        posted(request),
        initial={"booked_on": operator_day(operator), "account": request.GET.get("account", "")},
    )
    if request.method == "POST" and form.is_valid():
        payment = attempt(form, lambda: _book(form.cleaned_data))
        if payment is not None:
            messages.success(request, _("The payment has been booked."))
            return redirect("payment_detail", public_id=payment.public_id)
    return render(request, "billing/payments/payment_form.html", {"form": form})


def _book(values: dict[str, Any]) -> Payment:
    account = named_account(values["account"])
    invoice = named_invoice(values["invoice"], "invoice") if values["invoice"] else None
    return services.book_by_hand(
        account=account,
        invoice=invoice,
        **{name: values[name] for name in ("amount", "booked_on", "reference", "note")},
    )


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def payment_reverse(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a payment off that was entered by hand."""
    payment = _payment(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.reverse_payment(payment=payment, reason=reason)):
            messages.success(request, _("The payment has been called off."))
            return redirect("payment_detail", public_id=public_id)
    context = {
        "title": _("Call off payment %(id)s") % {"id": public_id},
        "consequence": _("What it settled is open again; a payment with a minus stays beside it."),
        "verb": _("Call off"),
        "form": form,
        "cancel_url": reverse("payment_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def refund_create(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give back what is left of a payment."""
    payment = _payment(public_id)
    payer = payment.account.name if payment.account else payment.payer_name
    trail = (
        _("Payments"), reverse("payment_list"), public_id,
        reverse("payment_detail", args=[public_id]),
    )  # fmt: skip
    return _refunded(request, payment, payment.rest, payer, trail)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def credit_note_refund(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give back what a credit note left the customer."""
    note = selectors.find_document(public_id)
    payer = note.account.name if note.account else ""
    trail = (
        _("Invoices"), reverse("invoice_list"), note.number,
        reverse("invoice_detail", args=[public_id]),
    )  # fmt: skip
    return _refunded(request, note, note.open_amount, payer, trail)


def _refunded(
    request: HttpRequest,
    source: Payment | Invoice,
    rest: Decimal,
    payer: str,
    trail: tuple[str, str, str, str],
) -> HttpResponse:
    form = RefundForm(posted(request), initial={"amount": round(rest, 2), "name": payer})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        to = PayTo(**{key: values[key] for key in ("name", "iban", "bic", "bankgiro", "reference")})
        refund = attempt(
            form,
            lambda: services.plan_refund(
                source=source, amount=values["amount"], reason=values["reason"], to=to,
                pay_on=values["pay_on"],
            ),
        )  # fmt: skip
        if refund is not None:
            messages.success(request, _("The refund waits for being paid out."))
            return redirect("refund_detail", public_id=refund.public_id)
    context = {"form": form, "source": source, "trail": trail}
    return render(request, "billing/payments/refund_form.html", context)


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def refund_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One refund."""
    refund = _refund(public_id)
    is_open = refund.state in (RefundState.PLANNED, RefundState.ORDERED)
    can_edit = is_open and has_permission(request, Permission.PAYMENT_EDIT)
    context = {"refund": refund, "can_edit": can_edit}
    return render(request, "billing/payments/refund_detail.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def refund_paid(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that a refund has gone out."""
    refund = _refund(public_id)
    form = PaidForm(posted(request), initial={"paid_on": operator_day(refund.operator)})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["paid_on"]
        if attempt(form, lambda: services.finish_refund(refund=refund, paid_on=day)):
            messages.success(request, _("The refund is noted as paid out."))
            return redirect("refund_detail", public_id=public_id)
    context = {
        "title": _("Refund %(id)s was paid out") % {"id": public_id},
        "consequence": _("A refund that was paid out cannot be called off."),
        "verb": _("It was paid out"),
        "form": form,
        "cancel_url": reverse("refund_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def refund_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a refund off."""
    refund = _refund(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.cancel_refund(refund=refund, reason=reason)):
            messages.success(request, _("The refund has been called off."))
            return redirect("refund_detail", public_id=public_id)
    context = {
        "title": _("Call off refund %(id)s") % {"id": public_id},
        "consequence": _("The amount is the customer's credit again. If the bank has the file "
                         "already, stop the payment there first."),
        "verb": _("Call off"),
        "form": form,
        "cancel_url": reverse("refund_detail", args=[public_id]),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def payout_file_create(request: HttpRequest) -> HttpResponse:
    """One file to the bank for the refunds of a seller that wait, a currency at a time."""
    form = PayoutForm(posted(request))
    if request.method == "POST" and form.is_valid():
        seller = form.cleaned_data["seller"]
        rows = list(selectors.next_payout(seller))
        file = attempt(form, lambda: services.order_refunds(seller=seller, refunds=rows))
        if file is not None:
            messages.success(request, _("The file has been made; send it to your bank."))
            return redirect("payout_file_list")
    waiting = selectors.refunds().filter(state=RefundState.PLANNED).exclude(iban="", bankgiro="")
    context = {"form": form, "waiting": waiting[:200]}
    return render(request, "billing/payments/payout_file_form.html", context)


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def payout_file_list(request: HttpRequest) -> HttpResponse:
    """Files to the bank."""
    context = {
        "files": selectors.payout_files()[:200],
        "can_edit": has_permission(request, Permission.PAYMENT_EDIT),
    }
    return render(request, "billing/payments/payout_file_list.html", context)


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def payout_file_content(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file as it was made."""
    file: PayoutFile = get_object_or_404(PayoutFile.objects.all(), public_id=public_id)
    return made_response(bytes(file.content), file.file_name, "application/xml")
