"""What the pure rules need to know of a late invoice, out of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet

from billing.accounts.models import AccountKind
from billing.dunning.interest import POINTS, ReferenceRate, interest_from, late_interest
from billing.dunning.models import DunningPause, DunningStep
from billing.dunning.schedule import Debt, Done, Pause, PauseKind, Step
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.models import ClaimKind, PaymentAllocation

ZERO: Final = Decimal(0)


def late_invoices(today: date) -> QuerySet[Invoice]:
    """Issued invoices that were due before the day and are open, the longest due first, with
    their steps and pauses."""
    rows: QuerySet[Invoice] = (
        Invoice.objects.filter(kind=InvoiceKind.INVOICE, open_amount__gt=0, due_on__lt=today)
        .exclude(state=InvoiceState.DRAFT)
        .select_related("account", "seller")
        .order_by("due_on", "pk")
    )
    return with_facts(rows)


def with_facts(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The invoices with ``steps_done`` and their account's ``pauses_there``."""
    return rows.prefetch_related(
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


def _pauses(invoice: Any, today: date) -> list[Pause]:
    mine = [
        one
        for one in invoice.account.pauses_there
        if one.invoice_id is None or one.invoice_id == invoice.pk
    ]
    found = [Pause(PauseKind(one.kind), one.from_on, one.until_on) for one in mine]
    if invoice.is_disputed and not any(
        one.kind is PauseKind.DISPUTE and one.until_on is None for one in found
    ):
        found.append(Pause(PauseKind.DISPUTE, today))
    return found


def interest_of(invoice: Invoice, today: date, rates: Sequence[ReferenceRate]) -> Decimal:
    """Late interest up to the day that was not claimed yet; of days whose reference rate is not
    known nothing is claimed."""
    last = max((rate.until_on for rate in rates), default=None)
    if invoice.due_on is None or last is None:
        return ZERO
    runs_after = interest_from(invoice.due_on, agreed=True) or invoice.due_on
    points = invoice.seller.late_interest_percent
    paid = PaymentAllocation.objects.filter(invoice=invoice, reverses=None, reversed_by=None)
    found = late_interest(
        invoice.payable - invoice.credited_amount,
        invoice.currency,
        runs_after=runs_after,
        until_on=min(today, last),
        payments=[(one.made_on, one.amount) for one in paid],
        rates=rates,
        points=POINTS if points is None else points,
    )
    claimed = sum((one.amount for one in invoice.claims.filter(kind=ClaimKind.INTEREST)), ZERO)
    return max(found.amount - claimed, ZERO)


def claims_open(invoice: Invoice) -> Decimal:
    """What is open of the fees and interest of an invoice."""
    return sum((one.open_amount for one in invoice.claims.all()), ZERO)


def pauses_on(day: date) -> Q:
    """Pauses that hold on a day."""
    return Q(from_on__lte=day) & (Q(until_on=None) | Q(until_on__gte=day))
