"""Customers' credit: what it is, and using it for what falls due later."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import (
    Case,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments import booking
from billing.payments.bank_models import TransactionState
from billing.payments.bringing import lock_payments
from billing.payments.models import Claim, Payment, PaymentAllocation, Refund, RefundState

MONEY: Final = DecimalField(max_digits=20, decimal_places=4)
NOTHING: Final = Value(Decimal(0), MONEY)


def with_rest(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    """Payments with ``used``, ``refunded`` and ``rest``: what is still the customer's credit (or
    nobody's yet); nothing where the money was taken back."""
    gone = Q(reverses__isnull=False) | Q(reversed_by__isnull=False)
    left = F("amount") - F("used") - F("refunded")
    used = _sum(PaymentAllocation.objects.filter(payment=OuterRef("pk")), "payment")
    back = _sum(
        Refund.objects.filter(payment=OuterRef("pk")).exclude(state=RefundState.CANCELLED),
        "payment",
    )
    found: QuerySet[Payment] = rows.annotate(
        used=Coalesce(Subquery(used), NOTHING), refunded=Coalesce(Subquery(back), NOTHING)
    ).annotate(rest=Case(When(gone, then=NOTHING), default=left, output_field=MONEY))
    return found


def _sum(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    sums: QuerySet[Any] = rows.order_by().values(name).annotate(sum=Sum("amount")).values("sum")
    return sums


def credit_payments() -> QuerySet[Payment]:
    """Payments of which something is the customer's credit; those that wait for a person are
    left alone."""
    rows = Payment.objects.filter(account__isnull=False, reverses=None, reversed_by=None).exclude(
        transaction__state=TransactionState.WORK_LIST
    )
    found: QuerySet[Any] = with_rest(rows)
    return found.filter(rest__gt=0).order_by("booked_on", "pk")


def credit_notes() -> QuerySet[Invoice]:
    """Credit notes of which the customer still has to get something."""
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        kind=InvoiceKind.CREDIT_NOTE, open_amount__gt=0, account__isnull=False
    ).exclude(state=InvoiceState.DRAFT)
    return rows.order_by("issued_on", "pk")


def credit_of(account: BillingAccount) -> Decimal:
    """The account's credit, in its currency."""
    payments = credit_payments().filter(account=account, currency=account.currency)
    notes = credit_notes().filter(account=account, currency=account.currency)
    return _total(payments, "rest") + _total(notes, "open_amount")


def _total(rows: QuerySet[Any], name: str) -> Decimal:
    return rows.aggregate(sum=Sum(name))["sum"] or Decimal()


def use_credits_due(*, now: datetime) -> int:
    """Use the credit of every account that owes something too; returns how many accounts."""
    paid = Q(pk__in=credit_payments().order_by().values("account_id"))
    credited = Q(pk__in=credit_notes().order_by().values("account_id"))
    owing = (
        BillingAccount.objects.filter(Q(pk__in=_owing_invoices()) | Q(pk__in=_owing_claims()))
        .filter(paid | credited)
        .select_related("operator")
        .order_by("pk")
    )
    done = 0
    for account in owing:
        done += bool(use_credit(account=account, now=now))
    return done


def _owing_invoices() -> QuerySet[Any]:
    rows = Invoice.objects.filter(
        kind=InvoiceKind.INVOICE, open_amount__gt=0, is_disputed=False
    ).exclude(state=InvoiceState.DRAFT)
    return rows.order_by().values("account_id")


def _owing_claims() -> QuerySet[Any]:
    rows = Claim.objects.filter(amount__gt=F("paid_amount") + F("waived_amount"))
    return rows.order_by().values("account_id")


@transaction.atomic
def use_credit(*, account: BillingAccount, now: datetime) -> int:
    """Settle what the account owes from its credit, the oldest of both first and never past a
    disputed invoice; returns how many sources were used."""
    lock_payments(account.operator_id)
    today = operator_day(account.operator, now)
    sources: list[Payment | Invoice] = [
        *credit_notes().filter(account=account),
        *credit_payments().filter(account=account),
    ]
    used = 0
    for source in sources:
        before = booking.rest_of(source)
        used += booking.use_rest(source, on=today) != before
    return used
