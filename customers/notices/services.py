"""Mailing payers what happened to their invoices and cards, with what to do and where to pay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from billing.invoices.models import Invoice
from billing.payments.cards.account_models import PaymentMethod
from billing.payments.cards.models import CardPayment
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from customers.notices.finding import card_ref, write_down_new
from customers.notices.models import NoticeKind, PayerNotice

MOST: Final = 200
AGAIN: Final = timedelta(minutes=10)
GIVES_UP: Final = timedelta(days=2)
_NEEDS_CARD: Final = frozenset(
    {"expired_card", "lost_card", "stolen_card", "pickup_card", "incorrect_number"}
)


def tell_payers(*, now: datetime) -> int:
    """Write down what is new, and send what waits; returns how many mails went out."""
    write_down_new(now=now)
    due = PayerNotice.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    return sum(_send(pk, now) for pk in list(due.values_list("pk", flat=True)[:MOST]))


@transaction.atomic
def _send(pk: int, now: datetime) -> bool:
    rows = PayerNotice.objects.select_for_update(skip_locked=True, of=("self",))
    row = rows.select_related("operator", "account").filter(pk=pk, next_at__lte=now).first()
    if row is None:
        return False
    message = _message(row)
    row.error = why_not_sent(message) if message is not None else "nothing to tell"
    row.next_at = None
    if not row.error:
        row.sent_at = now
    elif message is not None and now - row.created_at < GIVES_UP:
        row.next_at = now + AGAIN
    row.save(update_fields=["error", "sent_at", "next_at"])
    return not row.error


def _message(row: PayerNotice) -> EmailMultiAlternatives | None:
    """The mail in the operator's name; None where there is nothing left to tell."""
    language = row.language if row.language in dict(settings.LANGUAGES) else "en"
    with override(language), timezone.override(ZoneInfo(row.operator.time_zone)):
        context = _CONTEXT[NoticeKind(row.kind)](row)
        if context is None:
            return None
        return compose(
            row.kind, operator=row.operator, setup=setup_of(row.operator), to=row.address,
            context=context,
        )  # fmt: skip


def _link(row: PayerNotice, name: str, *args: str, query: str = "") -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=[row.operator.slug, *args])}{query}"


def _about_payment(row: PayerNotice) -> dict[str, Any] | None:
    payment = CardPayment.objects.filter(public_id=row.ref).first()
    if payment is None:
        return None
    invoices = [one.invoice for one in payment.parts.select_related("invoice").order_by("pk")]
    if not any(one.open_amount for one in invoices):
        return None
    query = f"?invoice={invoices[0].public_id}" if len(invoices) == 1 else ""
    codes = {payment.failure_code, payment.decline_code}
    return {
        "payment": payment,
        "numbers": ", ".join(str(one.number) for one in invoices),
        "must_confirm": "authentication_required" in codes,
        "needs_card": bool(codes & _NEEDS_CARD),
        "pay_url": _link(row, "my_pay", query=query),
        "cards_url": _link(row, "my_cards_saved"),
    }


def _about_card(row: PayerNotice) -> dict[str, Any] | None:
    found = PaymentMethod.objects.filter(public_id=row.ref.split(" ")[0], removed_at=None).first()
    if found is None or card_ref(found) != row.ref:
        return None
    return {"card": found, "cards_url": _link(row, "my_cards_saved")}


def _about_invoice(row: PayerNotice) -> dict[str, Any] | None:
    invoice = Invoice.objects.filter(public_id=row.ref).first()
    if invoice is None:
        return None
    return {"invoice": invoice, "url": _link(row, "my_invoice_detail", invoice.public_id)}


_CONTEXT: Final[dict[NoticeKind, Callable[[PayerNotice], dict[str, Any] | None]]] = {
    NoticeKind.PAYMENT_FAILED: _about_payment,
    NoticeKind.CARD_EXPIRES: _about_card,
    NoticeKind.INVOICE_ISSUED: _about_invoice,
}
