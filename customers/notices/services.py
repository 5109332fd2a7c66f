"""Mailing payers what happened to their invoices and cards, with what to do and where to pay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from billing.invoices.models import Invoice
from billing.payments.cards.account_models import PaymentMethod
from billing.payments.cards.models import CardPayment
from core.mail import mail_domain
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from customers.notices.finding import card_ref, write_down_new
from customers.notices.models import NOTHING_TO_TELL, NoticeKind, PayerNotice

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


def _send(pk: int, now: datetime) -> bool:
    """Claim a row, send, mark it: each on its own, so that no transaction waits for a mail server.

    The claim moves ``next_at`` on, and only one process gets it. Whoever dies between sending and
    marking lets the mail go out once more after ``AGAIN`` (at least once: hearing twice of a failed
    payment is better than never), with the same Message-ID, by which mailboxes know it again.
    """
    claimed = PayerNotice.objects.filter(pk=pk, next_at__lte=now).update(next_at=now + AGAIN)
    if not claimed:
        return False
    row = PayerNotice.objects.select_related("operator", "account").get(pk=pk)
    message = _message(row)
    if message is None:
        _mark(row, error=NOTHING_TO_TELL, next_at=None)
        return False
    message.extra_headers["Message-ID"] = f"<payer-notice-{pk}@{mail_domain()}>"
    error = why_not_sent(message)
    if not error:
        _mark(row, error="", next_at=None, sent_at=now)
    elif now - row.created_at >= GIVES_UP:
        _mark(row, error=error, next_at=None)
    else:
        _mark(row, error=error)
    return not error


def _mark(row: PayerNotice, **values: object) -> None:
    """What became of a claimed row; not of one that another process has sent meanwhile."""
    PayerNotice.objects.filter(pk=row.pk, sent_at=None).update(**values)


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
