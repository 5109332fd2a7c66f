"""Two at once, in real transactions: money moves once, and the state is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from billing.accounts.models import BillingAccount
from billing.payments.cards import holds, paying
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.holds import GuestPage
from billing.payments.cards.models import CardPayment, CardPaymentPart
from billing.payments.cards.refunding import refund_to_card
from billing.payments.cards.tests.double import Double, deliver
from billing.payments.cards.tests.steps import pay, stands
from billing.payments.models import Payment
from billing.payments.tests.books import issued
from billing.sellers.models import Seller
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seller(transactional_db: None) -> Iterator[Seller]:
    with across_operators("tests of services"):
        yield make_seller(operator=make_operator())


@pytest.fixture
def account(seller: Seller) -> BillingAccount:
    return make_account(operator=seller.operator, name="Dina")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each of them came to, a refusal by its code."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            with across_operators("threads of a test"):
                return call()
        except RuleViolation as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_tabs_then_webhook_against_redirect(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    invoice = issued(seller, account, "100")
    both = at_once(lambda: pay(account, invoice), lambda: pay(account, invoice))
    rows = [one for one in both if isinstance(one, CardPayment)]
    for row in rows:
        row.refresh_from_db()
    [open_one] = [one for one in rows if one.state == "waiting"]
    assert CardPaymentPart.objects.filter(is_live=True).count() == 1
    assert len(both) == 2

    double.pay(open_one.page_ref)
    told = double.events()
    ref = open_one.public_id
    at_once(
        lambda: deliver(cards, *told),
        lambda: paying.returned(account=account, public_id=ref),
        lambda: deliver(cards, *told[::-1]),
    )

    assert stands(invoice) == ("paid", "100.00")
    payment = Payment.objects.get()
    open_one.refresh_from_db()
    assert (open_one.state, open_one.payment) == ("paid", payment)


def test_the_same_money_goes_back_once(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    row = holds.start_hold(
        seller=seller, amount=Decimal(200), currency="SEK", reference="s", account=account,
        page=GuestPage("http://testserver/g", "http://testserver/g"), prepaid=True,
    )  # fmt: skip
    double.pay(row.page_ref)
    payment = holds.refresh(payment=row).payment
    assert payment is not None

    found = at_once(
        *[lambda: refund_to_card(source=payment, amount=Decimal(150), reason="Not used")] * 2
    )

    assert sorted(str(getattr(one, "state", one)) for one in found) == ["beyond_rest", "done"]
    assert [one["amount"] for one in double.objects("refund")] == [15_000]


def test_capture_against_letting_go(double: Double, cards: ProviderAccount, seller: Seller) -> None:
    row = holds.start_hold(
        seller=seller, amount=Decimal(500), currency="SEK", reference="s",
        page=GuestPage("http://testserver/g", "http://testserver/g"),
    )  # fmt: skip
    double.pay(row.page_ref)
    holds.refresh(payment=row)
    again = CardPayment.objects.select_related("card_account").get(pk=row.pk)
    third = CardPayment.objects.select_related("card_account").get(pk=row.pk)

    at_once(
        lambda: holds.capture_hold(payment=row, amount=Decimal(120)),
        lambda: holds.cancel_hold(payment=again, reason="Stopped"),
        lambda: holds.capture_hold(payment=third, amount=Decimal(120)),
    )

    holds.refresh(payment=again)
    row.refresh_from_db()
    [intent] = double.objects("payment_intent")
    assert (row.state, intent["status"]) in (("paid", "succeeded"), ("cancelled", "canceled"))
    assert [f"{one.amount:.2f}" for one in Payment.objects.all()] == (
        ["120.00"] if row.state == "paid" else []
    )
