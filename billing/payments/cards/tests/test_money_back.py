"""Refunds within what was collected, disputes, payouts, and what the books say of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.accounting.models import JournalPosting
from billing.accounting.posting_services import post_due
from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.crediting import credit
from billing.payments import services
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.event_models import CardPayout
from billing.payments.cards.models import CardDispute, CardPayment, CardRefund
from billing.payments.cards.payouts import match_payouts, read_payouts
from billing.payments.cards.refunding import ask_refunds_due, refund_to_card
from billing.payments.cards.tests.double import Double, deliver
from billing.payments.cards.tests.steps import pay, stands
from billing.payments.credits import credit_of
from billing.payments.models import Payment, Refund
from billing.payments.tests.books import issued
from billing.sellers.models import Seller
from core.errors import RuleViolation
from tests.factories.payments import make_bank_file, make_bank_transaction

pytestmark = pytest.mark.django_db


def paid_too_much(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller,
    card: str = "4242424242424242",
) -> Payment:  # fmt: skip
    """100 kronor by card for an invoice that somebody else paid in the meantime."""
    invoice = issued(seller, account, "100")
    row = pay(account, invoice)
    services.book_by_hand(
        account=account, amount=Decimal(100), invoice=invoice,
        booked_on=operator_day(seller.operator),
    )  # fmt: skip
    double.pay(row.page_ref, card)
    deliver(cards, *double.events())
    row.refresh_from_db()
    assert row.payment is not None
    return row.payment


def test_refunds_never_exceed_what_was_collected(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    payment = paid_too_much(double, cards, account, seller)

    first = refund_to_card(source=payment, amount=Decimal(60), reason="Paid twice")
    with pytest.raises(RuleViolation) as beyond:
        refund_to_card(source=payment, amount=Decimal(50), reason="Paid twice")
    second = refund_to_card(source=payment, reason="Paid twice")

    assert (first.state, second.state, f"{second.amount:.2f}") == ("done", "done", "40.00")
    assert beyond.value.code == "beyond_rest"
    assert credit_of(account) == 0
    with pytest.raises(RuleViolation, match="No card payment"):
        refund_to_card(source=payment, reason="Once more")
    with pytest.raises(IntegrityError), transaction.atomic():
        CardRefund.objects.filter(pk=first.pk).update(amount=61)
    post_due()
    found = JournalPosting.objects.filter(entry__source_kind="refund").select_related("account")
    assert sorted((one.account.number, one.amount) for one in found) == [
        ("1580", -60), ("1580", -40), ("2420", 40), ("2420", 60),
    ]  # fmt: skip


def test_a_refund_without_an_answer_is_one_refund(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    payment = paid_too_much(double, cards, account, seller)
    double.fault("/v1/refunds", "500", when="after")

    row = refund_to_card(source=payment, reason="Paid twice")
    assert (row.state, row.refund.state) == ("unknown", "ordered")
    with pytest.raises(RuleViolation) as twice:
        refund_to_card(source=payment, reason="Paid twice")
    with pytest.raises(RuleViolation, match="goes back to a card"):
        services.cancel_refund(refund=row.refund, reason="Changed mind")
    ask_refunds_due(now=timezone.now() + timedelta(minutes=2))

    row.refresh_from_db()
    assert (row.state, Refund.objects.get().state) == ("done", "done")
    assert (twice.value.code, len(double.objects("refund"))) == ("not_by_card", 1)


def test_a_refund_waits_while_the_keys_cannot_be_read(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    payment = paid_too_much(double, cards, account, seller)
    sealed = cards.secret_key_sealed
    ProviderAccount.objects.filter(pk=cards.pk).update(secret_key_sealed=b"unreadable")
    row = refund_to_card(source=payment, reason="Paid twice")
    assert (row.state, row.refund.state, double.objects("refund")) == ("unknown", "ordered", [])

    ProviderAccount.objects.filter(pk=cards.pk).update(secret_key_sealed=sealed)
    ask_refunds_due(now=timezone.now() + timedelta(minutes=2))
    row.refresh_from_db()
    assert (row.state, len(double.objects("refund"))) == ("done", 1)


def test_a_refund_that_fails_later_is_credit_again(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    payment = paid_too_much(double, cards, account, seller, "4000000000005126")
    row = refund_to_card(source=payment, reason="Paid twice")
    assert row.state == "processing"
    assert credit_of(account) == 0

    double.go_on(days=2)
    deliver(cards, *double.events())

    row.refresh_from_db()
    assert (row.state, row.message) == ("failed", "expired_or_canceled_card")
    assert Refund.objects.get().state == "cancelled"
    assert credit_of(account) == 100


def test_a_credited_invoice_goes_back_to_its_card_within_the_limit(
    double: Double, account: BillingAccount, seller: Seller
) -> None:
    cards = double.account(seller, refund_limit=Decimal(80))
    invoice = issued(seller, account, "100")
    double.pay(pay(account, invoice).page_ref)
    deliver(cards, *double.events())
    invoice.refresh_from_db()
    note = credit(invoice, reason="Broken cable")

    with pytest.raises(RuleViolation) as refusal:
        refund_to_card(source=note, reason="Broken cable")
    assert (refusal.value.code, Refund.objects.count()) == ("beyond_limit", 0)
    row = refund_to_card(source=note, reason="Broken cable", may_exceed_limit=True)

    note.refresh_from_db()
    assert (row.state, f"{row.amount:.2f}", f"{note.open_amount:.2f}") == ("done", "100.00", "0.00")


@pytest.mark.parametrize(("outcome", "open_amount"), [("lost", "100.00"), ("won", "0.00")])
def test_a_dispute_is_followed_and_a_lost_one_opens_the_invoice(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller,
    outcome: str, open_amount: str,
) -> None:  # fmt: skip
    invoice = issued(seller, account, "100")
    double.pay(pay(account, invoice).page_ref, "4000000000000259")
    opened = double.events()
    deliver(cards, *opened)
    row = CardDispute.objects.get()
    assert (row.state, row.amount, stands(invoice)[0]) == ("needs_response", 100, "paid")

    double.ask("close_dispute", dispute=row.ref, status=outcome)
    deliver(cards, *double.events(), *opened)

    row.refresh_from_db()
    invoice.refresh_from_db()
    assert (row.state, f"{invoice.open_amount:.2f}") == (outcome, open_amount)
    assert (row.reversal is not None) == (outcome == "lost")


def test_a_payout_is_booked_with_its_fees_and_seen_at_the_bank(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    for amount in ("100", "200"):
        double.pay(pay(account, issued(seller, account, amount)).page_ref)
    deliver(cards, *double.events())
    payout = double.ask("payout")
    deliver(cards, *double.events())
    assert CardPayout.objects.get().state == "pending"
    double.ask("arrive", payout=payout["id"])

    assert read_payouts(now=timezone.now()) == 1
    assert read_payouts(now=timezone.now()) == 0

    row = CardPayout.objects.get()
    fees = Decimal("1.5") + 3 + Decimal("1.80") * 2
    assert (row.state, row.gross, row.fee, row.amount) == ("paid", 300, fees, 300 - fees)
    about = CardPayment.objects.filter(payout_parts__payout=row)
    assert {one.captured_amount for one in about} == {100, 200}
    at_bank = make_bank_transaction(
        make_bank_file(operator=seller.operator), amount=row.amount, state="work_list",
        booked_on=row.arrives_on, bank_account=seller.iban,
    )  # fmt: skip
    assert (match_payouts(now=timezone.now()), match_payouts(now=timezone.now())) == (1, 0)
    at_bank.refresh_from_db()
    row.refresh_from_db()
    assert (at_bank.state, row.bank_transaction) == ("ignored", at_bank)
    post_due()
    found = JournalPosting.objects.filter(entry__source_kind="card_payout")
    assert sorted((one.account.number, one.amount) for one in found.select_related("account")) == [
        ("1580", -300), ("1930", 300 - fees), ("6570", fees),
    ]  # fmt: skip
    cleared = JournalPosting.objects.filter(account__number="1580")
    assert sum(one.amount for one in cleared) == 0
