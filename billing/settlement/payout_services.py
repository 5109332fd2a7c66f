"""Paying hosts: proposed, approved, ordered at the bank, paid; each statement once."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.invoices.settling import settle
from billing.payments.bank.pain001 import Payout
from billing.payments.bank_models import BankTransaction, TransactionState
from billing.payments.bank_orders import bank_id, write_order
from billing.payments.bringing import lock_payments
from billing.review.rules import rules_for
from billing.sellers.models import Seller
from billing.settlement.models import Statement
from billing.settlement.payable import HostBalance, balances, unpaid
from billing.settlement.payout_models import BatchState, HostPayout, PayoutBatch, PayoutState
from billing.settlement.set_off import keep_set_offs, make_set_offs, undo_set_offs
from billing.settlement.webhooks import PAID, tell
from core.accounts.models import Operator, User
from core.audit.models import ActorKind
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.money import smallest_unit


@transaction.atomic
def propose_batch(
    *, seller: Seller, currency: str, pay_on: date, now: datetime | None = None
) -> PayoutBatch:
    """A batch of all that the seller owes its hosts, but what is below a host's least payout;
    what hosts owe for fees is set off where their terms say so.

    Another person approves it where the sum is above the operator's limit for one pair of eyes.
    Refuses days gone by, when nothing is to be paid, and sums above the limit that no person
    proposes, since nobody could approve them.
    """
    now = now or timezone.now()
    if pay_on < operator_day(seller.operator, now):
        raise InvalidInput("day", _("The day has gone by."), field="pay_on")
    rows = list(unpaid(seller).filter(currency=currency).select_for_update(of=("self",)))
    lock_payments(seller.operator_id)
    due = [one for one in balances(rows) if not one.why_not]
    if not due:
        raise RuleViolation(
            "nothing_due", _("Nothing is to be paid: it is below the least payout, or carried.")
        )
    total = sum((one.amount for one in due), Decimal(0))
    set_off = sum((one.set_off for one in due), Decimal(0))
    needs_second = total > rules_for(seller.operator).four_eyes_above
    actor = current_actor.get()
    is_person = actor.kind == ActorKind.PERSON
    if needs_second and not is_person:
        raise _person_needed()
    batch: PayoutBatch = PayoutBatch.objects.create(
        operator_id=seller.operator_id,
        public_id=public_id("hpb"),
        seller=seller,
        currency=currency,
        amount=total - set_off,
        set_off_amount=set_off,
        payout_count=len(due),
        pay_on=pay_on,
        needs_second=needs_second,
        proposed_by_id=actor.id if is_person else None,
        proposed_label=actor.label[:200],
    )
    for one in due:
        _pay(batch, one)
    if batch.amount:
        _file(batch, now)  # What the bank would refuse is refused now.
    record(
        "payout_batch.propose",
        batch,
        operator_id=batch.operator_id,
        after={
            "amount": batch.amount,
            "set_off": set_off,
            "hosts": [one.host.name for one in due],
            "pay_on": pay_on,
        },
    )
    return batch


def _pay(batch: PayoutBatch, balance: HostBalance) -> HostPayout:
    host = balance.host
    payout: HostPayout = HostPayout.objects.create(
        operator_id=batch.operator_id,
        public_id=public_id("hpo"),
        batch=batch,
        host=host,
        amount=balance.to_pay,
        set_off_amount=balance.set_off,
        currency=balance.currency,
        name=host.name[:140],
        iban="" if host.bankgiro else host.iban.replace(" ", "").upper(),
        bic="" if host.bankgiro else host.bic.replace(" ", "").upper(),
        bankgiro=host.bankgiro,
        reference=_reference(balance),
    )
    keep_set_offs(payout, balance.fees)
    keys = [one.pk for one in balance.statements]
    Statement.objects.filter(pk__in=keys, payout=None).update(payout=payout)
    return payout


def _reference(balance: HostBalance) -> str:
    """What the host reads on its account: numbers of invoices, or periods."""
    parts = [
        one.invoice.number if one.invoice else one.host_invoice_number
        or f"{one.site} {one.period_from_on:%Y-%m}"
        for one in balance.statements
    ]  # fmt: skip
    return ", ".join(parts)[:140]


@transaction.atomic
def approve_batch(
    *, batch: PayoutBatch, by: User | None, reason: str = "", now: datetime | None = None
) -> PayoutBatch:
    """Approve what was proposed, and settle what it sets off. Where nothing goes out it is done.

    Refuses the one who proposed it where two are needed, and a set-off that holds no more.
    """
    now = now or timezone.now()
    row: PayoutBatch = PayoutBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if row.needs_second and (row.proposed_by_id is None or by is None):
        raise _person_needed()
    if row.needs_second and row.proposed_by_id == (by and by.pk):
        raise RuleViolation("second_person", _("Somebody else must approve this sum."))
    row = _moved(
        row,
        BatchState.APPROVED,
        reason=reason,
        approved_by=by,
        approved_label=current_actor.get().label[:200],
        approved_at=now,
    )
    make_set_offs(row, now=now)
    if not row.amount:
        first = row.payouts.order_by("pk")[0]
        finish_payout(payout=first, paid_on=operator_day(row.operator, now), now=now)
        row.refresh_from_db()
    return row


def _person_needed() -> RuleViolation:
    return RuleViolation(
        "person_needed", _("A sum above the limit is proposed and approved by people.")
    )


@transaction.atomic
def order_batch(
    *, batch: PayoutBatch, reason: str = "", now: datetime | None = None
) -> PayoutBatch:
    """Make the file for the bank (pain.001), once; it is kept as it was made."""
    row: PayoutBatch = (
        PayoutBatch.objects.select_for_update(of=("self",))
        .select_related("seller")
        .get(pk=batch.pk)
    )
    now = now or timezone.now()
    content = _file(row, now)
    return _moved(
        row,
        BatchState.ORDERED,
        reason=reason,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        ordered_at=now,
    )


@transaction.atomic
def cancel_batch(*, batch: PayoutBatch, reason: str) -> PayoutBatch:
    """Call a batch off of which nothing was paid; its statements can be paid again, and what it
    set off is owed again."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    row: PayoutBatch = PayoutBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if row.payouts.filter(state=PayoutState.DONE).exists():
        raise RuleViolation("paid", _("Some of it was paid already."))
    _moved(row, BatchState.CANCELLED, reason=reason)
    row.payouts.update(state=PayoutState.CANCELLED)
    Statement.objects.filter(payout__batch=row).update(payout=None)
    undo_set_offs(row, reason=reason)
    return row


@transaction.atomic
def finish_payout(
    *,
    payout: HostPayout,
    paid_on: date,
    by_transaction: BankTransaction | None = None,
    now: datetime | None = None,
) -> HostPayout:
    """Say that the money has gone out, once; the statements in it are paid.

    Refuses days to come and what was not approved. Payments of which everything was set off are
    done with the first of the batch; the last one ends it.
    """
    now = now or timezone.now()
    batch: PayoutBatch = PayoutBatch.objects.select_for_update(of=("self",)).get(pk=payout.batch_id)
    if paid_on > operator_day(batch.operator, now):
        raise InvalidInput("day", _("The day lies ahead."), field="paid_on")
    if batch.state not in (BatchState.APPROVED, BatchState.ORDERED):
        raise RuleViolation("batch_state", _("The batch is not approved, or settled already."))
    _finish(payout, paid_on, by_transaction, now)
    for other in batch.payouts.filter(state=PayoutState.PLANNED, amount=0).order_by("pk"):
        _finish(other, paid_on, None, now)
    if not batch.payouts.exclude(state=PayoutState.DONE).exists():
        _moved(batch, BatchState.DONE)
    return payout


def _finish(
    payout: HostPayout, paid_on: date, by_transaction: BankTransaction | None, now: datetime
) -> None:
    changed = HostPayout.objects.filter(pk=payout.pk, state=PayoutState.PLANNED).update(
        state=PayoutState.DONE, paid_on=paid_on, transaction=by_transaction
    )
    if not changed:
        raise RuleViolation("payout_state", _("This payment is settled already."))
    statements = list(
        Statement.objects.select_for_update(of=("self",))
        .filter(payout=payout)
        .select_related("invoice", "site", "host")
    )
    Statement.objects.filter(payout=payout).update(paid_on=paid_on)
    for one in statements:
        one.paid_on = paid_on
        if one.invoice is not None and one.invoice.open_amount:
            settle(one.invoice, paid=one.invoice.open_amount, now=now)
    tell(PAID, statements, now=now)
    payout.refresh_from_db()
    record(
        "host_payout.done",
        payout,
        operator_id=payout.operator_id,
        after={
            "paid_on": paid_on,
            "amount": payout.amount,
            "set_off": payout.set_off_amount,
        },
    )


@transaction.atomic
def match_payouts(*, operator_id: int, now: datetime | None = None) -> int:
    """Note payments that the bank's files show as gone out: by our id, with the same amount. What
    is booked on a day to come waits for it; what the bank shows twice counts once."""
    now = now or timezone.now()
    open_ones: QuerySet[HostPayout] = HostPayout.objects.filter(
        operator_id=operator_id, state=PayoutState.PLANNED, batch__state=BatchState.ORDERED
    )
    by_id = {bank_id(one.public_id): one for one in open_ones}
    debits = BankTransaction.objects.select_for_update(of=("self",)).filter(
        operator_id=operator_id,
        direction="debit",
        end_to_end_id__in=by_id,
        booked_on__lte=operator_day(Operator.objects.get(pk=operator_id), now),
    )
    done = 0
    for row in debits.order_by("booked_on", "pk"):
        payout = by_id.get(row.end_to_end_id)
        if payout is None or (row.amount, row.currency) != (payout.amount, payout.currency):
            continue
        finish_payout(payout=payout, paid_on=row.booked_on, by_transaction=row, now=now)
        del by_id[row.end_to_end_id]
        BankTransaction.objects.filter(pk=row.pk).update(state=TransactionState.BOOKED)
        done += 1
    return done


_MOVES = {
    BatchState.APPROVED: (BatchState.PROPOSED,),
    BatchState.ORDERED: (BatchState.APPROVED,),
    BatchState.DONE: (BatchState.APPROVED, BatchState.ORDERED),
    BatchState.CANCELLED: (BatchState.PROPOSED, BatchState.APPROVED, BatchState.ORDERED),
}


def _moved(
    batch: PayoutBatch, state: BatchState, *, reason: str = "", **values: Any
) -> PayoutBatch:
    changed = PayoutBatch.objects.filter(pk=batch.pk, state__in=_MOVES[state]).update(
        state=state, **values
    )
    if not changed:
        raise RuleViolation("batch_state", _("The batch is in another state by now."))
    before = batch.state
    batch.refresh_from_db()
    record(
        f"payout_batch.{state.value}",
        batch,
        operator_id=batch.operator_id,
        before={"state": before},
        after={"state": state.value},
        reason=reason,
    )
    return batch


def _file(batch: PayoutBatch, now: datetime) -> bytes:
    rows = batch.payouts.filter(amount__gt=0).select_related("host").order_by("pk")
    payouts = [_order(one, batch.pay_on) for one in rows]
    return write_order(batch.seller, payouts, public_id=batch.public_id, now=now)


def _order(payout: HostPayout, pay_on: date) -> Payout:
    return Payout(
        id=bank_id(payout.public_id),
        name=payout.name,
        amount=payout.amount.quantize(smallest_unit(payout.currency)),
        currency=payout.currency,
        pay_on=pay_on,
        reference=payout.reference,
        iban=payout.iban,
        bic=payout.bic,
        bankgiro=payout.bankgiro,
        country_code=payout.host.country_code,
    )
