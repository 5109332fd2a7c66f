"""Payments, what they settle, claims and refunds as entries.

A payment that belonged to a customer on the day it came settles at once what was matched that day;
the rest is the customer's credit. One that nobody knew stands on the account for unidentified
payments until the day it is identified.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.accounting.chart import Chart, Use
from billing.accounting.entries import Entry, EntryKind, Posting
from billing.accounting.models import JournalEntry
from billing.accounting.sources.source import Ledger, Problem, drafted, unbooked
from billing.accounting.writing import Draft
from billing.accounts.dated import operator_day
from billing.payments.models import (
    Claim,
    ClaimKind,
    Payment,
    PaymentAllocation,
    PaymentSource,
    Refund,
    RefundState,
)
from billing.sellers.models import Seller

PAYMENT: Final = "payment"
IDENTIFIED: Final = "payment_identified"
ALLOCATION: Final = "allocation"
CLAIM: Final = "claim"
WAIVED: Final = "claim_waived"
REFUND: Final = "refund"
_MONEY: Final = DecimalField(max_digits=18, decimal_places=4)
_ACCOUNTS: Final = {
    PaymentSource.BANK: Use.BANK,
    PaymentSource.MANUAL: Use.BANK,
    PaymentSource.SWISH: Use.SWISH_CLEARING,
    PaymentSource.CARD: Use.CARD_CLEARING,
    PaymentSource.SET_OFF: Use.HOST_PAYABLE,
}
Part = tuple[Use, Decimal, str]
"""A use, an amount (debit above zero), and the invoice whose receivable it moves."""


def of_seller(seller: Seller, path: str = "") -> Q:
    """Rows of the seller; those of no seller are the default seller's."""
    own = Q(**{f"{path}seller": seller})
    if seller.is_default:
        nobody = {f"{path}seller__isnull": True, "operator_id": seller.operator_id}
        return own | Q(**nobody)
    return own


def moved(
    chart: Chart, kind: EntryKind, on: date, document: str, currency: str, parts: Sequence[Part],
    text: str = "",
) -> tuple[Entry, tuple[str, ...]]:  # fmt: skip
    """An entry of these parts, and the invoice for each posting; empty parts are left out."""
    kept = [one for one in parts if one[1]]
    postings = tuple(
        Posting(chart.account(use), amount, currency) for use, amount, _invoice in kept
    )
    entry = Entry(kind, on, document, postings, text)
    return entry, tuple(invoice for _use, _amount, invoice in kept)


class Payments:
    """Money that came, and the same money taken back (below zero)."""

    kind = PAYMENT

    def pending(self, seller: Seller) -> QuerySet[Payment]:
        """Not booked."""
        rows: QuerySet[Payment] = Payment.objects.filter(of_seller(seller))
        return unbooked(rows, PAYMENT)

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Payment]:
        """Booked by the bank up to the day."""
        return self.pending(seller).filter(booked_on__lte=until_on)

    def drafts(self, rows: Sequence[Payment], ledger: Ledger) -> list[Draft | Problem]:
        """One entry a payment, with what it settled on its day."""
        matched: dict[int, list[PaymentAllocation]] = defaultdict(list)
        same_day = PaymentAllocation.objects.filter(
            payment__in=[row.pk for row in rows],
            made_on=F("payment__booked_on"),
            amount__gt=0,
        )
        # One made while the books were being written may be booked before its payment is.
        fresh = unbooked(same_day, ALLOCATION)
        for one in fresh.select_related("invoice", "claim__invoice"):
            if one.payment_id is not None:
                matched[one.payment_id].append(one)
        return drafted(PAYMENT, rows, lambda row: self._draft(row, matched[row.pk], ledger))

    def _draft(self, row: Payment, matched: Sequence[PaymentAllocation], ledger: Ledger) -> Draft:
        known = row.identified_on is not None and row.identified_on <= row.booked_on
        settled = list(matched) if known and row.amount > 0 else []
        rest = row.amount - sum((one.amount for one in settled), Decimal(0))
        holder = Use.CUSTOMER_CREDIT if known else Use.UNIDENTIFIED
        entry, invoices = moved(
            ledger.chart,
            EntryKind.PAYMENT if row.amount > 0 else EntryKind.REVERSAL,
            row.booked_on,
            row.reference or row.public_id,
            row.currency,
            [
                (_ACCOUNTS[PaymentSource(row.source)], row.amount, ""),
                *((Use.RECEIVABLE, -one.amount, settles(one)) for one in settled),
                (holder, -rest, ""),
            ],
            row.payer_name,
        )
        return Draft(
            seller_id=ledger.seller.pk,
            entry=entry,
            source_kind=PAYMENT,
            source_id=row.pk,
            account_id=row.account_id,
            invoices=invoices,
            covers=tuple((ALLOCATION, one.pk) for one in settled),
        )


def settles(one: PaymentAllocation) -> str:
    """The number of the invoice that an allocation settles, itself or a claim about it."""
    if one.invoice is not None:
        return str(one.invoice.number)
    return str(one.claim.invoice.number) if one.claim is not None else ""


class Identified:
    """Payments that were nobody's when they came and are somebody's now."""

    kind = IDENTIFIED

    def pending(self, seller: Seller) -> QuerySet[Payment]:
        """Identified after their day, or on it when they were booked as nobody's; not booked."""
        as_nobodys = JournalEntry.objects.filter(
            source_kind=PAYMENT, source_id=OuterRef("pk"), account=None
        )
        rows: QuerySet[Payment] = Payment.objects.filter(
            Q(identified_on__gt=F("booked_on")) | Exists(as_nobodys),
            of_seller(seller),
            account__isnull=False,
        )
        return unbooked(rows, IDENTIFIED)

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Payment]:
        """Identified up to the day."""
        return self.pending(seller).filter(identified_on__lte=until_on)

    def drafts(self, rows: Sequence[Payment], ledger: Ledger) -> list[Draft | Problem]:
        """From unidentified to the customer's credit."""
        return drafted(IDENTIFIED, rows, lambda row: self._draft(row, ledger))

    def _draft(self, row: Payment, ledger: Ledger) -> Draft:
        assert row.identified_on is not None
        parts: list[Part] = [
            (Use.UNIDENTIFIED, row.amount, ""),
            (Use.CUSTOMER_CREDIT, -row.amount, ""),
        ]
        document = row.reference or row.public_id
        entry, _none = moved(
            ledger.chart, EntryKind.CREDIT_USED, row.identified_on, document, row.currency, parts
        )
        return Draft(
            seller_id=ledger.seller.pk,
            entry=entry,
            source_kind=IDENTIFIED,
            source_id=row.pk,
            account_id=row.account_id,
        )


class Allocations:
    """What was settled later: from a customer's credit or from a credit note."""

    kind = ALLOCATION

    def pending(self, seller: Seller) -> QuerySet[PaymentAllocation]:
        """Not booked with their payment nor by themselves."""
        paid = Q(payment__isnull=False) & of_seller(seller, "payment__")
        rows: QuerySet[PaymentAllocation] = PaymentAllocation.objects.filter(
            paid | Q(credit_note__seller=seller)
        )
        return unbooked(rows, ALLOCATION).select_related(
            "invoice", "claim__invoice", "payment", "credit_note"
        )

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[PaymentAllocation]:
        """Made up to the day."""
        return self.pending(seller).filter(made_on__lte=until_on)

    def drafts(self, rows: Sequence[PaymentAllocation], ledger: Ledger) -> list[Draft | Problem]:
        """One entry each; below zero where one is taken back."""
        return drafted(ALLOCATION, rows, lambda row: self._draft(row, ledger))

    def _draft(self, row: PaymentAllocation, ledger: Ledger) -> Draft:
        note, payment = row.credit_note, row.payment
        source = Use.CUSTOMER_CREDIT if note is None else Use.RECEIVABLE
        parts: list[Part] = [
            (source, row.amount, "" if note is None else note.number),
            (Use.RECEIVABLE, -row.amount, settles(row)),
        ]
        owner = payment if payment is not None else note
        assert owner is not None
        entry, invoices = moved(
            ledger.chart,
            EntryKind.CREDIT_USED,
            row.made_on,
            settles(row),
            owner.currency,
            parts,
        )
        return Draft(
            seller_id=ledger.seller.pk,
            entry=entry,
            source_kind=ALLOCATION,
            source_id=row.pk,
            account_id=owner.account_id,
            invoices=invoices,
        )


class Claims:
    """Fees, compensation and interest of dunning: owed, without VAT."""

    kind = CLAIM

    def pending(self, seller: Seller) -> QuerySet[Claim]:
        """Not booked."""
        rows: QuerySet[Claim] = Claim.objects.filter(invoice__seller=seller)
        return unbooked(rows, CLAIM).select_related("invoice")

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Claim]:
        """Made up to the day."""
        return self.pending(seller).filter(made_on__lte=until_on)

    def drafts(self, rows: Sequence[Claim], ledger: Ledger) -> list[Draft | Problem]:
        """Receivable against the income from fees or interest."""
        return drafted(
            CLAIM, rows, lambda row: claim_draft(row, ledger, row.amount, row.made_on, CLAIM)
        )


def claim_draft(row: Claim, ledger: Ledger, amount: Decimal, on: date, kind: str) -> Draft:
    """A claim, or (below zero) what is waived of it."""
    is_interest = row.kind == ClaimKind.INTEREST
    entry, invoices = moved(
        ledger.chart,
        EntryKind.INTEREST if is_interest else EntryKind.REMINDER_FEE,
        on,
        row.invoice.number,
        row.currency,
        [
            (Use.RECEIVABLE, amount, row.invoice.number),
            (Use.INTEREST if is_interest else Use.REMINDER_FEES, -amount, ""),
        ],
    )
    return Draft(
        seller_id=ledger.seller.pk,
        entry=entry,
        source_kind=kind,
        source_id=row.pk,
        account_id=row.account_id,
        invoices=invoices,
    )


class Waivers:
    """What is waived of claims: a column that only goes up; each rise is booked when found."""

    kind = WAIVED

    def pending(self, seller: Seller) -> QuerySet[Any]:
        """Claims of which more is waived than is booked."""
        entries = JournalEntry.objects.filter(
            account=OuterRef("account"), source_kind__startswith=WAIVED, source_id=OuterRef("pk")
        )
        sums = entries.order_by().values("source_id").annotate(sum=Sum("total")).values("sum")
        counts = entries.order_by().values("source_id").annotate(n=Count("pk")).values("n")
        rows: QuerySet[Any] = Claim.objects.filter(invoice__seller=seller, waived_amount__gt=0)
        found: QuerySet[Any] = (
            rows.annotate(
                booked=Coalesce(Subquery(sums, _MONEY), Decimal(0), output_field=_MONEY),
                times=Coalesce(Subquery(counts), 0),
            )
            .filter(waived_amount__gt=F("booked"))
            .select_related("invoice__operator")
            .order_by("pk")
        )
        return found

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Any]:
        """Of claims made up to the day."""
        return self.pending(seller).filter(made_on__lte=until_on)

    def drafts(self, rows: Sequence[Any], ledger: Ledger) -> list[Draft | Problem]:
        """The mirror of the claim, on the day it is found."""
        return drafted(WAIVED, rows, lambda row: self._draft(row, ledger))

    def _draft(self, row: Any, ledger: Ledger) -> Draft:
        return claim_draft(
            row,
            ledger,
            row.booked - row.waived_amount,
            operator_day(row.invoice.operator),
            f"{WAIVED}_{row.times + 1}" if row.times else WAIVED,
        )


class Refunds:
    """A customer's credit that was paid out."""

    kind = REFUND

    def pending(self, seller: Seller) -> QuerySet[Refund]:
        """Paid out, and not booked."""
        rows: QuerySet[Refund] = Refund.objects.filter(state=RefundState.DONE)
        rows = rows.filter(
            (Q(payment__isnull=False) & of_seller(seller, "payment__"))
            | Q(credit_note__seller=seller)
        )
        return unbooked(rows, REFUND).select_related("credit_note", "card_refund")

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Refund]:
        """Paid up to the day."""
        return self.pending(seller).filter(paid_on__lte=until_on)

    def drafts(self, rows: Sequence[Refund], ledger: Ledger) -> list[Draft | Problem]:
        """From the credit to the bank, or to what cards are owed."""
        return drafted(REFUND, rows, lambda row: self._draft(row, ledger))

    def _draft(self, row: Refund, ledger: Ledger) -> Draft:
        assert row.paid_on is not None
        note = row.credit_note
        owed: Part = (Use.CUSTOMER_CREDIT, row.amount, "")
        if note is not None:
            owed = (Use.RECEIVABLE, row.amount, note.number)
        paid_from = Use.CARD_CLEARING if hasattr(row, "card_refund") else Use.BANK
        entry, invoices = moved(
            ledger.chart,
            EntryKind.REFUND,
            row.paid_on,
            row.public_id,
            row.currency,
            [owed, (paid_from, -row.amount, "")],
            row.name,
        )
        return Draft(
            seller_id=ledger.seller.pk,
            entry=entry,
            source_kind=REFUND,
            source_id=row.pk,
            account_id=row.account_id,
            invoices=invoices,
        )
