"""What people do about transactions that nobody could book by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments import booking
from billing.payments.bank_models import BankTransaction, Direction, TransactionState
from billing.payments.bringing import lock_payments
from billing.payments.matching_services import settle_parts, take_back_at_bank
from billing.payments.models import Payment
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.money import smallest_unit

MOST_PARTS: Final = 50


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the money: for an invoice, or as credit of an account. Without an amount: what
    is open of the invoice, or all that is left."""

    invoice: Invoice | None = None
    account: BillingAccount | None = None
    amount: Decimal | None = None

    @property
    def payer(self) -> BillingAccount:
        """Whose share it is."""
        owner = self.invoice.account if self.invoice is not None else self.account
        if owner is None:
            raise InvalidInput("part_target", _("Name an invoice or an account."))
        return owner


@transaction.atomic
def match_transaction(
    *, row: BankTransaction, parts: Sequence[Part], reason: str = "", now: datetime | None = None
) -> list[Payment]:
    """Book the money on invoices and accounts as a person says; what no part takes becomes the
    credit of the one customer there is.

    Refuses other than money in, rows that are settled, parts beyond the amount or beyond what is
    open, and a rest that could be of several customers.
    """
    row = _locked(row, Direction.CREDIT)
    if not parts or len(parts) > MOST_PARTS:
        raise InvalidInput("parts", _("Say whose money it is, in at most 50 parts."))
    today = operator_day(row.operator, now or timezone.now())
    shares = _shares(row, parts)
    standing = _standing(row)
    booked_on = standing.booked_on if standing is not None else row.booked_on
    if standing is not None and len(shares) > 1:
        booking.reverse(standing, on=booked_on, reason=_("Divided between customers"))
        standing = None
    payments = []
    for account, mine in shares.items():
        if standing is not None:
            booking.identify(standing, account, on=today)
        amount = sum((share for _part, share in mine), Decimal())
        payment = standing or booking.book_transaction(
            row, amount=amount, account=account, on=today, booked_on=booked_on
        )
        chosen = [(part.invoice, amount) for part, amount in mine if part.invoice is not None]
        settle_parts(payment, chosen, on=today)
        payments.append(payment)
    _finish(row, TransactionState.BOOKED, "bank_transaction.match", reason)
    return payments


def _shares(
    row: BankTransaction, parts: Sequence[Part]
) -> dict[BillingAccount, list[tuple[Part, Decimal]]]:
    left = row.amount
    shares: dict[BillingAccount, list[tuple[Part, Decimal]]] = {}
    for number, part in enumerate(parts):
        amount = part.amount
        if amount is None:
            amount = min(part.invoice.open_amount, left) if part.invoice is not None else left
        if amount <= 0 or amount > left or _is_too_fine(amount, row.currency):
            raise InvalidInput(
                "part_amount",
                _("Part %(number)s: the amount must lie between 0 and what is left, %(left)s.")
                % {"number": number + 1, "left": left},
                field="parts",
            )
        if part.invoice is not None and amount > part.invoice.open_amount:
            raise RuleViolation(
                "beyond_open",
                _("%(invoice)s has %(open)s open, and %(amount)s was to be booked on it.")
                % {
                    "invoice": part.invoice,
                    "open": part.invoice.open_amount,
                    "amount": amount,
                },
                field="parts",
            )
        wanted = part.payer.currency if part.invoice is None else part.invoice.currency
        if wanted != row.currency:
            raise RuleViolation(
                "other_currency",
                _("%(account)s pays in another currency.") % {"account": part.payer},
                field="parts",
            )
        shares.setdefault(part.payer, []).append((part, amount))
        left -= amount
    if left and len(shares) > 1:
        raise RuleViolation(
            "rest_of_several",
            _("%(left)s is left over; say which of the customers it belongs to.") % {"left": left},
            field="parts",
        )
    if left:
        (account,) = shares
        shares[account].append((Part(account=account), left))
    return shares


def _is_too_fine(amount: Decimal, currency: str) -> bool:
    return amount != amount.quantize(smallest_unit(currency))


def _standing(row: BankTransaction) -> Payment | None:
    """The payment of the whole transaction that nobody is known for."""
    found: Payment | None = (
        Payment.objects.select_for_update()
        .filter(transaction=row, reverses=None, reversed_by=None, account=None)
        .first()
    )
    return found


@transaction.atomic
def accept_proposal(*, row: BankTransaction, now: datetime | None = None) -> list[Payment]:
    """Book what matching proposed; refuses when it proposed nothing that can be booked."""
    proposal: dict[str, Any] = row.proposal
    if row.direction == Direction.REVERSAL:
        payment = Payment.objects.filter(public_id=proposal.get("takes_back", "")).first()
        if payment is None:
            raise RuleViolation("no_proposal", _("There is nothing to accept."))
        return [match_reversal(row=row, payment=payment, reason=_("As proposed"))]
    account = BillingAccount.objects.filter(public_id=proposal.get("account", "")).first()
    if account is None:
        raise RuleViolation("no_proposal", _("There is nothing to accept."))
    given = proposal.get("parts", [])
    found = {
        one.public_id: one
        for one in Invoice.objects.filter(
            public_id__in=[part["invoice"] for part in given]
        ).select_related("account")
    }
    parts = [
        Part(invoice=found[part["invoice"]], amount=Decimal(part["amount"]))
        for part in given
        if part["invoice"] in found
    ]
    return match_transaction(
        row=row, parts=parts or [Part(account=account)], reason=_("As proposed"), now=now
    )


@transaction.atomic
def match_reversal(*, row: BankTransaction, payment: Payment, reason: str = "") -> Payment:
    """Say which payment the bank took back; refuses one of another amount or currency."""
    row = _locked(row, Direction.REVERSAL)
    if (payment.amount, payment.currency) != (row.amount, row.currency):
        raise RuleViolation(
            "other_amount", _("The bank took back another amount than this payment's.")
        )
    reason = reason or _("Taken back by the bank")
    take_back_at_bank(payment, row, reason=reason, now=timezone.now())
    _finish(row, TransactionState.BOOKED, "bank_transaction.match", reason)
    return payment


@transaction.atomic
def ignore_transaction(*, row: BankTransaction, reason: str) -> BankTransaction:
    """Say that the money is no customer's payment; a reason is needed. It leaves the books of
    payments again."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    row = _locked(row)
    for payment in Payment.objects.filter(transaction=row, reverses=None, reversed_by=None):
        booking.reverse(payment, on=payment.booked_on, reason=reason)
    return _finish(row, TransactionState.IGNORED, "bank_transaction.ignore", reason)


@transaction.atomic
def undo_transaction(
    *, row: BankTransaction, reason: str, now: datetime | None = None
) -> BankTransaction:
    """Put a transaction back on the work list: what it settled is open again, and the money is
    nobody's. A reason is needed. Refuses one that was refunded, and the undoing of a reversal."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    lock_payments(row.operator_id)
    row = BankTransaction.objects.select_related("operator", "bank_file").get(pk=row.pk)
    settled = (TransactionState.BOOKED, TransactionState.IGNORED)
    if row.state not in settled or row.direction != Direction.CREDIT or not row.amount:
        raise RuleViolation("not_settled", _("There is nothing to undo."))
    if Payment.objects.filter(
        reverses__transaction=row, transaction__direction=Direction.REVERSAL
    ).exists():
        raise RuleViolation("payment_reversed", _("The payment was taken back before."))
    today = operator_day(row.operator, now or timezone.now())
    for payment in Payment.objects.filter(transaction=row, reverses=None, reversed_by=None):
        booking.reverse(payment, on=today, reason=reason)
    # On today as the taking back is, so that the days before keep what the bank had on them.
    booking.book_transaction(row, amount=row.amount, account=None, on=today, booked_on=today)
    return _finish(row, TransactionState.WORK_LIST, "bank_transaction.undo", reason)


def _locked(row: BankTransaction, direction: Direction | None = None) -> BankTransaction:
    """The row of the work list, with the operator's payments held."""
    lock_payments(row.operator_id)
    fresh: BankTransaction = BankTransaction.objects.select_related("operator", "bank_file").get(
        pk=row.pk
    )
    if fresh.state != TransactionState.WORK_LIST:
        raise RuleViolation("not_on_work_list", _("This was settled in the meantime."))
    if direction is not None and fresh.direction != direction:
        raise RuleViolation("direction", _("The money went the other way."))
    return fresh


def _finish(
    row: BankTransaction, state: TransactionState, verb: str, reason: str
) -> BankTransaction:
    before = row.state
    row.state, row.note = state, reason[:500]
    row.settled_at = None if state == TransactionState.WORK_LIST else timezone.now()
    row.save(update_fields=["state", "note", "settled_at"])
    record(
        verb, row, operator_id=row.operator_id, before={"state": before},
        after={"state": row.state}, reason=reason,
    )  # fmt: skip
    return row
