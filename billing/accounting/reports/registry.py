"""All reports of the books by name."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from billing.accounting.reports.margin import margin
from billing.accounting.reports.money import balances, payments, vat
from billing.accounting.reports.receivables import receivables
from billing.accounting.reports.reconciliation import reconciliation
from billing.accounting.reports.report import Report
from billing.accounting.reports.sales import invoice_journal, revenue
from billing.accounting.reports.settlement import settlement
from billing.accounting.reports.unbilled import accrued, held, lost

_ALL: Final = (
    Report(
        "reconciliation",
        _("Reconciliation"),
        _("Sessions, rated, invoiced, paid, booked: each step's difference explained."),
        reconciliation,
    ),
    Report(
        "receivables",
        _("Receivables"),
        _("What each invoice was owed at the end of a day, by age."),
        receivables,
        is_as_of=True,
    ),
    Report(
        "invoices", _("Invoice journal"), _("Every invoice and credit note with its VAT."),
        invoice_journal,
    ),
    Report(
        "payments", _("Payment journal"), _("Money that came or went back, and what it settled."),
        payments,
    ),
    Report("vat", _("VAT report"), _("Base and VAT by country, box and code."), vat),
    Report(
        "accrued",
        _("Accrued income"),
        _("Sessions that were delivered and not invoiced at the end of the month."),
        accrued,
        is_as_of=True,
    ),
    Report(
        "lost",
        _("Credited, waived and bad debts"),
        _("What was credited, let go or written off, by whom and why."),
        lost,
    ),
    Report(
        "revenue",
        _("Revenue of invoices"),
        _("Net sales by site, tariff or ledger account."),
        revenue,
        groupings=(
            ("site", _("Site")),
            ("tariff", _("Tariff")),
            ("account", _("Ledger account")),
        ),
    ),
    Report(
        "settlement",
        _("Settlement with hosts"),
        _("What site hosts earned, by which document, and whether it was paid."),
        settlement,
    ),
    Report(
        "margin",
        _("Contribution of sites"),
        _("What is left of each site's revenue after energy, fees of payments and settlement."),
        margin,
    ),
    Report(
        "held",
        _("Held and waived sessions"),
        _("Sessions that are held, await a price, were waived or dropped."),
        held,
    ),
    Report(
        "balances", _("Balances of accounts"), _("Opening, debit, credit and closing."), balances
    ),
)  # fmt: skip
REPORTS: Final[dict[str, Report]] = {one.name: one for one in _ALL}
