"""What the pure rules need to know of a late invoice, out of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet

from billing.accounts.dated import operator_day
from billing.accounts.models import AccountKind
from billing.dunning.interest import (
    POINTS,
    ReferenceRate,
    interest_from,
    known_until,
    late_interest,
)
from billing.dunning.models import DunningPause, DunningStep
from billing.dunning.schedule import Debt, Done, Pause, PauseKind, Step
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.cards.models import CardPayment, CardPaymentPart
from billing.payments.models import ClaimKind, PaymentAllocation
from core.accounts.models import Operator

ZERO: Final = Decimal(0)
_BY_CARD: Final = Q(is_live=True, card_payment__state__in=("new", "unknown", "processing")) | Q(
    card_payment__state="failed", card_payment__retry_at__isnull=False
)


def late_invoices(today: date) -> QuerySet[Invoice]:
    """What is overdue with its steps and pauses."""
    return with_facts(overdue(today).select_related("account", "seller", "operator"))


def overdue(today: date) -> QuerySet[Invoice]:
    """Issued invoices that were due before the day and are open, the longest due first."""
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        kind=InvoiceKind.INVOICE, open_amount__gt=0, due_on__lt=today
    )
    return rows.exclude(state=InvoiceState.DRAFT).order_by("due_on", "pk")


def with_facts(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The invoices with ``steps_done`` and their account's ``pauses_there``."""
    return rows.prefetch_related(
        Prefetch(
            "card_parts", CardPaymentPart.objects.filter(_BY_CARD).select_related("card_payment"),
            "card_tries",
        ),
        Prefetch("dunning_steps", DunningStep.objects.order_by("done_on", "pk"), "steps_done"),
        Prefetch(
            "account__dunning_pauses", DunningPause.objects.order_by("from_on", "pk"),
            "pauses_there",
        ),
    )  # fmt: skip


def debt_of(invoice: Any, today: date) -> Debt:
    """The invoice as the ladder sees it."""
    return Debt(
        due_on=invoice.due_on,
        owed=invoice.open_amount,
        currency=invoice.currency,
        is_business=invoice.account.kind == AccountKind.COMPANY,
        fees_agreed=invoice.seller.fee_by_terms,
        done=tuple(Done(Step(one.step), one.done_on, one.pay_by_on) for one in invoice.steps_done),
        pauses=tuple(_pauses(invoice, today)),
    )


def pauses_of(invoice: Any) -> list[DunningPause]:
    """Pauses of the invoice and of its whole account."""
    return [one for one in invoice.account.pauses_there if one.invoice_id in (None, invoice.pk)]


def _pauses(invoice: Any, today: date) -> list[Pause]:
    found = [Pause(PauseKind(one.kind), one.from_on, one.until_on) for one in pauses_of(invoice)]
    if invoice.is_disputed and not any(
        one.kind is PauseKind.DISPUTE and one.until_on is None for one in found
    ):
        found.append(Pause(PauseKind.DISPUTE, today))
    operator = invoice.operator
    return found + [_by_card(one.card_payment, operator, today) for one in invoice.card_tries]


def _by_card(row: CardPayment, operator: Operator, today: date) -> Pause:
    """Days on which money may be on its way, or that lie before the next try, do not count."""
    began = operator_day(operator, row.created_at)
    if row.retry_at is None:
        return Pause(PauseKind.PROMISE, min(began, today), today)
    last = operator_day(operator, row.retry_at) - timedelta(days=1)
    return Pause(PauseKind.PROMISE, began, max(began, last))


def interest_of(invoice: Invoice, today: date, rates: Sequence[ReferenceRate]) -> Decimal:
    """Late interest up to the day that was not claimed yet: on what was owed until the money
    came, however late somebody said what it was for. From the first day whose reference rate is
    not known nothing is claimed."""
    if invoice.due_on is None:
        return ZERO
    runs_after = interest_from(invoice.due_on, agreed=True) or invoice.due_on
    last = known_until(runs_after + timedelta(days=1), rates)
    points = invoice.seller.late_interest_percent
    paid = PaymentAllocation.objects.filter(
        invoice=invoice, reverses=None, reversed_by=None
    ).select_related("payment__transaction")
    found = late_interest(
        invoice.payable - invoice.credited_amount,
        invoice.currency,
        runs_after=runs_after,
        until_on=min(today, last),
        payments=[(_came_on(one), one.amount) for one in paid],
        rates=rates,
        points=POINTS if points is None else points,
    )
    claims = [one for one in invoice.claims.all() if one.kind == ClaimKind.INTEREST]
    claimed = sum((one.amount for one in claims), ZERO)
    return max(found.amount - claimed, ZERO)


def _came_on(one: PaymentAllocation) -> date:
    if one.payment is None:
        return one.made_on
    bank = one.payment.transaction
    return min(one.made_on, one.payment.booked_on if bank is None else bank.booked_on)


def claims_open(invoice: Invoice) -> Decimal:
    """What is open of the fees and interest of an invoice."""
    return sum((one.open_amount for one in invoice.claims.all()), ZERO)


def interest_open(invoice: Invoice) -> Decimal:
    """What is open of the interest alone."""
    claims = [one for one in invoice.claims.all() if one.kind == ClaimKind.INTEREST]
    return sum((one.open_amount for one in claims), ZERO)


def pauses_on(day: date) -> Q:
    """Pauses that hold on a day."""
    return Q(from_on__lte=day) & (Q(until_on=None) | Q(until_on__gte=day))
