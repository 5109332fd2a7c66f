"""What accountants and owners do with card payments, by page and API."""

from __future__ import annotations

import pytest
from django.test import Client

from billing.accounts.models import BillingAccount
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.event_models import ProviderEvent
from billing.payments.cards.models import CardPayment, CardRefund
from billing.payments.cards.selectors import failed_payments
from billing.payments.cards.tests.double import Double, deliver
from billing.payments.cards.tests.steps import pay, save_card
from billing.payments.tests.books import issued
from billing.sellers.models import Seller
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.sealing import unseal
from tests.factories.api import api_client
from tests.factories.cards import make_card_account
from tests.factories.core import make_api_token, make_person

pytestmark = pytest.mark.django_db


def logged_in(seller: Seller, role: Role) -> Client:
    client = Client()
    client.force_login(make_person(operator=seller.operator, role=role))
    return client


def test_owners_keep_keys_that_work_sealed_and_nobody_else_does(
    double: Double, seller: Seller
) -> None:
    url, form = f"/sellers/{seller.public_id}/cards/", {"hold_amount": "400", "refund_limit": ""}
    owner = logged_in(seller, Role.OWNER)
    keys = {"secret_key": double.key, "webhook_secret": double.WEBHOOK_SECRET}

    refused = owner.post(url, {**form, **keys, "secret_key": "sk_test_bad_key"})
    forbidden = logged_in(seller, Role.ACCOUNTANT).post(url, {**form, **keys})
    assert (refused.status_code, forbidden.status_code) == (200, 403)
    assert "does not accept this key" in refused.content.decode()
    assert not ProviderAccount.objects.exists()
    assert owner.post(url, {**form, **keys}).status_code == 302
    assert owner.post(url, {**form, "hold_amount": "300"}).status_code == 302

    row = ProviderAccount.objects.get()
    assert (row.is_live, row.hold_amount, row.key_hint) == (False, 300, double.key[-4:])
    assert double.key.encode() not in bytes(row.secret_key_sealed)
    assert unseal(row.secret_key_sealed, "payment-provider-keys").decode() == double.key
    page = owner.get("/card-settings/").content.decode()
    assert f"/api/hooks/cards/{row.public_id}" in page
    assert double.key not in page
    assert double.key not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_pages_say_that_it_is_a_test_and_give_back_credit_alone(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    row = pay(account, issued(seller, account, "100"))
    double.pay(row.page_ref)
    deliver(cards, *double.events())
    row.refresh_from_db()
    assert row.payment is not None
    detail = logged_in(seller, Role.ACCOUNTANT).get(f"/card-payments/{row.public_id}/")
    assert "no real money moves" in detail.content.decode()

    url = f"/payments/{row.payment.public_id}/card-refund/"
    nothing = logged_in(seller, Role.ACCOUNTANT).post(url, {"amount": "60", "reason": "Fault"})
    assert "Only 0" in nothing.content.decode()
    assert logged_in(seller, Role.VIEWER).get(url).status_code == 403
    assert CardRefund.objects.count() == 0


def test_the_webhook_log_replays_and_the_failed_list_names_what_is_open(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    card = save_card(double, account, "4000000000000341")
    invoice = issued(seller, account, "100")
    failed = pay(account, invoice, method=card)
    assert failed.state == "failed"
    assert list(failed_payments()) == [failed]
    accountant = logged_in(seller, Role.ACCOUNTANT)
    assert "not enough money" in accountant.get("/card-payments/failed/").content.decode()
    waiting = pay(account, invoice)
    assert list(failed_payments()) == []
    double.pay(waiting.page_ref)
    [*_rest, told] = double.events()
    double.fault("/v1/checkout", "500")
    assert deliver(cards, told) == [200]
    event = ProviderEvent.objects.get()
    assert (event.state, event.attempts, waiting.state) == ("new", 1, "waiting")

    answer = accountant.post(f"/card-events/{event.pk}/replay/", {"reason": "It failed"})

    event.refresh_from_db()
    waiting.refresh_from_db()
    assert (answer.status_code, event.state, waiting.state) == (302, "applied", "paid")
    _token, secret = make_api_token(operator=seller.operator)
    head = {"authorization": f"Bearer {secret}"}
    found = Client().get(f"/api/v1/card-payments/{waiting.public_id}", headers=head).json()
    assert (found["state"], found["parts"]) == (
        "paid", [{"invoice": invoice.number, "amount": "100.0000"}],
    )  # fmt: skip
    assert Client().get("/api/v1/failed-card-payments", headers=head).json()["count"] == 0
    assert CardPayment.objects.count() == 2


def test_cards_and_terminals_are_switched_by_api_too(double: Double, seller: Seller) -> None:
    double.account(seller)
    make_card_account(seller, is_terminal=True, provider="terminal")
    api = api_client(seller.operator)
    for kind in ("cards", "terminals"):
        url = f"/api/v1/sellers/{seller.public_id}/{kind}/switch"
        asked = {"is_active": False, "reason": "The reader is broken"}
        answers = [api.post(url, asked) for _n in range(2)]
        assert [one.status_code for one in answers] == [200, 409]
        told = answers[0].json()
        assert (told["is_active"], told["is_terminal"]) == (False, kind == "terminals")
        assert api.post(url, {"is_active": True}).status_code == 422
    assert not ProviderAccount.objects.filter(is_active=True).exists()
    assert AuditEntry.objects.filter(verb="card_account.switch").count() == 2
