"""Every kind of payment: what it settles, what is left, and what waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.invoices.settling import set_disputed
from billing.payments import services, sorting
from billing.payments.credits import credit_of, use_credits_due
from billing.payments.matching_services import match_due
from billing.payments.models import Payment, PaymentAllocation, Refund
from billing.payments.proposals import customer_reference
from billing.payments.services import PayTo
from billing.payments.sorting import Part
from billing.payments.tests.books import NOW, issued, paid
from billing.sellers.models import Seller
from core.audit.models import AuditEntry
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import across_operators
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.payments import make_bank_file, make_bank_transaction

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everywhere() -> object:
    with across_operators("tests of services"):
        yield


@pytest.fixture
def seller() -> Seller:
    return make_seller(operator=make_operator(), iban="SE3550000000054910000003")


@pytest.fixture
def account(seller: Seller) -> BillingAccount:
    return make_account(operator=seller.operator, name="Åke Ek")


def stands(invoice: Invoice) -> tuple[str, str, str]:
    invoice.refresh_from_db()
    return invoice.state, f"{invoice.paid_amount:.2f}", f"{invoice.open_amount:.2f}"


def test_partial_then_the_rest_with_leading_zeros(seller: Seller, account: BillingAccount) -> None:
    invoice = issued(seller, account, "500")

    first = paid(seller, "200", invoice.ocr)
    assert stands(invoice) == ("overdue", "200.00", "300.00")
    paid(seller, "300", f"000{invoice.ocr}")

    assert stands(invoice) == ("paid", "500.00", "0.00")
    assert first.state == "booked"
    payment = Payment.objects.get(transaction=first)
    assert (payment.account, payment.seller, payment.source) == (account, seller, "bank")


def test_more_than_is_owed_becomes_credit_and_pays_the_next(
    seller: Seller, account: BillingAccount
) -> None:
    invoice = issued(seller, account, "500")
    paid(seller, "600", invoice.ocr)
    assert credit_of(account) == 100

    later = issued(seller, account, "250", "2026-11-05")
    assert use_credits_due(now=NOW) == 1
    assert use_credits_due(now=NOW) == 0

    assert stands(later) == ("partly_paid", "100.00", "150.00")
    assert credit_of(account) == 0


def test_what_is_over_of_one_row_leaves_less_open_for_the_next_of_the_same_file(
    seller: Seller, account: BillingAccount
) -> None:
    first, second = issued(seller, account, "500"), issued(seller, account, "250")
    file = make_bank_file(operator=seller.operator)
    rows = [
        make_bank_transaction(
            file, amount=Decimal(amount), references=[one.ocr], position=place, key=f"k{place}"
        )
        for place, (one, amount) in enumerate([(first, "600"), (second, "250")], start=1)
    ]

    match_due(now=NOW)

    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["booked", "booked"]
    assert (stands(first)[0], stands(second)[0]) == ("paid", "paid")
    assert credit_of(account) == 100


def test_a_fixed_reference_pays_the_oldest_and_stops_at_a_dispute(
    seller: Seller, account: BillingAccount
) -> None:
    old = issued(seller, account, "100", "2026-08-01")
    disputed = issued(seller, account, "100", "2026-09-01")
    new = issued(seller, account, "100", "2026-10-01")
    set_disputed(invoice=disputed, is_disputed=True, reason="wrong meter")

    first = paid(seller, "100", customer_reference(account))
    second = paid(seller, "100", customer_reference(account))

    assert (stands(old)[0], stands(disputed)[2], stands(new)[2]) == ("paid", "100.00", "100.00")
    assert (first.state, second.state) == ("booked", "work_list")
    assert second.proposal["reasons"][-1]["code"] == "disputed_in_the_way"


def test_paid_twice_waits_and_can_be_given_back(seller: Seller, account: BillingAccount) -> None:
    invoice = issued(seller, account, "500")
    paid(seller, "500", invoice.ocr)

    again = paid(seller, "500", invoice.ocr)
    assert (again.state, again.proposal["outcome"]) == ("work_list", "duplicate")
    (payment,) = sorting.accept_proposal(row=again, now=NOW)
    refund = services.plan_refund(
        source=payment, reason="paid twice", to=PayTo(bankgiro="5050-1055"), now=NOW
    )
    with pytest.raises(RuleViolation):
        services.plan_refund(source=payment, amount=Decimal(1), reason="again", now=NOW)
    with pytest.raises(RuleViolation):
        sorting.undo_transaction(row=again, reason="no", now=NOW)
    file = services.order_refunds(seller=seller, refunds=[refund], now=NOW)
    with pytest.raises(RuleViolation):
        services.order_refunds(seller=seller, refunds=[refund], now=NOW)
    services.finish_refund(refund=refund, paid_on=date(2026, 11, 10), now=NOW)

    assert b'<InstdAmt Ccy="SEK">500.00</InstdAmt>' in bytes(file.content)
    assert (refund.state, refund.payout_file_id) == ("done", file.pk)
    assert credit_of(account) == 0


def test_a_cancelled_refund_is_credit_again(seller: Seller, account: BillingAccount) -> None:
    payment = services.book_by_hand(
        account=account, amount=Decimal(90), booked_on=date(2026, 11, 2), now=NOW
    )
    refund = services.plan_refund(source=payment, reason="moved out", now=NOW)
    assert credit_of(account) == 0

    services.cancel_refund(refund=refund, reason="stays")

    assert credit_of(account) == 90


def test_the_bank_takes_a_payment_back(seller: Seller, account: BillingAccount) -> None:
    invoice = issued(seller, account, "500")
    before = paid(seller, "500", invoice.ocr)

    back = paid(seller, "500", invoice.ocr, direction="reversal", booked_on=date(2026, 11, 5))

    assert back.state == "booked"
    assert stands(invoice)[1:] == ("0.00", "500.00")
    first = Payment.objects.get(transaction=before)
    assert first.reversed_by is not None
    assert (first.reversed_by.transaction, first.reversed_by.amount) == (back, -500)
    with pytest.raises(RuleViolation):
        sorting.undo_transaction(row=before, reason="no", now=NOW)


def test_unknown_money_waits_and_is_divided_undone_and_ignored(
    seller: Seller, account: BillingAccount
) -> None:
    eva = make_account(operator=seller.operator, name="Eva Lind")
    mine, hers = issued(seller, account, "300"), issued(seller, eva, "200")
    row = paid(seller, "600", "77777", payer_name="Ett bolag")
    assert (row.state, row.proposal["outcome"]) == ("work_list", "unknown")
    assert Payment.objects.get(transaction=row).account is None

    with pytest.raises(RuleViolation):
        sorting.match_transaction(row=row, parts=[Part(invoice=mine), Part(invoice=hers)], now=NOW)
    with pytest.raises(RuleViolation):
        sorting.match_transaction(row=row, parts=[Part(invoice=mine, amount=Decimal(301))], now=NOW)
    assert stands(mine)[2] == "300.00"
    parts = [Part(invoice=mine), Part(invoice=hers), Part(account=eva)]
    sorting.match_transaction(row=row, parts=parts, now=NOW)
    assert (stands(mine)[0], stands(hers)[0], str(credit_of(eva))) == ("paid", "paid", "100.0000")
    assert sum(one.amount for one in Payment.objects.filter(transaction=row)) == 600

    with pytest.raises(InvalidInput):
        sorting.undo_transaction(row=row, reason=" ", now=NOW)
    sorting.undo_transaction(row=row, reason="wrong people", now=NOW)
    assert (stands(mine)[2], stands(hers)[2], int(credit_of(eva))) == ("300.00", "200.00", 0)
    row.refresh_from_db()
    sorting.ignore_transaction(row=row, reason="interest of the bank")

    row.refresh_from_db()
    assert (row.state, row.note) == ("ignored", "interest of the bank")
    assert sum(one.amount for one in Payment.objects.filter(transaction=row)) == 0
    verbs = AuditEntry.objects.filter(verb__startswith="bank_transaction").order_by("pk")
    assert [one.verb.partition(".")[2] for one in verbs] == ["match", "undo", "ignore"]


def test_nothing_in_and_money_out_ask_nobody(seller: Seller) -> None:
    zero = paid(seller, "0", "1000173")
    out = paid(seller, "99", direction="debit")

    assert (zero.state, out.state) == ("ignored", "ignored")
    assert Payment.objects.count() == 0


def test_a_credit_note_of_a_paid_invoice_pays_the_next(
    seller: Seller, account: BillingAccount
) -> None:
    payment = services.book_by_hand(
        account=account, amount=Decimal(40), booked_on=date(2026, 11, 1), now=NOW
    )
    invoice = issued(seller, account, "125")
    use_credits_due(now=NOW)

    assert stands(invoice)[1:] == ("40.00", "85.00")
    services.reverse_payment(payment=payment, reason="bad cheque", now=NOW)
    assert stands(invoice)[1:] == ("0.00", "125.00")


def test_the_database_itself_keeps_payments_within(seller: Seller, account: BillingAccount) -> None:
    invoice = issued(seller, account, "500")
    other = issued(seller, make_account(operator=seller.operator), "500")
    payment = services.book_by_hand(
        account=account, amount=Decimal(600), booked_on=date(2026, 11, 2), invoice=invoice, now=NOW
    )
    own = {"operator": seller.operator, "made_on": date(2026, 11, 2), "user_label": "x"}
    wrong: list[Callable[[], Any]] = [
        lambda: PaymentAllocation.objects.create(**own, payment=payment, invoice=invoice, amount=1),
        lambda: PaymentAllocation.objects.create(**own, payment=payment, invoice=other, amount=1),
        lambda: PaymentAllocation.objects.create(
            **own, payment=payment, invoice=other, amount=101
        ),
        lambda: PaymentAllocation.objects.update(amount=1),
        lambda: Payment.objects.update(amount=1),
        lambda: Payment.objects.update(account=other.account),
        lambda: Payment.objects.all().delete(),
        lambda: Refund.objects.create(
            operator=seller.operator, public_id="r", payment=payment, account=account, amount=101,
            currency="SEK", name="x", reason="x", pay_on=date(2026, 11, 2), user_label="x",
        ),
    ]  # fmt: skip

    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    assert stands(invoice) == ("paid", "500.00", "0.00")
    assert credit_of(account) == 100
