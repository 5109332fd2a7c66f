"""The columns that reports have in common (headers are those that ledgers use)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_lazy as _

from billing.accounting.reports.report import Column, Text

CUSTOMER_NUMBER: Final = Column("Kundnr", _("Customer no."))
CUSTOMER: Final = Column("Kund", _("Customer"))
INVOICE: Final = Column("Fakturanr", _("Invoice no."))
VOUCHER: Final = Column("Ver", _("Entry no."))
CURRENCY: Final = Column("Valuta", _("Currency"), is_currency=True)
REASON: Final = Column("Skäl", _("Reason"))
SITE: Final = Column("Anläggning", _("Site"))
SELLER: Final = Column("Säljare", _("Seller"))
SESSION: Final = Column("Laddning", _("Session"))
ENDED: Final = Column("Slut", _("Ended"))
ACCOUNT: Final = Column("Konto", _("Ledger account"))
KIND: Final = Column("Typ", _("Kind"))
INVOICED_ON: Final = Column("Fakturadatum", _("Invoice date"))


def money(header: str, label: Text) -> Column:
    """A column of amounts that are summed."""
    return Column(header, label, is_number=True, is_summed=True)


def minor(column: Column) -> Column:
    """The same, left out of pages unless all columns are asked for."""
    return replace(column, is_minor=True)


NET: Final = money("Netto", _("Net"))
TAX: Final = money("Moms", _("VAT"))
ENERGY: Final = money("kWh", _("kWh"))
