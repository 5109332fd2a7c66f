"""Payments by hand, refunds, and calling them off."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.invoices.settling import settle
from billing.payments import booking
from billing.payments.bank.pain001 import Debtor, Payout, PayoutError, write_pain001
from billing.payments.bank_orders import bank_id, write_order
from billing.payments.bringing import lock_payments
from billing.payments.models import (
    Claim,
    Payment,
    PaymentSource,
    PayoutFile,
    Refund,
    RefundState,
)
from billing.payments.seller_of import owed_by
from billing.sellers.models import Seller
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.money import smallest_unit


@dataclass(frozen=True, slots=True)
class PayTo:
    """Where a refund goes: an IBAN or a bankgiro; neither: it is paid out by hand."""

    name: str = ""
    iban: str = ""
    bic: str = ""
    bankgiro: str = ""
    reference: str = ""


@transaction.atomic
def book_by_hand(
    *,
    account: BillingAccount,
    amount: Decimal,
    booked_on: date,
    invoice: Invoice | None = None,
    reference: str = "",
    note: str = "",
    now: datetime | None = None,
) -> Payment:
    """Money that came in otherwise (cash, a foreign account). It settles ``invoice``, or what the
    account owes, the oldest first; the rest is its credit. Refuses days to come."""
    now = now or timezone.now()
    today = operator_day(account.operator, now)
    _check_amount(amount, account.currency)
    if booked_on > today:
        raise InvalidInput("day", _("The day lies ahead."), field="booked_on")
    if invoice is not None and invoice.account_id != account.pk:
        raise RuleViolation("other_account", _("The invoice is another customer's."))
    if invoice is not None and invoice.currency != account.currency:
        raise RuleViolation(
            "other_currency",
            _("%(account)s pays in another currency.") % {"account": account},
            field="invoice",
        )
    lock_payments(account.operator_id)
    seller = Seller.objects.filter(operator_id=account.operator_id, is_default=True).first()
    payment = booking.book(
        operator_id=account.operator_id,
        seller_id=invoice.seller_id if invoice is not None else seller and seller.pk,
        account=account,
        amount=amount,
        currency=account.currency,
        booked_on=booked_on,
        identified_on=today,
        source=PaymentSource.MANUAL,
        reference=reference,
        note=note,
    )
    if invoice is not None and invoice.open_amount > 0:
        part = min(amount, invoice.open_amount)
        booking.allocate(payment, invoice, part, on=booking.counted_on(booked_on, invoice))
    else:
        booking.use_rest(payment, on=booked_on)
    return payment


def _check_amount(amount: Decimal, currency: str) -> None:
    if amount <= 0 or amount != amount.quantize(smallest_unit(currency)):
        raise InvalidInput(
            "amount",
            _("Write an amount above zero in whole smallest units of %(currency)s.")
            % {"currency": currency},
            field="amount",
        )


@transaction.atomic
def reverse_payment(*, payment: Payment, reason: str, now: datetime | None = None) -> Payment:
    """Call off a payment that was booked by hand or by card; a reason is needed. Those of bank
    transactions are undone there, and what was set off with its payout."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    if payment.transaction_id is not None:
        raise RuleViolation("of_transaction", _("Undo the bank transaction instead."))
    if payment.source == PaymentSource.SET_OFF:
        raise RuleViolation("of_payout", _("Call the payout batch off instead."))
    lock_payments(payment.operator_id)
    today = operator_day(payment.operator, now or timezone.now())
    return booking.reverse(payment, on=today, reason=reason)


@transaction.atomic
def plan_refund(
    *,
    source: Payment | Invoice,
    amount: Decimal | None = None,
    reason: str,
    to: PayTo | None = None,
    pay_on: date | None = None,
    now: datetime | None = None,
) -> Refund:
    """Give credit back from a payment or a credit note: all that is left of it unless told.

    With an IBAN or bankgiro it waits for a payout file; without, it is paid out by hand. Refuses
    more than is left, and numbers that a bank would refuse.
    """
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    account = source.account
    if account is None:
        raise RuleViolation("payment_unidentified", _("Say first whose payment this is."))
    lock_payments(source.operator_id)
    source.refresh_from_db()
    rest = booking.rest_of(source)
    amount = rest if amount is None else amount
    _check_amount(amount, source.currency)
    if amount > rest:
        raise RuleViolation(
            "beyond_rest", _("Only %(rest)s is left to give back.") % {"rest": rest}, field="amount"
        )
    to = to or PayTo()
    refund = Refund(
        operator_id=source.operator_id,
        public_id=public_id("ref"),
        payment=source if isinstance(source, Payment) else None,
        credit_note=source if isinstance(source, Invoice) else None,
        account=account,
        amount=amount,
        currency=source.currency,
        name=(to.name or account.name)[:140],
        iban=to.iban.replace(" ", "").upper(),
        bic=to.bic.replace(" ", "").upper(),
        bankgiro=to.bankgiro.strip(),
        reference=to.reference[:140],
        reason=reason,
        pay_on=pay_on or operator_day(source.operator, now or timezone.now()),
        user_label=current_actor.get().label[:200],
    )
    _check_target(refund)
    refund.save()
    if isinstance(source, Invoice):
        settle(source, paid=amount, reason=reason)
    record(
        "refund.plan",
        refund,
        operator_id=refund.operator_id,
        after={"amount": amount, "account": account.public_id, "pay_on": refund.pay_on},
        reason=reason,
    )
    return refund


def _check_target(refund: Refund) -> None:
    """What the file to the bank would refuse is refused now."""
    refund.full_clean(exclude=["operator", "payment", "credit_note", "account"])
    if not refund.iban and not refund.bankgiro:
        return
    try:
        write_pain001(
            [payout_of(refund)],
            debtor=Debtor(name="x", organisation_number="5560360793",
                          iban="SE3550000000054910000003"),
            message_id="check",
            created_at=timezone.now(),
        )  # fmt: skip
    except PayoutError as error:
        field = error.at.rsplit(".", 1)[-1]
        raise InvalidInput(
            f"payout_{error.code}",
            _("The bank would refuse this: check the payee's name, account and text."),
            field=field if field in ("iban", "bic", "bankgiro", "name", "reference") else None,
        ) from error


def payout_of(refund: Refund) -> Payout:
    """The refund as a file to the bank takes it."""
    return Payout(
        id=bank_id(refund.public_id),
        name=refund.name,
        amount=refund.amount.quantize(smallest_unit(refund.currency)),
        currency=refund.currency,
        pay_on=refund.pay_on,
        reference=refund.reference,
        iban=refund.iban,
        bic=refund.bic,
        bankgiro=refund.bankgiro,
        country_code=refund.account.country_code,
    )


@transaction.atomic
def order_refunds(
    *, seller: Seller, refunds: Sequence[Refund], now: datetime | None = None
) -> PayoutFile:
    """One file to the bank (pain.001) for planned refunds; each is ordered once.

    Refunds without an account, and those that another seller owes, are left out. Refuses when
    none is left, several currencies, and a seller without IBAN.
    """
    now = now or timezone.now()
    if not seller.iban:
        raise RuleViolation("seller_iban", _("The seller has no IBAN to pay from."))
    lock_payments(seller.operator_id)
    ids = [one.pk for one in refunds]
    rows = list(
        Refund.objects.select_for_update(of=("self",))
        .filter(owed_by(seller), pk__in=ids, state=RefundState.PLANNED)
        .exclude(iban="", bankgiro="")
        .select_related("account")
        .order_by("pk")
    )
    if not rows:
        raise RuleViolation("nothing_to_order", _("No refund with an account waits."))
    if len({one.currency for one in rows}) > 1:
        raise RuleViolation("several_currencies", _("A file has refunds of one currency."))
    ref = public_id("pof")
    content = write_order(seller, [payout_of(one) for one in rows], public_id=ref, now=now)
    file: PayoutFile = PayoutFile.objects.create(
        operator_id=seller.operator_id, public_id=ref, seller=seller, content=content,
        sha256=hashlib.sha256(content).hexdigest(), refund_count=len(rows),
        amount=sum((one.amount for one in rows), Decimal()), currency=rows[0].currency,
        user_label=current_actor.get().label[:200],
    )  # fmt: skip
    for one in rows:
        move_refund(one, RefundState.ORDERED, payout_file=file)
    return file


@transaction.atomic
def finish_refund(*, refund: Refund, paid_on: date, now: datetime | None = None) -> Refund:
    """Say that the money has gone out."""
    _refuse_card(refund)
    if paid_on > operator_day(refund.operator, now or timezone.now()):
        raise InvalidInput("day", _("The day lies ahead."), field="paid_on")
    move_refund(refund, RefundState.DONE, paid_on=paid_on)
    return refund


@transaction.atomic
def cancel_refund(*, refund: Refund, reason: str) -> Refund:
    """Call a refund off that has not gone out; what it took is credit again."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    _refuse_card(refund)
    return call_refund_off(refund, reason=reason)


def _refuse_card(refund: Refund) -> None:
    if hasattr(refund, "card_refund"):
        raise RuleViolation("by_card", _("It goes back to a card; the provider says what happens."))


def call_refund_off(refund: Refund, *, reason: str) -> Refund:
    """What a refund that is not settled took is credit again."""
    lock_payments(refund.operator_id)
    move_refund(refund, RefundState.CANCELLED, reason=reason)
    if refund.credit_note is not None:
        settle(refund.credit_note, paid=-refund.amount, reason=reason)
    return refund


_MOVES = {
    RefundState.ORDERED: (RefundState.PLANNED,),
    RefundState.DONE: (RefundState.PLANNED, RefundState.ORDERED),
    RefundState.CANCELLED: (RefundState.PLANNED, RefundState.ORDERED),
}


def move_refund(refund: Refund, state: RefundState, *, reason: str = "", **values: Any) -> None:
    """A refund goes on to a state; refuses one that is settled."""
    changed = Refund.objects.filter(pk=refund.pk, state__in=_MOVES[state]).update(
        state=state, **values
    )
    if not changed:
        raise RuleViolation("refund_state", _("The refund is settled already."))
    before = refund.state
    refund.refresh_from_db()
    record(
        f"refund.{state.value}", refund, operator_id=refund.operator_id,
        before={"state": before}, after={"state": state.value}, reason=reason,
    )  # fmt: skip


@transaction.atomic
def waive_claim(*, claim: Claim, reason: str) -> Claim:
    """Let go what is open of a fee or of interest; a reason is needed."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    lock_payments(claim.operator_id)
    fresh: Claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if fresh.open_amount <= 0:
        raise RuleViolation("nothing_open", _("Nothing is open of it."))
    waived = fresh.open_amount
    fresh.waived_amount += waived
    fresh.save(update_fields=["waived_amount"])
    record(
        "claim.waive", fresh, operator_id=fresh.operator_id, after={"waived": waived},
        reason=reason,
    )  # fmt: skip
    return fresh
