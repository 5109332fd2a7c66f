"""Paying later what could not be collected: the visit's link leads to the provider's page."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.invoices.models import Invoice
from billing.payments.cards.accounts import account_of_seller, provider_of
from billing.payments.cards.holds import refresh
from billing.payments.cards.models import CardPayment, CardState, Purpose
from billing.payments.cards.paying import pay_now
from billing.payments.cards.provider import ProviderRefused
from core.audit.services import record
from core.errors import RuleViolation
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from customers.guests.links import STANDS, ref_of, visit_url
from customers.guests.models import GuestVisit, VisitState
from customers.guests.money import invoice_of
from customers.guests.receipts import GIVES_UP

logger = logging.getLogger(__name__)
NOT_COLLECTED: Final = "not_collected"
LOOKS_AGAIN: Final = timedelta(minutes=10)


def owed_of(visit: GuestVisit) -> Invoice | None:
    """The document of which something is still to be paid, after the hold was gone."""
    if visit.state != VisitState.DONE or visit.why != NOT_COLLECTED:
        return None
    invoice = invoice_of(visit)
    return invoice if invoice is not None and invoice.open_amount > 0 else None


def pay_later(*, visit: GuestVisit) -> CardPayment:
    """Open the provider's page for what is owed (``url``). Refuses where nothing is, and while a
    payment is on its way. Calls the provider."""
    invoice = owed_of(visit)
    if invoice is None:
        raise RuleViolation("nothing_owed", _("Nothing is left to pay."))
    back = settings.PUBLIC_URL + reverse("guest_visit", args=[ref_of(visit)])
    payment = pay_now(account=visit.account, invoices=[invoice], return_url=back, cancel_url=back)
    record(
        "guest_visit.pay_later", visit, operator_id=visit.operator_id,
        after={"card_payment": payment.public_id, "amount": payment.amount},
    )  # fmt: skip
    return payment


def may_pay_later(invoice: Invoice) -> bool:
    """Whether its seller takes cards on a page: terminals alone cannot."""
    card_account = account_of_seller(invoice.seller_id)
    try:
        return (
            card_account is not None
            and provider_of(card_account).least(invoice.currency) is not None
        )
    except ProviderRefused:
        return False


def settled_later(visit: GuestVisit, now: datetime) -> datetime | None:
    """See whether nothing is open any more, however it was paid: then the visit is like every
    other that was paid, and its receipt follows. While it is owed the guest is told once; when
    to look again."""
    if visit.state != VisitState.DONE or visit.why != NOT_COLLECTED:
        return None
    rows = CardPayment.objects.filter(account=visit.account_id, purpose=Purpose.INVOICES)
    payment = rows.select_related("card_account").order_by("-pk").first()
    if payment is not None and payment.is_live:
        refresh(payment=payment, now=now)
    invoice = invoice_of(visit)
    if invoice is not None and invoice.open_amount <= 0:
        paid = payment if payment is not None and payment.state == CardState.PAID else None
        _taken_over(visit, invoice, paid)
        return None
    if invoice is not None:
        _tell_unpaid(visit, invoice, now)
    return now + LOOKS_AGAIN if now < (visit.ended_at or now) + STANDS else None


def _taken_over(visit: GuestVisit, invoice: Invoice, paid: CardPayment | None) -> None:
    """Paid, or credited as a whole: then it costs nothing."""
    why = "" if invoice.payable > invoice.credited_gross else "costs_nothing"
    values: dict[str, Any] = {"why": why} | ({"card_payment": paid} if paid is not None else {})
    changed = GuestVisit.objects.filter(pk=visit.pk, why=NOT_COLLECTED).update(**values)
    if changed:
        record(
            "guest_visit.paid_later", visit, operator_id=visit.operator_id,
            before={"why": NOT_COLLECTED},
            after={"why": why, "card_payment": paid.public_id if paid is not None else ""},
        )  # fmt: skip
    for name, value in values.items():
        setattr(visit, name, value)


def _tell_unpaid(visit: GuestVisit, invoice: Invoice, now: datetime) -> None:
    """Mail the link once, where an address was given and the link leads to a way to pay; tried
    again where the server refused."""
    if not visit.email or visit.told_unpaid_at is not None or not may_pay_later(invoice):
        return
    if now - (visit.ended_at or now) > GIVES_UP:
        return
    claimed = GuestVisit.objects.filter(pk=visit.pk, told_unpaid_at=None)
    if not claimed.update(told_unpaid_at=now):
        return
    with override(visit.language), timezone.override(ZoneInfo(visit.operator.time_zone)):
        message = compose(
            "guest_unpaid", operator=visit.operator, setup=setup_of(visit.operator),
            to=visit.email, context={"invoice": invoice, "link": visit_url(visit)},
        )  # fmt: skip
        refused = why_not_sent(message)
    if refused:
        logger.warning("Guest %s was not told: %s", visit.public_id, refused)
        GuestVisit.objects.filter(pk=visit.pk).update(told_unpaid_at=None)
        return
    visit.told_unpaid_at = now
