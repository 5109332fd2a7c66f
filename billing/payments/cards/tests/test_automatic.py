"""Invoices paid by the saved card on the due day, tried again only where it may help."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments.cards import automatic, methods
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.models import CardPayment
from billing.payments.cards.retrying import next_try
from billing.payments.cards.tests.double import Double
from billing.payments.cards.tests.steps import save_card, stands
from billing.payments.tests.books import issued
from billing.sellers.models import Seller
from core.errors import RuleViolation

pytestmark = pytest.mark.django_db


def noon(invoice: Invoice, days: int = 0) -> datetime:
    """Midday of the due day, or days after it."""
    assert invoice.due_on is not None
    day = datetime.combine(invoice.due_on, datetime.min.time(), ZoneInfo("Europe/Stockholm"))
    return day + timedelta(days=days, hours=12)


def due_soon(seller: Seller, account: BillingAccount, gross: str) -> Invoice:
    return issued(seller, account, gross, f"{timezone.now() - timedelta(days=20):%Y-%m-%d}")


def test_paid_on_the_due_day_once(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    with pytest.raises(RuleViolation, match="Save a card first"):
        methods.set_automatic(account=account, is_on=True)
    save_card(double, account)
    invoice = due_soon(seller, account, "75")
    assert automatic.collect_due(now=noon(invoice)) == 0
    methods.set_automatic(account=account, is_on=True)

    assert automatic.collect_due(now=noon(invoice, -1)) == 0
    assert automatic.collect_due(now=noon(invoice)) == 1
    assert automatic.collect_due(now=noon(invoice, 1)) == 0

    assert stands(invoice) == ("paid", "75.00")
    assert CardPayment.objects.get().is_automatic


def test_no_money_is_tried_again_by_the_schedule_and_then_never(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    save_card(double, account, "4000000000000341")
    methods.set_automatic(account=account, is_on=True)
    invoice = due_soon(seller, account, "75")

    tried = [day for day in range(30) if automatic.collect_due(now=noon(invoice, day))]

    assert tried == [0, 2, 5, 9, 16]
    assert stands(invoice)[1] == "0.00"
    assert {one["payment_intent"] for one in double.objects("charge")} == set()
    last = CardPayment.objects.first()
    assert last is not None
    assert (last.state, last.decline_code, last.retry_at) == ("failed", "insufficient_funds", None)


def test_a_bank_that_wants_the_person_is_not_asked_again(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    save_card(double, account, "4000002760003184")
    methods.set_automatic(account=account, is_on=True)
    invoice = due_soon(seller, account, "75")

    tried = [day for day in range(30) if automatic.collect_due(now=noon(invoice, day))]

    assert tried == [0]
    assert CardPayment.objects.get().failure_code == "authentication_required"


def test_the_last_card_removed_ends_automatic_payment(
    double: Double, cards: ProviderAccount, account: BillingAccount
) -> None:
    card = save_card(double, account)
    methods.set_automatic(account=account, is_on=True)

    methods.remove(method=card)

    assert not methods.automatic_of(account)
    assert double.objects("payment_method")[0]["customer"] is None


def test_which_refusals_pass() -> None:
    first = datetime(2026, 11, 1, 12, tzinfo=ZoneInfo("UTC"))
    code = {"code": "card_declined", "decline_code": "insufficient_funds"}

    days = [next_try(first_at=first, tries=n, **code) for n in range(6)]

    assert [one and (one - first).days for one in days] == [None, 2, 5, 9, 16, None]
    assert next_try(first_at=first, tries=1, code="card_declined", decline_code="lost_card") is None
