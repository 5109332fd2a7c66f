"""Putting a guest's session right: what it leads to first, then credit note, refund, receipt."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.crediting import credit
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.cards.refunding import refund_to_card
from core.audit.services import record
from core.errors import RuleViolation
from customers.guests.models import GuestVisit
from customers.guests.money import handed_over, invoice_of
from customers.guests.receipts import mail_receipt
from customers.righted.models import SessionRighting

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """What putting right leads to: what was paid, what goes back with its VAT, what it costs
    then."""

    paid: Decimal
    back: Decimal
    tax: Decimal
    left: Decimal
    currency: str


def paid_of(visit: GuestVisit) -> Decimal:
    """What the guest pays for the session as it stands; nothing without a document."""
    invoice = invoice_of(visit)
    return invoice.payable - invoice.credited_gross if invoice is not None else Decimal(0)


def _document(visit: GuestVisit) -> Invoice:
    invoice = invoice_of(visit)
    if invoice is None or not visit.is_paid:
        raise RuleViolation("not_settled", _("This visit is not settled, or cost nothing."))
    return invoice


def result_of(*, visit: GuestVisit, amount: Decimal, reason: str) -> Result:
    """What giving back so much leads to, by making the credit note and taking it back at once."""
    invoice, paid = _document(visit), paid_of(visit)
    with transaction.atomic():
        point = transaction.savepoint()
        note = credit(invoice, reason=reason, gross=amount)
        transaction.savepoint_rollback(point)
    return Result(paid, note.payable, note.tax, paid - note.payable, visit.currency)


def put_right(
    *,
    visit: GuestVisit,
    amount: Decimal,
    reason: str,
    paid: Decimal,
    may_exceed_limit: bool = False,
) -> Invoice:
    """Credit so much of the session, give it back to the card, and mail the new receipt.

    ``paid``: what the guest pays as it was shown; refused where it has changed, so that a second
    tap gives nothing back twice. The very same call again does what the first did not come to.
    Refuses more than the seller's limit for refunds. Calls the provider.
    """
    _refuse_beyond_limit(visit, amount, may_exceed_limit)
    note = _credited(visit, amount, reason, paid)
    refund_to_card(source=note, reason=reason, may_exceed_limit=True)
    mail_new_receipt(visit)
    return note


def mail_new_receipt(visit: GuestVisit) -> None:
    """Mail what the guest pays by now, where there is an address."""
    if visit.email:
        refused = mail_receipt(visit)
        if refused:
            logger.warning("New receipt of %s was not sent: %s", visit.public_id, refused)


def _refuse_beyond_limit(visit: GuestVisit, amount: Decimal, may_exceed: bool) -> None:
    payment = visit.card_payment
    limit = payment.card_account.refund_limit if payment is not None else None
    if limit is not None and amount > limit and not may_exceed:
        raise RuleViolation(
            "beyond_limit",
            _("Refunds above %(limit)s need somebody who may exceed the limit.") % {"limit": limit},
            field="amount",
        )


@transaction.atomic(durable=True)
def _credited(visit: GuestVisit, amount: Decimal, reason: str, paid: Decimal) -> Invoice:
    GuestVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if (begun := _unfinished(visit, amount, reason, paid)) is not None:
        return begun
    if paid_of(visit) != paid:
        raise RuleViolation("changed", _("Somebody has put it right meanwhile. Look again."))
    note = credit(_document(visit), reason=reason, gross=amount)
    handed_over(note, visit, timezone.now())
    if visit.session_id is not None:
        SessionRighting.objects.create(
            operator_id=visit.operator_id, session_id=visit.session_id, credit_note=note,
            stood=paid, amount=note.payable, currency=note.currency, reason=reason,
        )  # fmt: skip
    record(
        "guest_visit.put_right", visit, operator_id=visit.operator_id, before={"paid": paid},
        after={"paid": paid - note.payable, "credit_note": note.number}, reason=reason,
    )  # fmt: skip
    return note


def _unfinished(visit: GuestVisit, amount: Decimal, reason: str, paid: Decimal) -> Invoice | None:
    """The credit note of this very call, where its money did not go back: the process died."""
    found: Invoice | None = (
        Invoice.objects.filter(
            original=invoice_of(visit), kind=InvoiceKind.CREDIT_NOTE, reason=reason,
            open_amount__gt=0,
        )
        .exclude(state=InvoiceState.DRAFT)
        .order_by("-pk")
        .first()
    )  # fmt: skip
    is_same = found is not None and found.payable == amount and paid_of(visit) + amount == paid
    return found if is_same else None
