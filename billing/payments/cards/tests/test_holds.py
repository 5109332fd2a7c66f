"""Holds for guests: the exact cost and nothing else, at the latest before the hold lapses."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from billing.accounts.models import BillingAccount
from billing.payments.cards import asking, holds
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.holds import GuestPage
from billing.payments.cards.models import CardPayment
from billing.payments.cards.refunding import refund_to_card
from billing.payments.cards.tests.double import Double, deliver
from billing.payments.models import Payment
from billing.sellers.models import Seller
from core.errors import RuleViolation

pytestmark = pytest.mark.django_db
PAGE = GuestPage("http://testserver/g/1", "http://testserver/g", "sv", "guest@example.com")


def held(double: Double, seller: Seller, amount: str = "500", **given: Any) -> CardPayment:
    row = holds.start_hold(
        seller=seller, amount=Decimal(amount), currency="SEK", page=PAGE,
        **{"reference": "session-1", **given},
    )  # fmt: skip
    double.pay(row.page_ref)
    return holds.refresh(payment=row)


def test_the_exact_cost_is_collected_and_the_rest_let_go(
    double: Double, cards: ProviderAccount, seller: Seller
) -> None:
    row = held(double, seller)
    assert row.state == "held"
    assert row.capture_before_at is not None
    with pytest.raises(RuleViolation) as second:
        held(double, seller)
    assert second.value.code == "being_held"
    with pytest.raises(RuleViolation) as too_much:
        holds.capture_hold(payment=row, amount=Decimal("500.01"))
    assert too_much.value.code == "beyond_hold"

    done = holds.capture_hold(payment=row, amount=Decimal("123.45"))
    again = holds.capture_hold(payment=row, amount=Decimal("123.45"))

    assert (done.state, done.captured_amount, again.state) == ("paid", Decimal("123.45"), "paid")
    with pytest.raises(RuleViolation, match="Another amount"):
        holds.capture_hold(payment=row, amount=Decimal(200))
    payment = Payment.objects.get()
    assert (payment.amount, payment.account) == (Decimal("123.45"), None)
    [charge] = double.objects("charge")
    assert (charge["amount_captured"], charge["captured"]) == (12_345, True)


@pytest.mark.parametrize("cost", ["0", "1.25"])
def test_nothing_or_too_little_lets_the_hold_go(
    double: Double, cards: ProviderAccount, seller: Seller, cost: str
) -> None:
    row = held(double, seller)

    done = holds.capture_hold(payment=row, amount=Decimal(cost))

    assert (done.state, double.objects("payment_intent")[0]["status"]) == ("cancelled", "canceled")
    assert not Payment.objects.exists()


def test_a_capture_without_an_answer_is_found_out_and_done_once(
    double: Double, cards: ProviderAccount, seller: Seller
) -> None:
    done, lost = held(double, seller), held(double, seller, reference="session-2")
    double.fault("/v1/payment_intents", "silence", when="after")
    assert holds.capture_hold(payment=done, amount=Decimal(90)).state == "capturing"
    double.fault("/v1/payment_intents", "silence")
    assert holds.capture_hold(payment=lost, amount=Decimal(80)).state == "capturing"
    as_read = CardPayment(pk=done.pk, operator=done.operator, state="held")
    with pytest.raises(RuleViolation, match="being collected"):
        holds.cancel_hold(payment=as_read, reason="Stopped")
    assert holds.refresh(payment=lost).state == "capturing"
    assert lost.next_check_at is not None
    assert lost.next_check_at < timezone.now() + timedelta(minutes=1)

    asking.ask_due(now=timezone.now() + timedelta(minutes=1))

    for row, amount in ((done, 90), (lost, 80)):
        row.refresh_from_db()
        assert (row.state, row.captured_amount) == ("paid", amount)
    assert sorted(one["amount_captured"] for one in double.objects("charge")) == [8_000, 9_000]


def test_a_hold_that_lapses_is_listed_before_and_cancelled_after(
    double: Double, cards: ProviderAccount, seller: Seller
) -> None:
    row = held(double, seller)
    at = row.capture_before_at
    assert at is not None
    assert list(holds.expiring_holds(at - timedelta(hours=8))) == []
    assert list(holds.expiring_holds(at - timedelta(hours=5))) == [row]

    double.go_on(days=8)
    late = holds.capture_hold(payment=row, amount=Decimal(50))

    assert (late.state, Payment.objects.count()) == ("cancelled", 0)


def test_a_page_left_alone_lapses_and_one_called_off_cannot_be_paid(
    double: Double, cards: ProviderAccount, seller: Seller
) -> None:
    first = holds.start_hold(
        seller=seller, amount=Decimal(500), currency="SEK", page=PAGE, reference="a"
    )
    second = holds.start_hold(
        seller=seller, amount=Decimal(500), currency="SEK", page=PAGE, reference="b"
    )
    assert holds.cancel_hold(payment=second, reason="Changed mind").state == "cancelled"
    double.go_on(hours=2)
    deliver(cards, *double.events())

    first.refresh_from_db()
    assert (first.state, double.pay(second.page_ref)) == ("cancelled", "This page is closed.")


def test_what_was_paid_ahead_goes_back_but_for_the_cost(
    double: Double, cards: ProviderAccount, seller: Seller, account: BillingAccount
) -> None:
    row = held(double, seller, "200", account=account, prepaid=True)
    assert (row.state, row.captured_amount) == ("paid", 200)

    assert row.payment is not None
    back = refund_to_card(source=row.payment, amount=Decimal("153.20"), reason="Not used")

    assert (back.state, back.refund.state) == ("done", "done")
    assert [one["amount"] for one in double.objects("refund")] == [15_320]
