"""A guest's money: billing the session, collecting its cost, giving back what is left."""

from __future__ import annotations

import logging
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from billing.accounts.dated import operator_day
from billing.accounts.services import confirm_account
from billing.invoices.crediting import credit
from billing.invoices.delivery_models import Delivery, DeliveryState, DeliveryWay
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.invoices.run_models import BillingRun
from billing.invoices.runs import plan_run, work_run
from billing.payments.cards.holds import capture_hold
from billing.payments.cards.models import CardPayment, CardRefundState, CardState
from billing.payments.cards.refunding import card_payment_for, refund_to_card
from billing.payments.credits import credit_notes, credit_payments, use_credit
from billing.payments.models import Payment
from core.errors import RuleViolation
from core.ids import public_id
from customers.guests.models import GuestVisit

logger = logging.getLogger(__name__)
BEYOND: Final = gettext_noop("A guest pays no more than was held or paid ahead")
NOT_USED: Final = gettext_noop("Not used for charging")
_SECONDS: Final = 30


def invoice_of(visit: GuestVisit) -> Invoice | None:
    """The document of the visit; its account has no other."""
    rows = Invoice.objects.filter(account=visit.account_id, kind=InvoiceKind.INVOICE)
    found: Invoice | None = rows.exclude(state=InvoiceState.DRAFT).order_by("pk").first()
    return found


def bill(visit: GuestVisit, now: datetime) -> Invoice | None:
    """Issue the document of the visit's session, once; None where the seller issues none."""
    found = invoice_of(visit)
    if found is None:
        work_run(_run(visit, now), now=now, seconds=_SECONDS)
        found = invoice_of(visit)
    if found is not None:
        handed_over(found, visit, now)
    return found


def _run(visit: GuestVisit, now: datetime) -> BillingRun:
    payment = visit.card_payment
    assert payment is not None
    seller, key = payment.card_account.seller, f"guest:{visit.public_id}"
    today = operator_day(visit.operator, now)
    try:
        with transaction.atomic():
            return plan_run(
                seller=seller, period=(today, today), now=now, account=visit.account,
                issues_alone=True, ignores_minimum=True, schedule_key=key,
            )  # fmt: skip
    except IntegrityError:
        run: BillingRun = BillingRun.objects.get(seller=seller, schedule_key=key)
        return run


def handed_over(invoice: Invoice, visit: GuestVisit, now: datetime) -> None:
    """The guest has it as a receipt, on the page and by e-mail: nothing is posted on paper."""
    way = DeliveryWay.EMAIL if visit.email else DeliveryWay.DOWNLOAD
    Delivery.objects.get_or_create(
        invoice=invoice, is_planned=True,
        defaults={
            "operator_id": invoice.operator_id, "public_id": public_id("dlv"), "way": way,
            "addresses": [visit.email] if visit.email else [], "state": DeliveryState.SENT,
            "sent_at": now, "created_at": now,
        },
    )  # fmt: skip


@transaction.atomic
def cost_of(invoice: Invoice, visit: GuestVisit, now: datetime) -> Decimal:
    """What the guest pays of the document; what is beyond the guest's amount is credited, once
    however many look at the visit."""
    GuestVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    invoice.refresh_from_db(fields=["payable", "credited_gross"])
    owed = invoice.payable - invoice.credited_gross
    if owed > visit.amount:
        note = credit(invoice, reason=str(BEYOND), gross=owed - visit.amount, now=now)
        handed_over(note, visit, now)
        owed = visit.amount
    return owed


def collect(visit: GuestVisit, amount: Decimal) -> CardPayment:
    """Collect the cost of what is held; a second time, and of what was paid ahead, nothing.
    Calls the provider."""
    payment = visit.card_payment
    assert payment is not None
    payment.refresh_from_db()
    if payment.state == CardState.HELD:
        return capture_hold(payment=payment, amount=amount)
    return payment


def settle_account(visit: GuestVisit, now: datetime) -> None:
    """Let what was collected settle the document, and give back what is left of it."""
    use_credit(account=visit.account, now=now)
    give_back(visit)


def give_back(visit: GuestVisit) -> Decimal:
    """Give all credit of the visit's account back to the card, whatever it is of; what could not
    be given back before waits for a person. Calls the provider."""
    sources: list[Payment | Invoice] = [
        *credit_payments().filter(account=visit.account_id),
        *credit_notes().filter(account=visit.account_id),
    ]
    back = Decimal(0)
    if sources:
        confirm_account(visit.account_id)
    for source in sources:
        payment = card_payment_for(source)
        if payment is None or payment.card_refunds.filter(state=CardRefundState.FAILED).exists():
            continue
        try:
            row = refund_to_card(source=source, reason=str(NOT_USED), may_exceed_limit=True)
        except RuleViolation as refusal:
            logger.warning("Guest %s got nothing back: %s", visit.public_id, refusal.code)
            continue
        back += row.amount
    return back
