"""Money that goes back: by the bank, by undoing, and by refunds of the right seller."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from billing.accounts.models import BillingAccount
from billing.payments import services, sorting
from billing.payments.bank_models import BankTransaction
from billing.payments.credits import use_credits_due
from billing.payments.matching_services import match_due
from billing.payments.models import Payment, PaymentAllocation
from billing.payments.selectors import next_payout, payments
from billing.payments.services import PayTo
from billing.payments.sorting import Part
from billing.payments.tests.books import NOW, issued, paid
from billing.sellers.models import Seller
from core.accounts.permissions import Role
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import across_operators
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.payments import make_bank_file, make_bank_transaction

pytestmark = pytest.mark.django_db
IBAN = "SE3550000000054910000003"


@pytest.fixture(autouse=True)
def _everywhere() -> object:
    with across_operators("tests of services"):
        yield


@pytest.fixture
def seller() -> Seller:
    return make_seller(operator=make_operator(), iban=IBAN)


@pytest.fixture
def account(seller: Seller) -> BillingAccount:
    return make_account(operator=seller.operator, name="Åke Ek")


def brought(seller: Seller, *rows: dict[str, Any]) -> list[BankTransaction]:
    """Transactions of one file, matched together."""
    file = make_bank_file(operator=seller.operator)
    made = [make_bank_transaction(file, **row) for row in rows]
    match_due(now=NOW)
    for row in made:
        row.refresh_from_db()
    return made


def test_what_waited_and_was_taken_back_waits_no_longer(
    seller: Seller, account: BillingAccount
) -> None:
    row = paid(seller, "600", "77777")
    assert row.state == "work_list"

    back = paid(seller, "600", "77777", direction="reversal", booked_on=date(2026, 11, 4))

    row.refresh_from_db()
    assert (back.state, row.state, row.note) == ("booked", "booked", "Taken back by the bank")
    with pytest.raises(RuleViolation):
        sorting.match_transaction(row=row, parts=[Part(account=account)], now=NOW)
    assert Payment.objects.aggregate(sum=Sum("amount"))["sum"] == 0


def test_a_payment_of_the_same_file_is_proposed_by_its_id(seller: Seller) -> None:
    row, back = brought(
        seller,
        {"amount": Decimal(600), "references": ["77777"]},
        {"amount": Decimal(600), "direction": "reversal"},
    )
    payment = Payment.objects.get(transaction=row)
    assert (back.state, back.proposal["takes_back"]) == ("work_list", payment.public_id)

    sorting.accept_proposal(row=back, now=NOW)

    payment.refresh_from_db()
    assert payment.reversed_by is not None
    assert payment.reversed_by.transaction == back


def test_a_reversal_takes_nothing_of_another_operator(seller: Seller) -> None:
    other = make_seller(operator=make_operator())
    same = {"amount": Decimal(600), "references": ["77777"], "key": "50501055:same"}
    (theirs,) = brought(other, same)

    row, back = brought(
        seller, same, {"amount": Decimal(600), "references": ["77777"], "direction": "reversal"}
    )

    assert (row.state, back.state) == ("booked", "booked")
    assert Payment.objects.get(transaction=theirs).reversed_by is None


def test_money_never_settles_before_there_was_a_debt(
    seller: Seller, account: BillingAccount
) -> None:
    invoice = issued(seller, account, "250", "2026-11-05")

    services.book_by_hand(
        account=account, amount=Decimal(250), booked_on=date(2026, 11, 2), now=NOW
    )

    assert PaymentAllocation.objects.get().made_on == invoice.issued_on == date(2026, 11, 5)


def test_undoing_leaves_the_sums_of_earlier_days(seller: Seller, account: BillingAccount) -> None:
    row = paid(seller, "600", "77777")
    sorting.match_transaction(row=row, parts=[Part(account=account)], now=NOW)
    row.refresh_from_db()
    sorting.undo_transaction(row=row, reason="wrong people", now=NOW)
    row.refresh_from_db()
    parts = [Part(account=account, amount=Decimal(200)),
             Part(account=make_account(operator=seller.operator))]  # fmt: skip
    sorting.match_transaction(row=row, parts=parts, now=NOW)

    by_day = Payment.objects.order_by("booked_on").values("booked_on").annotate(sum=Sum("amount"))

    assert [(one["booked_on"].day, int(one["sum"])) for one in by_day] == [(2, 600), (10, 0)]
    assert sorted(int(one.rest) for one in payments() if one.rest) == [200, 400]


def test_amounts_finer_than_the_currency_are_refused(
    seller: Seller, account: BillingAccount
) -> None:
    row = paid(seller, "600", "77777")

    with pytest.raises(InvalidInput):
        sorting.match_transaction(
            row=row, parts=[Part(account=account, amount=Decimal("0.001"))], now=NOW
        )

    assert Payment.objects.get().account is None


def test_an_invoice_in_another_currency_is_refused_in_words(
    seller: Seller, account: BillingAccount
) -> None:
    invoice = issued(seller, account, "250")
    account.currency = "NOK"
    account.save(update_fields=["currency"])

    with pytest.raises(RuleViolation, match="another currency"):
        services.book_by_hand(
            account=account, amount=Decimal(250), booked_on=date(2026, 11, 2), invoice=invoice,
            now=NOW,
        )  # fmt: skip

    assert Payment.objects.count() == 0


def test_a_file_orders_what_its_seller_owes_in_one_currency(
    seller: Seller, account: BillingAccount
) -> None:
    other = make_seller(operator=seller.operator, iban=IBAN, is_default=False)
    norse = make_account(operator=seller.operator, currency="NOK")
    third = make_account(operator=seller.operator)
    theirs = issued(other, third, "100")
    refunds = []
    for who, invoice in ((account, None), (norse, None), (third, theirs)):
        payment = services.book_by_hand(
            account=who, amount=Decimal(150), booked_on=date(2026, 11, 2), invoice=invoice, now=NOW
        )
        refunds.append(
            services.plan_refund(source=payment, reason="too much", to=PayTo(iban=IBAN), now=NOW)
        )

    assert [set(next_payout(one)) for one in (seller, other)] == [{refunds[0]}, {refunds[2]}]
    file = services.order_refunds(seller=other, refunds=[refunds[0], refunds[2]], now=NOW)

    assert (file.refund_count, int(file.amount)) == (1, 50)
    refunds[0].refresh_from_db()
    assert refunds[0].state == "planned"


def test_credit_is_used_by_those_who_owe_however_many_others_have_some(
    seller: Seller, account: BillingAccount
) -> None:
    for owner in (make_account(operator=seller.operator), account):
        services.book_by_hand(
            account=owner, amount=Decimal(90), booked_on=date(2026, 11, 2), now=NOW
        )
    issued(seller, account, "250", "2026-11-05")

    assert use_credits_due(now=NOW) == 1


def test_a_wrong_payment_is_told_beside_what_was_written(seller: Seller, client: Client) -> None:
    back = paid(seller, "600", "77777", direction="reversal")
    client.force_login(make_person(operator=seller.operator, role=Role.ACCOUNTANT))

    answer = client.post(
        f"/bank-transactions/{back.public_id}/reversal/",
        {"payment": "pay_none", "reason": "the bank called"},
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors == {"payment": ["No payment is pay_none."]}
    assert "the bank called" in answer.content.decode()
