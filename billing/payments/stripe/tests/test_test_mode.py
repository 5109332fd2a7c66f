"""The adapter against Stripe's own test mode, where STRIPE_TEST_KEY names a key of it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.payments.cards.provider import Keys, Order, ProviderRefused, RefundStatus, Status
from billing.payments.stripe.provider import StripeProvider
from core.ids import public_id

KEY = os.environ.get("STRIPE_TEST_KEY", "")
pytestmark = [
    pytest.mark.skipif(not KEY.startswith("sk_test_"), reason="needs STRIPE_TEST_KEY"),
    pytest.mark.enable_socket,
]


@pytest.fixture
def stripe(settings: Any) -> StripeProvider:
    settings.STRIPE_API_URL = ""
    return StripeProvider(Keys(KEY))


def order(stripe: StripeProvider, method: str) -> Order:
    ref = public_id("cpy")
    customer = stripe.make_customer(
        key=f"{ref}-customer", ref=ref, name="Dina", email="dina@example.com", language="sv"
    )
    return Order(
        key=ref, ref=ref, amount=Decimal("123.45"), currency="SEK", description="Test",
        customer=customer, method=method,
    )  # fmt: skip


def test_paid_found_and_given_back(stripe: StripeProvider) -> None:
    asked = order(stripe, "pm_card_visa")
    paid, again = stripe.pay(asked), stripe.pay(asked)
    found = stripe.find(asked, datetime.now(UTC) - timedelta(minutes=5))
    back = stripe.refund(paid.ref, Decimal(23), "SEK", key=f"{asked.key}-r", ref=f"{asked.ref}-r")

    assert not stripe.is_live()
    assert (paid.status, paid.captured, again.ref) == (Status.PAID, Decimal("123.45"), paid.ref)
    assert found is not None
    assert found.ref == paid.ref
    assert back.status in (RefundStatus.DONE, RefundStatus.PROCESSING)
    with pytest.raises(ProviderRefused):
        stripe.refund(paid.ref, Decimal(500), "SEK", key=f"{asked.key}-s", ref="x")


def test_refused(stripe: StripeProvider) -> None:
    with pytest.raises(ProviderRefused) as refusal:
        stripe.pay(order(stripe, "pm_card_visa_chargeDeclinedInsufficientFunds"))
    assert refusal.value.decline_code == "insufficient_funds"


def test_a_page_opens_and_closes(stripe: StripeProvider) -> None:
    asked = order(stripe, "")
    held = Order(
        key=asked.key, ref=asked.ref, amount=Decimal(500), currency="SEK", description="Hold",
        hold=True, return_url="https://example.com/back", cancel_url="https://example.com/",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )  # fmt: skip

    page = stripe.open_page(held)

    assert stripe.look_at_page(page.ref).status is Status.WAITING
    stripe.close_page(page.ref)
    assert stripe.look_at_page(page.ref).status is Status.CANCELLED
