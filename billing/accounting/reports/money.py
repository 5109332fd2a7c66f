"""Payments of a span of days, the report of VAT, and the balance of every account."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from billing.accounting.books import chart_of
from billing.accounting.chart import Use
from billing.accounting.entries import TaxPart
from billing.accounting.models import JournalEntry, JournalPosting
from billing.accounting.reading import pure_entries
from billing.accounting.reports import columns as c
from billing.accounting.reports.balances import by_currency, posted, used_for
from billing.accounting.reports.report import Asked, Column, Result, Row, Tie
from billing.accounting.vat import vat_report
from billing.payments.models import Payment, PaymentSource

NOTHING: Final = Decimal(0)
_MONEY: Final = (Use.BANK, Use.CARD_CLEARING, Use.SWISH_CLEARING, Use.HOST_PAYABLE)
"""Where what settles invoices comes from; what hosts are owed is set off."""
PAYMENT_COLUMNS: Final = (
    Column("Bokföringsdatum", _("Booked")),
    Column("Källa", _("Source")),
    Column("Fil", _("File")),
    Column("Bankref", _("Reference of the bank")),
    Column("Betalare", _("Payer")),
    Column("OCR", _("OCR")),
    c.money("Belopp", _("Amount")),
    c.INVOICE,
    c.money("Avprickat", _("Matched")),
    c.money("Kvar oidentifierat", _("Left unidentified")),
    c.ACCOUNT,
    c.VOUCHER,
)


def payments(asked: Asked) -> Result:
    """Money that came or went back, with what it settled on its day; adds up to what was booked
    on the accounts of money."""
    entries = list(
        JournalEntry.objects.filter(
            seller=asked.seller,
            source_kind="payment",
            booked_on__gte=asked.from_on,
            booked_on__lte=asked.until_on,
        )
        .prefetch_related("postings__account")
        .order_by("booked_on", "number")
    )
    known = Payment.objects.filter(pk__in=[one.source_id for one in entries])
    paid = {one.pk: one for one in known.select_related("transaction__bank_file")}
    rows: list[Row] = []
    for entry in entries:
        rows += _payment_rows(entry, paid.get(entry.source_id))
    shown: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        shown[entry.currency] += _moved(entry)[0].amount
    booked = by_currency(
        posted(asked).filter(entry__source_kind="payment").filter(used_for(asked.seller, *_MONEY))
    )
    ties = [
        Tie(_("Booked on accounts of money"), amount, booked.get(currency, NOTHING), currency)
        for currency, amount in sorted(shown.items())
    ]
    return Result(PAYMENT_COLUMNS, rows, ties)


def _moved(entry: JournalEntry) -> list[JournalPosting]:
    return sorted(entry.postings.all(), key=lambda one: one.position)


def _payment_rows(entry: JournalEntry, payment: Payment | None) -> list[Row]:
    money, *others = _moved(entry)
    matched = [one for one in others if one.invoice_number]
    rest = -sum((one.amount for one in others if not one.invoice_number), NOTHING)
    bank = payment.transaction if payment else None
    head: Row = (
        entry.booked_on,
        PaymentSource(payment.source).label if payment else "",
        bank.bank_file.file_name if bank else "",
        bank.bank_id if bank else "",
        payment.payer_name if payment else entry.text,
        payment.reference if payment else entry.document,
    )
    rows: list[Row] = []
    for place, one in enumerate(matched or [None]):
        first = place == 0
        rows.append((
            *head,
            money.amount if first else None,
            one.invoice_number if one else "",
            -one.amount if one else None,
            rest if first else None,
            money.account.number,
            entry.number,
        ))  # fmt: skip
    return rows


VAT_COLUMNS: Final = (
    c.SELLER,
    Column("Land", _("Country")),
    Column("Ruta", _("Box")),
    Column("Momskod", _("VAT code")),
    c.money("Underlag", _("Base")),
    c.TAX,
    Column("Antal ver", _("Entries"), is_number=True),
    c.money("Diff mot huvudbok", _("Difference from the ledger")),
)


def vat(asked: Asked) -> Result:
    """Base and VAT by country, box and code, in the operator's currency; tied to the accounts of
    VAT."""
    seller, currency = asked.seller, asked.seller.operator.currency
    taxed = JournalEntry.objects.filter(
        seller=seller,
        currency=currency,
        booked_on__gte=asked.from_on,
        booked_on__lte=asked.until_on,
    ).order_by("booked_on", "number")
    report = vat_report(
        pure_entries(taxed),
        chart_of(seller),
        from_on=asked.from_on,
        until_on=asked.until_on,
        currency=currency,
    )
    rows: list[Row] = [
        (seller.name, one.country, one.box, one.code, one.base, one.tax, one.entry_count,
         one.difference)
        for one in report.rows
    ]  # fmt: skip
    on_tax = Q(account__taxes__isnull=False) | Q(account__uses__use=Use.INPUT_TAX.value)
    marked = ~Q(tax_part="") & ~Q(tax_part=TaxPart.BASE.value)
    keys = posted(asked).filter(on_tax | marked, currency=currency).order_by().values("pk")
    booked = JournalPosting.objects.filter(pk__in=keys).aggregate(sum=Sum("amount"))["sum"]
    shown = sum((one.tax + one.difference for one in report.rows), NOTHING)
    tie = Tie(_("Accounts of VAT"), shown, -(booked or NOTHING), currency)
    return Result(VAT_COLUMNS, rows, [tie])


BALANCE_COLUMNS: Final = (
    c.ACCOUNT,
    Column("Kontonamn", _("Name")),
    c.CURRENCY,
    c.money("Ingående", _("Opening")),
    c.money("Debet", _("Debit")),
    c.money("Kredit", _("Credit")),
    c.money("Utgående", _("Closing")),
)


def balances(asked: Asked) -> Result:
    """Every account: what it began with, what was booked, what it ended with; sums to zero."""
    within = Q(entry__booked_on__gte=asked.from_on)
    sums: Any = (
        JournalPosting.objects.filter(
            entry__seller=asked.seller, entry__booked_on__lte=asked.until_on
        )
        .order_by()
        .values("currency", number=F("account__number"), name=F("account__name"))
        .annotate(
            opening=Sum("amount", filter=~within),
            debit=Sum("amount", filter=within & Q(amount__gt=0)),
            credit=Sum("amount", filter=within & Q(amount__lt=0)),
        )
        .order_by("number", "currency")
    )
    rows: list[Row] = []
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in sums:
        opening, debit = one["opening"] or NOTHING, one["debit"] or NOTHING
        credit = one["credit"] or NOTHING
        closing = opening + debit + credit
        totals[one["currency"]] += closing
        rows.append((one["number"], one["name"], one["currency"], opening, debit, -credit, closing))
    ties = [
        Tie(_("All accounts together"), total, NOTHING, currency)
        for currency, total in sorted(totals.items())
    ]
    return Result(BALANCE_COLUMNS, rows, ties)
