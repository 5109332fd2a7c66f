"""The demo's past is invoiced, paid and closed once its sessions have a price."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F, Sum

from billing.accounting.exports.models import ExportReceipt
from billing.accounting.exports.sie_reader import read_sie
from billing.accounting.models import JournalPosting, Period, PeriodState
from billing.accounting.reports.reconciliation import reconciliation
from billing.accounting.reports.report import Asked
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.bank.reading import read_bank_file
from billing.payments.bank_models import BankFile, BankTransaction, TransactionState
from billing.payments.models import Payment
from billing.rating.models import SessionBilling
from billing.sellers.models import Seller
from core.accounts.models import Operator
from core.files import store
from core.months import last_day
from core.tenancy.scopes import operator_scope
from portal.demo.books.bank_file import Paid, camt054
from portal.demo.books.payers import Bill, payment_of
from portal.demo.books.story import advance, begin
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.rating import (
    ATTRIBUTOR,
    energy_price,
    make_priced_tariff,
    make_rated,
    rate_all,
)
from tests.factories.stations import make_station

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def put_past(operator: Operator, accounts: int = 8) -> None:
    """One session a month for each account."""
    make_seller(operator=operator)
    version = make_priced_tariff(operator, energy_price(5))
    for at in range(accounts):
        account = make_account(operator=operator, name=f"Payer {at}", payment_terms_days=20)
        station = make_station(operator=operator)
        for month in MONTHS:
            ended = datetime(2026, month.month, 28, 10, tzinfo=UTC) + timedelta(hours=at)
            make_rated(account, version, wh=100_000, ended_at=ended, station=station)


def check_files_and_reports(seller: Seller) -> None:
    """Each closed month has a SIE file that agrees with its invoices to the öre, and nothing is
    unexplained."""
    receipts = ExportReceipt.objects.order_by("number")
    assert [one.until_on.replace(day=1) for one in receipts] == MONTHS
    for month, receipt in zip(MONTHS, receipts, strict=True):
        documents = Invoice.objects.filter(
            issued_on__gte=month, issued_on__lte=last_day(month)
        ).exclude(state=InvoiceState.DRAFT)
        signs = {InvoiceKind.CREDIT_NOTE: -1}
        data = store.load(receipt.path)
        assert data is not None
        read = read_sie(data)
        rows = [row for voucher in read.vouchers for row in voucher.rows]
        sold = {
            "net": [row.amount for row in rows if re.match("30(?!90)", row.account)],
            "tax": [row.amount for row in rows if row.account.startswith("261")],
        }
        assert read.has_checksum
        for name, amounts in sold.items():
            wanted = sum(signs.get(one.kind, 1) * getattr(one, name) for one in documents)
            assert -sum(amounts) == wanted, (month, name)
        report = reconciliation(Asked(seller, month, last_day(month)))
        assert [tie.difference for tie in report.ties] == [0] * 7


@pytest.mark.django_db
def test_three_months_are_invoiced_paid_and_closed(operator: Operator, settings: Any) -> None:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR
    put_past(operator)
    begin([operator.slug], date(2026, 8, 27))

    with operator_scope(operator):
        SessionBilling.objects.update(is_due=True)

    assert advance(now=NOW) is False  # Prices are not settled yet.
    with operator_scope(operator):
        assert not Invoice.objects.exists()
    rate_all()
    steps = 0
    while advance(now=NOW):
        steps += 1

    with operator_scope(operator):
        periods = Period.objects.filter(state=PeriodState.CLOSED).order_by("begins_on")
        assert [one.begins_on for one in periods] == MONTHS
        invoices = Invoice.objects.filter(kind=InvoiceKind.INVOICE)
        assert Counter(invoices.values_list("issued_on", flat=True)) == {
            date(2026, 9, 2): 8,
            date(2026, 10, 2): 8,
            date(2026, 11, 2): 8,
        }
        assert invoices.filter(state=InvoiceState.PAID).count() > 12
        late = invoices.filter(due_on__lt=NOW.date(), open_amount__gt=0)
        assert {one.state for one in late} == {InvoiceState.OVERDUE}
        assert Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE).count() == 1
        assert BankFile.objects.count() > 6
        known = Payment.objects.filter(account__isnull=False)
        assert not known.exclude(identified_on=F("booked_on")).exists()
        waiting = BankTransaction.objects.filter(state=TransactionState.WORK_LIST)
        assert {one.booked_on for one in waiting} == {date(2026, 11, 27)}
        total = JournalPosting.objects.aggregate(total=Sum("amount"))["total"]
        assert total == 0
        assert not SessionBilling.objects.filter(is_due=True).exists()
        check_files_and_reports(Seller.objects.get(is_default=True))
    assert steps == 3 + 3 + 1 + 3 + 3
    assert advance(now=NOW) is False


def test_a_bank_file_of_the_demo_is_read_as_any() -> None:
    paid = [
        Paid(date(2026, 9, 3), Decimal("1250.00"), "Märta Öberg", reference="1000173"),
        Paid(date(2026, 9, 4), Decimal("99.50"), "Okänd", text="tack"),
    ]

    found = read_bank_file(camt054("DEMO-1", "5050-1055", "SEK", paid))

    assert [(one.amount, one.references, one.text) for one in found.transactions] == [
        (Decimal("1250.00"), ("1000173",), ""),
        (Decimal("99.50"), (), "tack"),
    ]
    assert found.file_id == "DEMO-1"


def test_customers_pay_the_same_way_whenever_asked() -> None:
    bills = [
        Bill(f"F{n}", "1000173", "A", date(2026, 9, 2), date(2026, 9, 22), Decimal(400))
        for n in range(400)
    ]
    paid = [payment_of(one) for one in bills]

    assert paid == [payment_of(one) for one in bills]
    amounts = Counter(one.amount for one in paid if one)
    assert amounts[Decimal(400)] > 300
    assert {Decimal(200), Decimal(500)} <= set(amounts)
    assert 15 < paid.count(None) < 60
    assert min(one.on for one in paid if one) > date(2026, 9, 2)
