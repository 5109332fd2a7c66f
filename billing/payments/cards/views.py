"""Pages of card payments: what was collected, what failed, giving back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.invoices.models import Invoice
from billing.payments import booking
from billing.payments import selectors as payment_selectors
from billing.payments.cards import holds, refunding, selectors
from billing.payments.cards.asking import refresh
from billing.payments.cards.forms import CardRefundForm
from billing.payments.cards.lists import CARD_PAYMENTS, FAILED_PAYMENTS
from billing.payments.cards.models import CardPayment, CardState
from billing.payments.models import Payment
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.forms import attempt, posted
from core.lists.views import list_view

card_payment_list = list_view(CARD_PAYMENTS)
failed_card_payment_list = list_view(FAILED_PAYMENTS)


def find_card_payment(public_id: str) -> CardPayment:
    """A card payment of the operator in scope, or 404."""
    found: CardPayment = get_object_or_404(selectors.card_payments(), public_id=public_id)
    return found


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def card_payment_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One card payment: what it pays, where it stands, what went back."""
    row = find_card_payment(public_id)
    can_edit = has_permission(request, Permission.PAYMENT_EDIT)
    context = {
        "card_payment": row,
        "parts": row.parts.select_related("invoice").order_by("pk"),
        "refunds": row.card_refunds.select_related("refund").order_by("-pk"),
        "disputes": row.disputes.order_by("-pk"),
        "can_ask": can_edit and row.is_live,
        "can_release": can_edit and row.state in (CardState.HELD, CardState.WAITING),
        "is_test": not row.card_account.is_live,
    }
    return render(request, "billing/cards/card_payment_detail.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_POST
def card_payment_ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask the provider how it stands."""
    row = find_card_payment(public_id)
    before = row.state
    refresh(payment=row)
    words = _("Nothing has changed.") if row.state == before else _("The state has changed.")
    messages.success(request, words)
    return redirect("card_payment_detail", public_id=public_id)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def card_payment_release(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let go what is held, or close the page on which nobody has paid."""
    row = find_card_payment(public_id)
    return confirm(
        request,
        Question(
            title=_("Call off card payment %(id)s") % {"id": public_id},
            consequence=_("What is held is let go and cannot be collected any more."),
            verb=_("Call off"),
            done=_("The card payment has been called off."),
        ),
        lambda reason: holds.cancel_hold(payment=row, reason=reason),
        back_url=reverse("card_payment_detail", args=[public_id]),
    )


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def payment_card_refund(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give what is left of a payment back to the card it came from."""
    payment: Any = get_object_or_404(payment_selectors.payments(), public_id=public_id)
    back = (_("Payments"), reverse("payment_list"), public_id,
            reverse("payment_detail", args=[public_id]))  # fmt: skip
    return _refunded(request, payment, payment.rest, back)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def credit_note_card_refund(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give what a credit note left the customer back to the card that paid its invoice."""
    note = payment_selectors.find_document(public_id)
    back = (_("Invoices"), reverse("invoice_list"), note.number,
            reverse("invoice_detail", args=[public_id]))  # fmt: skip
    return _refunded(request, note, booking.rest_of(note), back)


def _refunded(
    request: HttpRequest, source: Payment | Invoice, rest: Decimal, trail: tuple[str, str, str, str]
) -> HttpResponse:
    card_payment = refunding.card_payment_for(source)
    form = CardRefundForm(posted(request), initial={"amount": round(rest, 2)})
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            lambda: refunding.refund_to_card(
                source=source,
                amount=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
                may_exceed_limit=has_permission(request, Permission.PAYMENT_REFUND_ANY),
            ),
        )
        if row is not None:
            _tell(request, row)
            return redirect("refund_detail", public_id=row.refund.public_id)
    context = {"form": form, "card_payment": card_payment, "trail": trail, "rest": rest,
               "source": source}  # fmt: skip
    return render(request, "billing/cards/card_refund_form.html", context)


def _tell(request: HttpRequest, row: Any) -> None:
    if row.state == "failed":
        messages.error(request, _("The provider refused the refund: %(why)s") % {
            "why": row.message})  # fmt: skip
    else:
        messages.success(request, _("The refund goes back to the card."))
