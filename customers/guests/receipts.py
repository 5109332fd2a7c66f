"""A guest's receipt: on the page, as a PDF, and by e-mail where an address was given."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.invoices.pdf.receipt import ReceiptView, render_receipt
from billing.payments.cards.models import CardState
from billing.rating.models import RatedSession
from core.audit.services import record
from core.errors import RuleViolation
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from core.ui import units
from customers.guests.links import visit_url
from customers.guests.models import GuestVisit
from customers.selfservice.receipt import receipt_view
from customers.selfservice.session_page import current_price
from stations.sessions.models import Session

MAILS_AGAIN: Final = timedelta(minutes=5)
GIVES_UP: Final = timedelta(days=2)
logger = logging.getLogger(__name__)


def price_of(visit: GuestVisit) -> tuple[Session, RatedSession] | None:
    """The session with its price; None before it has one."""
    session = Session.objects.select_related("billing").filter(pk=visit.session_id).first()
    price = current_price(session) if session is not None else None
    return None if session is None or price is None else (session, price)


def documents_of(visit: GuestVisit) -> list[Invoice]:
    """Invoice and credit notes of the visit, in the order of their making."""
    rows = Invoice.objects.filter(
        account=visit.account_id, kind__in=(InvoiceKind.INVOICE, InvoiceKind.CREDIT_NOTE)
    )
    return list(rows.exclude(state=InvoiceState.DRAFT).order_by("issued_at", "pk"))


def guest_receipt(visit: GuestVisit) -> ReceiptView | None:
    """The receipt as it is now, credit notes included; None before there is a document."""
    found, documents = price_of(visit), documents_of(visit)
    if found is None or not documents or not visit.is_paid:
        return None
    view = receipt_view(visit.operator, *found)
    payment = visit.card_payment
    facts = [one for one in view.facts if one[0] != _("Card")]
    facts.append((_("Number"), ", ".join(one.number for one in documents)))
    if payment is not None and payment.card_label and payment.state == CardState.PAID:
        facts.append((_("Paid with"), payment.card_label))
    if payment is not None and payment.terminal_receipt:
        facts.append((_("Terminal"), payment.terminal_receipt))
    lines, total = list(view.lines), view.total
    credited = sum((one.payable for one in documents if one.kind == InvoiceKind.CREDIT_NOTE), 0)
    if credited:
        lines.append((_("Credited"), f"−{units.money(credited, visit.currency)}"))
        left = documents[0].payable - credited
        total = (_("Total with VAT"), units.money(left, visit.currency))
    note = _("Paid. The documents with these numbers are in our books; nothing is left to pay.")
    return replace(view, facts=facts, lines=lines, total=total, note=note)


def guest_receipt_pdf(visit: GuestVisit) -> bytes | None:
    """The receipt on paper."""
    found, view = price_of(visit), guest_receipt(visit)
    if view is None or found is None:
        return None
    return render_receipt(view, on=found[1].delivered_on)


def send_receipt(visit: GuestVisit, now: datetime) -> datetime | None:
    """Mail the receipt of a settled visit, once; when to try again where the server refused."""
    if not visit.email or not visit.is_paid or visit.receipt_sent_at is not None:
        return None
    claimed = GuestVisit.objects.filter(pk=visit.pk, receipt_sent_at=None)
    if not claimed.update(receipt_sent_at=now):
        return None
    refused = mail_receipt(visit)
    if refused:
        logger.warning("Receipt of guest %s was not sent: %s", visit.public_id, refused)
        GuestVisit.objects.filter(pk=visit.pk).update(receipt_sent_at=None)
        return now + MAILS_AGAIN if now - (visit.ended_at or now) < GIVES_UP else None
    visit.receipt_sent_at = now
    return None


def mail_receipt(visit: GuestVisit) -> str:
    """Send it in the operator's name; empty when the server took it."""
    zone = ZoneInfo(visit.operator.time_zone)
    with override(visit.language), timezone.override(zone):
        pdf = guest_receipt_pdf(visit)
        view = guest_receipt(visit)
        if pdf is None or view is None:
            return "no receipt"
        message = compose(
            "guest_receipt", operator=visit.operator, setup=setup_of(visit.operator),
            to=visit.email, context={"view": view, "link": visit_url(visit)},
        )  # fmt: skip
        message.attach(f"{visit.public_id}.pdf", pdf, "application/pdf")
        return why_not_sent(message)


def send_receipt_to(*, visit: GuestVisit, email: str) -> None:
    """Mail the receipt to an address that the guest gives now. Refuses before there is one."""
    if not visit.is_paid:
        raise RuleViolation("no_receipt", _("There is no receipt yet."))
    visit.email = email
    refused = mail_receipt(visit)
    if refused:
        logger.warning("Receipt of guest %s was not sent: %s", visit.public_id, refused)
        raise RuleViolation("mail", _("The mail could not be sent. Try again in a while."))
    visit.receipt_sent_at = timezone.now()
    with transaction.atomic():
        GuestVisit.objects.filter(pk=visit.pk).update(
            email=email, receipt_sent_at=visit.receipt_sent_at
        )
        record("guest_visit.receipt", visit, operator_id=visit.operator_id)
