"""A small journal for tests, and how it is written as SIE."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import settings

from billing.accounting import posting as post
from billing.accounting.bas import bas_chart
from billing.accounting.entries import Entry
from billing.accounting.exports.sie import (
    FORTNOX,
    SieCompany,
    SieProfile,
    sie_file,
)
from billing.accounting.exports.vouchers import Granularity, vouchers
from billing.invoices.tax_sums import TaxKind

D = Decimal
CHART = bas_chart()
VAT25 = TaxKind("S", D(25))
COMPANY = SieCompany("Elvägen AB", "556036-0793", date(2026, 1, 1), date(2026, 12, 31))
DAY = date(2026, 10, 31)
few = settings(max_examples=30, deadline=None)


def invoice(document: str, net: str, tax: str, on: date = DAY, site: str = "LUND") -> Entry:
    sale = post.Sale((post.Revenue("energy", VAT25, D(net), site),), {VAT25: D(tax)})
    return post.invoice_issued(CHART, post.Booking(on, document, "SEK"), sale)


JOURNAL = [
    invoice("F2", "6400", "1600"),
    post.payment(
        CHART, post.Booking(date(2026, 11, 3), "B1", "SEK"), received=D(8000), owed=D(8000)
    ),
    invoice("F1", "80", "20"),
    post.credit_note_issued(
        CHART,
        post.Booking(DAY, "K1", "SEK", "Fel pris – 10 €"),
        post.Sale((post.Revenue("energy", VAT25, D(8)),), {VAT25: D(2)}),
    ),
]


def written(
    journal: list[Entry],
    granularity: Granularity = Granularity.DOCUMENT,
    profile: SieProfile = FORTNOX,
    company: SieCompany = COMPANY,
) -> bytes:
    return sie_file(
        vouchers(journal, granularity),
        company,
        profile,
        account_names=CHART.names,
        object_names={(1, "LUND"): "Lund Central"},
        made_on=date(2026, 11, 27),
    )
