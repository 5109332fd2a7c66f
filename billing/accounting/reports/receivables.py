"""Receivables by invoice at the end of a day, with their age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from billing.accounting.chart import Use
from billing.accounting.entries import EntryKind
from billing.accounting.reports import columns as c
from billing.accounting.reports.balances import by_currency, posted_until, used_for
from billing.accounting.reports.report import Asked, Column, Result, Row, Tie
from billing.dunning.models import DunningStep, StepKind
from billing.invoices.models import Invoice

NOTHING: Final = Decimal(0)
AGES: Final = (0, 30, 60, 90)
COLUMNS: Final = (
    c.minor(c.CUSTOMER_NUMBER),
    c.CUSTOMER,
    Column("Org.nr", _("Org. no."), is_minor=True),
    c.INVOICE,
    Column("OCR", _("OCR"), is_minor=True),
    c.INVOICED_ON,
    Column("Förfallodatum", _("Due date")),
    c.CURRENCY,
    c.money("Belopp", _("Amount")),
    c.money("Betalt", _("Paid")),
    c.money("Kvar", _("Left")),
    c.money("Ej förfallet", _("Not due")),
    c.money("1–30", _("1–30 days")),
    c.money("31–60", _("31–60 days")),
    c.money("61–90", _("61–90 days")),
    c.money(">90", _("Over 90 days")),
    Column("Tvist", _("Dispute")),
    Column("Inkasso", _("Collection")),
)
_ASKED_FOR: Final = [
    kind.value for kind in (EntryKind.INVOICE, EntryKind.REMINDER_FEE, EntryKind.INTEREST)
]


def receivables(asked: Asked) -> Result:
    """What each invoice was owed at the end of the day, from the journal alone; adds up to the
    account of receivables."""
    postings = posted_until(asked.seller, asked.until_on).filter(
        used_for(asked.seller, Use.RECEIVABLE)
    )
    sums = postings.values("invoice_number", "currency").annotate(
        left=Sum("amount"), amount=Sum("amount", filter=Q(entry__kind__in=_ASKED_FOR))
    )
    left = {(one["invoice_number"], one["currency"]): one for one in sums if one["left"]}
    invoices = _invoices(asked, [number for number, _currency in left])
    handed_over = _handed_over(invoices, asked.until_on)
    rows = []
    for (number, _currency), one in sorted(left.items()):
        invoice = invoices.get(number)
        is_handed_over = invoice is not None and invoice.pk in handed_over
        rows.append(_row(one, invoice, asked.until_on, is_handed_over=is_handed_over))
    balances = by_currency(postings)
    shown: dict[str, Decimal] = defaultdict(Decimal)
    for one in left.values():
        shown[one["currency"]] += one["left"]
    ties = [
        Tie(_("Account of receivables"), shown[currency], amount, currency)
        for currency, amount in sorted(balances.items())
    ]
    return Result(COLUMNS, rows, ties)


def _invoices(asked: Asked, numbers: list[str]) -> Mapping[str, Invoice]:
    rows = Invoice.objects.filter(seller=asked.seller, number__in=numbers)
    return {row.number: row for row in rows.select_related("account")}


def _handed_over(invoices: Mapping[str, Invoice], on: date) -> set[int]:
    """Keys of those that were at the collection agency by the end of the day."""
    steps = DunningStep.objects.filter(
        invoice__in=[row.pk for row in invoices.values()],
        step=StepKind.HAND_OVER,
        done_on__lte=on,
    )
    return set(steps.values_list("invoice_id", flat=True))


def _row(one: Mapping[str, Any], invoice: Invoice | None, on: date, *, is_handed_over: bool) -> Row:
    left, amount = one["left"], one["amount"] or NOTHING
    account = invoice.account if invoice else None
    due_on = invoice.due_on if invoice else None
    return (
        account.public_id if account else "",
        account.name if account else "",
        account.organisation_number if account else "",
        one["invoice_number"],
        invoice.ocr if invoice else "",
        invoice.issued_on if invoice else None,
        due_on,
        one["currency"],
        amount,
        amount - left,
        left,
        *aged(left, due_on, on),
        _("Yes") if invoice and invoice.is_disputed else "",
        _("Yes") if is_handed_over else "",
    )


def aged(amount: Decimal, due_on: date | None, on: date) -> list[Decimal]:
    """The amount in the span of its age; what has no due day is not due."""
    days = (on - due_on).days if due_on else 0
    place = sum(days > age for age in AGES)
    return [amount if n == place else NOTHING for n in range(len(AGES) + 1)]
