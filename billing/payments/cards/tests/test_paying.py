"""Invoices paid by card: new and saved ones, once, whatever goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.accounting.models import JournalEntry
from billing.accounting.posting_services import post_due
from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments.cards import asking, automatic, methods, paying, sending
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.event_models import ProviderEvent
from billing.payments.cards.models import CardPayment, CardPaymentPart
from billing.payments.cards.tests.double import Double, deliver
from billing.payments.cards.tests.steps import pay, save_card, stands
from billing.payments.models import Payment
from billing.payments.tests.books import issued
from billing.sellers.models import Seller
from core.errors import RuleViolation
from tests.factories.billing import make_account

pytestmark = pytest.mark.django_db


def test_two_invoices_on_one_page_told_by_webhook_and_by_the_page_that_returns(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    first, second = issued(seller, account, "123.45"), issued(seller, account, "100")
    started = pay(account, first, second)
    assert (started.state, started.amount) == ("waiting", Decimal("223.45"))
    assert started.url.startswith(double.url)
    [order] = double.calls("POST", "/v1/checkout/sessions")
    line = order["given"]["line_items"][0]
    assert (line["price_data"]["unit_amount"], order["key"]) == ("22345", started.public_id)

    assert double.pay(started.page_ref) == ""
    events = double.events()
    assert deliver(cards, *events, *events) == [200] * len(events) * 2
    back = paying.returned(account=account, public_id=started.public_id)

    assert isinstance(back, CardPayment)
    assert (back.state, back.captured_amount) == ("paid", Decimal("223.45"))
    assert stands(first) == ("paid", "123.45")
    assert stands(second) == ("paid", "100.00")
    payment = Payment.objects.get()
    assert (payment.source, payment.amount, payment.account) == ("card", back.amount, account)
    assert {one.times for one in ProviderEvent.objects.all()} == {2}
    assert not CardPaymentPart.objects.filter(is_live=True).exists()
    post_due()
    entry = JournalEntry.objects.get(source_kind="payment", source_id=payment.pk)
    found = entry.postings.select_related("account")
    assert sorted((one.account.number, one.amount) for one in found) == [
        ("1510", Decimal("-123.45")), ("1510", Decimal(-100)), ("1580", Decimal("223.45")),
    ]  # fmt: skip


def test_a_saved_card_pays_now_and_a_bank_that_asks_gets_its_answer(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    card, asking_card = save_card(double, account), save_card(double, account, "4000002760003184")
    assert [one.label for one in methods.methods_of(account)] == ["Visa ··4242", "Visa ··3184"]
    assert (card.is_default, asking_card.is_default) == (True, False)

    paid = pay(account, issued(seller, account, "80"), method=card)
    asked = pay(account, issued(seller, account, "90"), method=asking_card)

    assert (paid.state, paid.card_label) == ("paid", "visa ··4242")
    assert (asked.state, "/c/bank/" in asked.url) == ("waiting", True)
    double.ask("bank", intent=asked.ref)
    assert paying.returned(account=account, public_id=asked.public_id).state == "paid"  # type: ignore[union-attr]  # a payment
    methods.remove(method=card)
    assert [one.pk for one in methods.methods_of(account)] == [asking_card.pk]
    assert methods.methods_of(account).get().is_default
    with pytest.raises(RuleViolation, match="Save a card first"):
        pay(account, issued(seller, account, "70"), method=card)


def test_a_bank_that_got_no_answer_is_asked_no_more_when_the_person_pays_anew(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    card, invoice = save_card(double, account, "4000002760003184"), issued(seller, account, "90")
    left = pay(account, invoice, method=card)
    double.fault("/v1/payment_intents", "silence")
    with pytest.raises(RuleViolation, match="does not answer"):
        pay(account, invoice)

    anew = pay(account, invoice)

    left.refresh_from_db()
    assert (left.state, anew.state) == ("cancelled", "waiting")
    assert double.objects("payment_intent")[0]["status"] == "canceled"
    methods.remove(method=card)


@pytest.mark.parametrize("kind", ["silence", "500"])
def test_no_answer_after_the_money_moved_is_one_charge(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller, kind: str
) -> None:
    card, invoice = save_card(double, account), issued(seller, account, "123.45")
    double.fault("/v1/payment_intents", kind, when="after")

    started = pay(account, invoice, method=card)

    assert (started.state, started.ref, stands(invoice)[1]) == ("unknown", "", "0.00")
    with pytest.raises(RuleViolation) as refusal:
        pay(account, invoice, method=card)
    assert refusal.value.code == "being_paid"
    assert asking.ask_due(now=timezone.now() + timedelta(minutes=1)) == 1
    started.refresh_from_db()
    assert (started.state, stands(invoice)) == ("paid", ("paid", "123.45"))
    assert [one["amount"] for one in double.objects("charge")] == [12_345]


def test_what_never_arrived_is_sent_again_by_the_same_key(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    card, invoice = save_card(double, account), issued(seller, account, "50")
    double.fault("/v1/payment_intents", "429")
    started = pay(account, invoice, method=card)
    assert (started.state, double.objects("charge")) == ("unknown", [])

    asking.ask_due(now=timezone.now() + timedelta(minutes=1))

    started.refresh_from_db()
    calls = double.calls("POST", "/v1/payment_intents")
    assert (started.state, {one["key"] for one in calls}) == ("paid", {started.public_id})
    assert len(double.objects("charge")) == 1


def test_a_process_that_died_before_it_wrote_the_answer_is_found_out(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    card, invoice = save_card(double, account), issued(seller, account, "60")

    def dies(*_args: object, **_kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(sending, "apply_look", dies)
        with pytest.raises(SystemExit):
            pay(account, invoice, method=card)
    row = CardPayment.objects.get()
    assert (row.state, row.ref) == ("new", "")
    assert asking.ask_due(now=timezone.now()) == 0
    asking.ask_due(now=timezone.now() + timedelta(minutes=2))

    row.refresh_from_db()
    assert (row.state, stands(invoice)) == ("paid", ("paid", "60.00"))
    assert len(double.objects("charge")) == 1


def test_what_takes_days_is_under_way_until_it_is_told(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    works, fails = issued(seller, account, "10"), issued(seller, account, "20")
    first, second = pay(account, works), pay(account, fails)
    double.pay(first.page_ref, "4000000000000077")
    double.pay(second.page_ref, "4000000000000119")
    early = double.events()
    assert paying.returned(account=account, public_id=first.public_id).state == "processing"  # type: ignore[union-attr]  # a payment
    with pytest.raises(RuleViolation, match="under way"):
        pay(account, works)
    double.go_on(days=4)
    late = double.events()

    # The newest first, and the old ones after it.
    deliver(cards, *late[::-1], *early[::-1])

    assert (stands(works)[0], stands(fails)[1]) == ("paid", "0.00")
    second.refresh_from_db()
    assert (second.state, second.decline_code) == ("failed", "insufficient_funds")
    assert pay(account, fails).state == "waiting"


def test_a_second_page_closes_the_first(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    invoice = issued(seller, account, "40")
    first = pay(account, invoice)
    assert "declined" in double.pay(first.page_ref, "4000000000000002")
    second = pay(account, invoice)

    first.refresh_from_db()
    assert (first.state, second.state) == ("cancelled", "waiting")
    assert double.pay(first.page_ref) == "This page is closed."
    double.pay(second.page_ref)
    deliver(cards, *double.events())
    assert stands(invoice) == ("paid", "40.00")


def test_what_was_paid_on_a_page_unheard_is_not_collected_once_more(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    card, invoice = save_card(double, account), issued(seller, account, "40")
    as_read = Invoice.objects.select_related("account").get(pk=invoice.pk)
    double.pay(pay(account, invoice).page_ref)

    with pytest.raises(RuleViolation) as by_hand:
        pay(account, invoice, method=card)
    with pytest.raises(RuleViolation) as by_itself:
        automatic.collect(as_read, now=timezone.now())

    assert (by_hand.value.code, by_itself.value.code) == ("invoice_paid", "invoice_paid")
    assert stands(invoice) == ("paid", "40.00")
    assert [one["amount"] for one in double.objects("charge")] == [4_000]


def test_signatures_and_ages_are_checked_and_nothing_is_kept(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    started = pay(account, issued(seller, account, "40"))
    double.pay(started.page_ref)
    old = double.events(at=int(timezone.now().timestamp()) - 600)
    changed = {**old[0], "body": old[0]["body"].replace("sek", "eur")}

    assert deliver(cards, old[0], changed, {**old[0], "signature": "t=1,v1=00"}) == [400] * 3

    assert not ProviderEvent.objects.exists()
    started.refresh_from_db()
    assert started.state == "waiting"


def test_what_may_not_be_paid_by_card(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    other = issued(seller, make_account(operator=seller.operator), "10")
    small, paid = issued(seller, account, "1.25"), issued(seller, account, "30")
    double.pay(pay(account, paid).page_ref)
    deliver(cards, *double.events())

    for invoice, code in ((other, "other_account"), (small, "too_little"), (paid, "invoice_paid")):
        with pytest.raises(RuleViolation) as refusal:
            pay(account, invoice)
        assert refusal.value.code == code
    assert CardPayment.objects.count() == 1
    assert list(paying.payable(account)) == [small]
