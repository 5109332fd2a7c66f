"""Booking new bank transactions: certain ones at once, the others onto the work list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments import booking
from billing.payments.bank_models import BankFile, BankTransaction, Direction, TransactionState
from billing.payments.bringing import lock_payments
from billing.payments.matching_facts import Proposal
from billing.payments.models import Payment
from billing.payments.proposals import as_json, proposals_for
from core.accounts.models import Operator
from core.audit.services import record
from core.errors import RuleViolation

BATCH: Final = 200
AT_ONCE: Final = 300


def match_due(*, now: datetime, batches: int = 50) -> int:
    """Match what is new, operator by operator; returns how many transactions."""
    done = 0
    ids = BankTransaction.objects.filter(state=TransactionState.NEW).order_by()
    for pk in list(ids.values_list("operator_id", flat=True).distinct()):
        for _batch in range(batches):
            count = match_new(operator_id=pk, now=now)
            done += count
            if count < BATCH:
                break
    return done


@transaction.atomic
def match_new(*, operator_id: int, now: datetime, limit: int = BATCH) -> int:
    """Match the oldest new transactions of an operator in their order; returns how many."""
    lock_payments(operator_id)
    rows = list(
        BankTransaction.objects.select_for_update(of=("self",))
        .filter(operator_id=operator_id, state=TransactionState.NEW)
        .select_related("bank_file", "operator")
        .defer("bank_file__raw")
        .order_by("bank_file_id", "position")[:limit]
    )
    if not rows:
        return 0
    today = operator_day(rows[0].operator, now)
    found = proposals_for(operator_id, rows)
    for row, one in zip(rows, found, strict=True):
        _apply_as_things_are(row, one, now=now, today=today)
    return len(rows)


def _apply_as_things_are(
    row: BankTransaction, found: Proposal, *, now: datetime, today: date
) -> None:
    """Apply a proposal; where rows before it have settled what it names (the rest of an earlier
    payment pays the customer's other invoices), another one is made for the row alone."""
    try:
        with transaction.atomic():
            _apply(row, found, now=now, today=today)
    except RuleViolation:
        (fresh,) = proposals_for(row.operator_id, [row])
        _apply(row, fresh, now=now, today=today)


def _apply(row: BankTransaction, found: Proposal, *, now: datetime, today: date) -> None:
    before = _taken_back(row.operator_id, found)
    # Matching names a payment of the same file by its transaction: it has an id only now.
    row.proposal = as_json(found) | {"takes_back": before.public_id if before else ""}
    if found.outcome == "nothing":
        row.state = TransactionState.IGNORED
    elif row.direction == Direction.REVERSAL:
        row.state = _reversed(row, found, before, now)
    else:
        row.state = _credited(row, found, today)
    row.settled_at = None if row.state == TransactionState.WORK_LIST else now
    row.save(update_fields=["state", "proposal", "settled_at"])


def _reversed(
    row: BankTransaction, found: Proposal, before: Payment | None, now: datetime
) -> TransactionState:
    if found.needs_person or before is None or before.refunds.exclude(state="cancelled").exists():
        return TransactionState.WORK_LIST
    take_back_at_bank(before, row, reason=_("Taken back by the bank"), now=now)
    return TransactionState.BOOKED


def take_back_at_bank(
    payment: Payment, row: BankTransaction, *, reason: str, now: datetime
) -> None:
    """Take a payment back by the bank's own movement. Where it waited for somebody to say whose
    it was, it waits no longer: there is nothing left to book."""
    booking.reverse(payment, on=row.booked_on, reason=reason, transaction=row)
    waiting = BankTransaction.objects.filter(
        pk=payment.transaction_id, state=TransactionState.WORK_LIST
    ).first()
    if waiting is None:
        return
    waiting.state, waiting.note, waiting.settled_at = TransactionState.BOOKED, reason[:500], now
    waiting.save(update_fields=["state", "note", "settled_at"])
    record(
        "bank_transaction.taken_back", waiting, operator_id=row.operator_id,
        before={"state": TransactionState.WORK_LIST}, after={"state": waiting.state},
        reason=reason,
    )  # fmt: skip


def _taken_back(operator_id: int, found: Proposal) -> Payment | None:
    """The payment that a reversal takes back: of an earlier file, or of the same one."""
    if not found.takes_back:
        return None
    rows = Payment.objects.filter(operator_id=operator_id, reverses=None, reversed_by=None)
    payment: Payment | None = (
        rows.filter(public_id=found.takes_back).first()
        or rows.filter(transaction__key=found.takes_back).first()
    )
    return payment


def _credited(row: BankTransaction, found: Proposal, today: date) -> TransactionState:
    account = None
    if found.account_id and found.certainty == "certain" and not found.needs_person:
        account = BillingAccount.objects.get(public_id=found.account_id)
    payment = booking.book_transaction(row, amount=row.amount, account=account, on=today)
    if account is None:
        return TransactionState.WORK_LIST
    settle_parts(payment, _parts(found))
    booking.use_rest(payment, on=payment.booked_on)
    return TransactionState.BOOKED


def _parts(found: Proposal) -> list[tuple[Invoice, Decimal]]:
    ids = [one.item_id for one in found.allocations]
    invoices = {one.public_id: one for one in Invoice.objects.filter(public_id__in=ids)}
    return [(invoices[one.item_id], one.amount) for one in found.allocations]


def settle_parts(
    payment: Payment, parts: Sequence[tuple[Invoice, Decimal]], *, on: date | None = None
) -> None:
    """Settle invoices from a payment; ``on`` the day it counts, else the day of the payment."""
    for invoice, amount in parts:
        day = booking.counted_on(on or payment.booked_on, invoice)
        booking.allocate(payment, invoice, amount, on=day)


def match_at_once(*, operator: Operator, file: BankFile, now: datetime) -> None:
    """Match a small file at once, so that its page shows what became of it; a large one is
    matched by the beat's task."""
    if file.transaction_count <= AT_ONCE:
        while match_new(operator_id=operator.pk, now=now) == BATCH:
            continue
