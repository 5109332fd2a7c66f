"""The small steps that every booking of money is made of, each with its audit entry.

Whoever calls them holds the operator's payments (``lock_payments``). What is open of an invoice
changes by ``settle`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Sum
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.invoices.settling import settle
from billing.payments.bank_models import BankFormat, BankTransaction
from billing.payments.models import (
    Claim,
    Payment,
    PaymentAllocation,
    PaymentSource,
    Refund,
    RefundState,
)
from billing.payments.seller_of import seller_of_bank_account
from core.audit.services import current_actor, record
from core.errors import RuleViolation
from core.ids import public_id

ZERO: Final = Decimal(0)
Source = Payment | Invoice
Target = Invoice | Claim


def book_transaction(
    row: BankTransaction,
    *,
    amount: Decimal,
    account: BillingAccount | None,
    on: date,
    booked_on: date | None = None,
) -> Payment:
    """A payment of a bank transaction, or of a part of it; ``booked_on`` where it is not the
    bank's day that the books shall have it on."""
    is_swish = row.bank_file.format == BankFormat.SWISH
    return book(
        operator_id=row.operator_id,
        seller_id=seller_of_bank_account(row.operator_id, row.bank_account),
        account=account,
        amount=amount,
        currency=row.currency,
        booked_on=booked_on or row.booked_on,
        identified_on=on if account is not None else None,
        source=PaymentSource.SWISH if is_swish else PaymentSource.BANK,
        transaction=row,
        reference=(row.references[0] if row.references else row.bank_id)[:140],
        payer_name=row.payer_name,
    )


def book(*, operator_id: int, **values: Any) -> Payment:
    """A payment as it is given."""
    payment: Payment = Payment.objects.create(
        operator_id=operator_id,
        public_id=public_id("pay"),
        user_label=current_actor.get().label[:200],
        **values,
    )
    record(
        "payment.book",
        payment,
        operator_id=operator_id,
        after={
            "amount": payment.amount,
            "currency": payment.currency,
            "booked_on": payment.booked_on,
            "source": payment.source,
            "account": payment.account.public_id if payment.account else None,
        },
    )
    return payment


def identify(payment: Payment, account: BillingAccount, *, on: date) -> None:
    """Say whose a payment is, once."""
    if payment.account_id == account.pk:
        return
    changed = Payment.objects.filter(pk=payment.pk, account=None).update(
        account=account, identified_on=on
    )
    if not changed:
        raise RuleViolation(
            "payment_identified", _("The payment belongs to another customer already.")
        )
    payment.account, payment.identified_on = account, on
    record(
        "payment.identify",
        payment,
        operator_id=payment.operator_id,
        after={"account": account.public_id},
    )


def rest_of(source: Source) -> Decimal:
    """What nothing has used of a payment or a credit note."""
    if isinstance(source, Payment):
        if source.reversed_by_id is not None or source.amount <= 0:
            return ZERO
        whole, named = source.amount, {"payment": source}
    else:
        return source.open_amount if source.kind == InvoiceKind.CREDIT_NOTE else ZERO
    used = PaymentAllocation.objects.filter(**named).aggregate(sum=Sum("amount"))["sum"] or ZERO
    back = (
        Refund.objects.filter(**named)
        .exclude(state=RefundState.CANCELLED)
        .aggregate(sum=Sum("amount"))["sum"]
        or ZERO
    )
    return Decimal(whole - used - back)


def counted_on(day: date, target: Target) -> date:
    """The day on which money of ``day`` settles: not before there was a debt."""
    made = target.issued_on if isinstance(target, Invoice) else target.made_on
    return max(day, made) if made is not None else day


def allocate(
    source: Source, target: Target, amount: Decimal, *, on: date, from_credit: bool = False
) -> PaymentAllocation:
    """Settle an invoice or a claim from a payment or a credit note; both are told."""
    if isinstance(target, Invoice):
        settle(target, paid=amount)
    else:
        _pay_claim(target, amount)
    if isinstance(source, Invoice):
        settle(source, paid=amount)
    made: PaymentAllocation = PaymentAllocation.objects.create(
        operator_id=source.operator_id,
        payment=source if isinstance(source, Payment) else None,
        credit_note=source if isinstance(source, Invoice) else None,
        invoice=target if isinstance(target, Invoice) else None,
        claim=target if isinstance(target, Claim) else None,
        amount=amount,
        made_on=on,
        is_from_credit=from_credit,
        user_label=current_actor.get().label[:200],
    )
    record(
        "payment.allocate",
        source,
        operator_id=source.operator_id,
        after={"to": str(target), "amount": amount},
    )
    return made


def _pay_claim(claim: Claim, amount: Decimal) -> None:
    fresh: Claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if not ZERO <= fresh.paid_amount + amount <= fresh.amount - fresh.waived_amount:
        raise RuleViolation("beyond_open", _("The claim has less than that open."))
    fresh.paid_amount += amount
    fresh.save(update_fields=["paid_amount"])
    claim.paid_amount = fresh.paid_amount


def take_back(one: PaymentAllocation, *, on: date, reason: str) -> None:
    """Undo an allocation by a row of its own; what it settled is open again."""
    if PaymentAllocation.objects.filter(reverses=one).exists():
        return
    PaymentAllocation.objects.create(
        operator_id=one.operator_id,
        payment_id=one.payment_id,
        credit_note_id=one.credit_note_id,
        invoice_id=one.invoice_id,
        claim_id=one.claim_id,
        amount=-one.amount,
        made_on=on,
        reverses=one,
        is_from_credit=one.is_from_credit,
        user_label=current_actor.get().label[:200],
    )
    if one.invoice is not None:
        settle(one.invoice, paid=-one.amount, reason=reason)
    if one.claim is not None:
        _pay_claim(one.claim, -one.amount)
    if one.credit_note is not None:
        settle(one.credit_note, paid=-one.amount, reason=reason)


def live_allocations(payment: Payment) -> list[PaymentAllocation]:
    """What a payment settles now, the latest first."""
    rows = PaymentAllocation.objects.filter(payment=payment, reverses=None, reversed_by=None)
    return list(rows.select_related("invoice", "claim", "credit_note").order_by("-pk"))


def reverse(
    payment: Payment, *, on: date, reason: str, transaction: BankTransaction | None = None
) -> Payment:
    """Take a payment back whole: what it settled is open again. ``transaction``: the bank's own
    movement where the bank took it back; else the payment is called off where it was booked.

    Refuses one that was taken back before, and one of which something was refunded.
    """
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.reversed_by_id is not None or payment.reverses_id is not None:
        raise RuleViolation("payment_reversed", _("The payment was taken back before."))
    going = Refund.objects.filter(payment=payment).exclude(state=RefundState.CANCELLED)
    if going.exists():
        raise RuleViolation(
            "payment_refunded", _("Some of the payment was refunded; call the refund off first.")
        )
    for one in live_allocations(payment):
        take_back(one, on=max(on, one.made_on), reason=reason)
    back = book(
        operator_id=payment.operator_id,
        seller_id=payment.seller_id,
        account=payment.account,
        amount=-payment.amount,
        currency=payment.currency,
        booked_on=on,
        identified_on=on if payment.account_id is not None else None,
        source=payment.source,
        transaction=transaction or payment.transaction,
        reverses=payment,
        reference=payment.reference,
        payer_name=payment.payer_name,
        note=reason[:500],
    )
    Payment.objects.filter(pk=payment.pk).update(reversed_by=back)
    payment.reversed_by = back
    record("payment.reverse", payment, operator_id=payment.operator_id, reason=reason)
    return back


def open_invoices(account_id: int, currency: str) -> list[Invoice]:
    """The account's open invoices up to the first that is disputed, the oldest first."""
    rows = (
        Invoice.objects.filter(
            account_id=account_id, currency=currency, kind=InvoiceKind.INVOICE, open_amount__gt=0
        )
        .exclude(state=InvoiceState.DRAFT)
        .order_by("due_on", "issued_on", "number")
    )
    return _until_disputed(rows)


def _until_disputed(rows: Iterable[Invoice]) -> list[Invoice]:
    found = []
    for one in rows:
        if one.is_disputed:
            break
        found.append(one)
    return found


def open_claims(account_id: int, currency: str) -> list[Claim]:
    """What the account owes beside its invoices, the oldest first."""
    rows = Claim.objects.filter(
        account_id=account_id, currency=currency, invoice__is_disputed=False
    ).order_by("made_on", "pk")
    return [one for one in rows if one.open_amount > 0]


def use_rest(source: Source, *, on: date) -> Decimal:
    """Use what is left of a payment or credit note from a day on: for invoices first, the oldest
    first and never past a disputed one, then for claims. Returns what is left after that."""
    rest = rest_of(source)
    if rest <= 0 or source.account_id is None:
        return rest
    targets: list[Target] = [
        *open_invoices(source.account_id, source.currency),
        *open_claims(source.account_id, source.currency),
    ]
    for target in targets:
        part = min(rest, target.open_amount)
        if part > 0:
            allocate(source, target, part, on=counted_on(on, target), from_credit=True)
            rest -= part
        if not rest:
            break
    return rest
