"""Receivables by age as of any day: what was open then, by what was booked until then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch

from billing.dunning.models import DunningStep, StepKind
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.models import Claim, PaymentAllocation

ZERO: Final = Decimal(0)
BANDS: Final = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_over_90")


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """An invoice, or a fee or interest beside it, with what was open of it on the day; exactly
    one of the bands holds it."""

    account_id: str
    account: str
    organisation_number: str
    number: str
    ocr: str
    issued_on: date
    due_on: date
    currency: str
    amount: Decimal
    paid: Decimal
    open_amount: Decimal
    days_late: int
    is_disputed: bool
    is_at_collection: bool

    @property
    def band(self) -> str:
        """Into which column it falls."""
        for name, last in zip(BANDS, (0, 30, 60, 90), strict=False):
            if self.days_late <= last:
                return name
        return BANDS[-1]

    def in_band(self, name: str) -> Decimal:
        """What stands in a column."""
        return self.open_amount if self.band == name else ZERO


def ageing(*, as_of: date, seller_id: int | None = None) -> list[AgeingRow]:
    """What was open on the day, by account and due day; four queries. Write-offs and disputes
    are those of now."""
    rows = [*_invoices(as_of, seller_id), *_claims(as_of, seller_id)]
    return sorted(rows, key=lambda row: (row.account, row.account_id, row.due_on, row.number))


def _until(as_of: date) -> Any:
    return PaymentAllocation.objects.filter(made_on__lte=as_of).order_by("pk")


def _invoices(as_of: date, seller_id: int | None) -> Iterator[AgeingRow]:
    rows = Invoice.objects.filter(kind=InvoiceKind.INVOICE, issued_on__lte=as_of).exclude(
        state=InvoiceState.DRAFT
    )
    if seller_id is not None:
        rows = rows.filter(seller_id=seller_id)
    handed = DunningStep.objects.filter(
        invoice=OuterRef("pk"), step=StepKind.HAND_OVER, done_on__lte=as_of
    )
    later = Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE, issued_on__gt=as_of)
    rows = (
        rows.select_related("account")
        .annotate(is_handed=Exists(handed))
        .prefetch_related(
            Prefetch("allocations", _until(as_of), "made"),
            Prefetch("credit_notes", later.exclude(state=InvoiceState.DRAFT), "credited_later"),
        )
    )
    for one in rows.iterator(chunk_size=2_000):
        paid = sum((part.amount for part in one.made), ZERO)
        after = sum((note.payable for note in one.credited_later), ZERO)
        credited = max(one.credited_amount - after, ZERO)
        still = one.payable - paid - credited - one.written_off_amount
        if still > 0:
            yield _row(one, as_of, still, paid + credited)


def _row(one: Any, as_of: date, still: Decimal, paid: Decimal) -> AgeingRow:
    due = one.due_on or one.issued_on
    return AgeingRow(
        account_id=one.account.public_id, account=one.account.name,
        organisation_number=one.account.organisation_number, number=one.number, ocr=one.ocr,
        issued_on=one.issued_on, due_on=due, currency=one.currency, amount=one.payable, paid=paid,
        open_amount=still, days_late=max((as_of - due).days, 0), is_disputed=one.is_disputed,
        is_at_collection=one.is_handed,
    )  # fmt: skip


def _claims(as_of: date, seller_id: int | None) -> Iterator[AgeingRow]:
    rows = Claim.objects.filter(made_on__lte=as_of).select_related("account", "invoice")
    if seller_id is not None:
        rows = rows.filter(invoice__seller_id=seller_id)
    for one in rows.prefetch_related(Prefetch("allocations", _until(as_of), "made")):
        paid = sum((part.amount for part in one.made), ZERO)
        still = one.amount - paid - one.waived_amount
        if still > 0:
            yield AgeingRow(
                account_id=one.account.public_id, account=one.account.name,
                organisation_number=one.account.organisation_number,
                number=f"{one.invoice.number} {one.get_kind_display()}", ocr=one.invoice.ocr,
                issued_on=one.made_on, due_on=one.made_on, currency=one.currency,
                amount=one.amount, paid=paid, open_amount=still,
                days_late=(as_of - one.made_on).days, is_disputed=one.invoice.is_disputed,
                is_at_collection=False,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgeingSum:
    """The columns' sums in one currency."""

    currency: str
    open_amount: Decimal
    bands: tuple[Decimal, ...]


def sums(rows: list[AgeingRow]) -> list[AgeingSum]:
    """By currency."""
    found = []
    for currency in sorted({row.currency for row in rows}):
        mine = [row for row in rows if row.currency == currency]
        bands = tuple(sum((row.in_band(name) for row in mine), ZERO) for name in BANDS)
        found.append(AgeingSum(currency, sum((row.open_amount for row in mine), ZERO), bands))
    return found
