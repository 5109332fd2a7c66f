"""How an account stands: what it owes, its credit, and what is done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from billing.accounts.models import BillingAccount
from billing.dunning.facts import pauses_on
from billing.dunning.models import DunningBlock, DunningPause, DunningStep
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.credits import credit_notes, credit_payments
from billing.payments.models import Claim
from billing.payments.selectors import payments


@dataclass(frozen=True, slots=True)
class Balance:
    """What is open between an account and the operator in one currency. ``balance`` above zero:
    the customer owes it."""

    currency: str
    open_amount: Decimal = Decimal(0)
    overdue_amount: Decimal = Decimal(0)
    fees_amount: Decimal = Decimal(0)
    credit_amount: Decimal = Decimal(0)

    @property
    def balance(self) -> Decimal:
        """What is owed less the credit."""
        return self.open_amount + self.fees_amount - self.credit_amount


def balances_of(account: BillingAccount, today: date) -> list[Balance]:
    """By currency, that of the account first; a fixed number of queries."""
    late = Q(due_on__lt=today)
    owed = _issued(account).filter(kind=InvoiceKind.INVOICE, open_amount__gt=0)
    sums: dict[str, dict[str, Decimal]] = {account.currency: {}}
    _add(sums, owed, "open_amount", "open_amount")
    _add(sums, owed.filter(late), "overdue_amount", "open_amount")
    claims = Claim.objects.filter(account=account).annotate(
        left=F("amount") - F("paid_amount") - F("waived_amount")
    )
    _add(sums, claims, "fees_amount", "left")
    _add(sums, credit_payments().filter(account=account), "credit_amount", "rest")
    _add(sums, credit_notes().filter(account=account), "credit_amount", "open_amount")
    return [Balance(currency, **amounts) for currency, amounts in sums.items()]


def _add(sums: dict[str, dict[str, Decimal]], rows: QuerySet[Any], name: str, column: str) -> None:
    for currency, amount in rows.order_by().values_list("currency").annotate(sum=Sum(column)):
        if amount:
            own = sums.setdefault(currency, {})
            own[name] = own.get(name, Decimal(0)) + amount


def _issued(account: BillingAccount) -> QuerySet[Invoice]:
    rows: QuerySet[Invoice] = Invoice.objects.filter(account=account)
    return rows.exclude(state=InvoiceState.DRAFT)


def invoices_of(account: BillingAccount) -> QuerySet[Invoice]:
    """The account's issued documents, the latest first."""
    return _issued(account).order_by("-issued_on", "-pk")


def payments_of(account: BillingAccount) -> QuerySet[Any]:
    """The account's payments, the latest first."""
    return payments().filter(account=account)


@dataclass(frozen=True, slots=True)
class Lateness:
    """What is done about an account's late invoices."""

    steps: Sequence[DunningStep]
    pauses: Sequence[DunningPause]
    is_blocked: bool


def lateness_of(account: BillingAccount, today: date, most: int) -> Lateness:
    """The latest steps about invoices that are open, the pauses that hold, and whether the
    account is blocked for them; three queries."""
    steps = DunningStep.objects.filter(account=account, invoice__open_amount__gt=0)
    pauses = DunningPause.objects.filter(pauses_on(today), account=account)
    return Lateness(
        list(steps.select_related("invoice").order_by("-done_on", "-pk")[:most]),
        list(pauses.select_related("invoice").order_by("-from_on", "-pk")[:most]),
        DunningBlock.objects.filter(account=account, lifted_at=None).exists(),
    )
