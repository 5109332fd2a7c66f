"""Payers hear once of each attempt that failed, of a card that ends, and of new invoices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from billing.accounts.models import BillingAccount
from billing.payments.cards import automatic, methods
from billing.payments.cards.account_models import PaymentMethod, ProviderAccount
from billing.payments.cards.tests.double import Double
from billing.payments.cards.tests.steps import save_card
from billing.payments.cards.tests.test_automatic import due_soon, noon
from billing.payments.tests.books import issued
from billing.sellers.models import Seller
from customers.drivers.models import DriverAccount
from customers.notices import finding
from customers.notices.models import PayerNotice
from customers.notices.services import AGAIN, tell_payers
from customers.selfservice.choosing import set_choices
from tests.factories.billing import make_account
from tests.factories.core import make_person
from tests.factories.customers import make_driver, make_payer_notice
from tests.factories.selfservice import make_login

pytestmark = pytest.mark.django_db


def test_each_failed_attempt_is_told_once_with_the_way_to_pay(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    save_card(double, account, "4000000000000341")
    methods.set_automatic(account=account, is_on=True)
    invoice = due_soon(seller, account, "75")
    automatic.collect_due(now=noon(invoice))

    assert tell_payers(now=noon(invoice)) == 1
    assert tell_payers(now=noon(invoice)) == 0
    automatic.collect_due(now=noon(invoice, 2))
    assert tell_payers(now=noon(invoice, 2)) == 1

    message = mail.outbox[0]
    assert message.to == ["dina@example.com"]
    assert str(invoice.number) in message.subject
    body = str(message.body)
    assert f"/my/{seller.operator.slug}/pay/?invoice={invoice.public_id}" in body
    assert "75,00 SEK" in body
    assert f"{noon(invoice, 2):%Y-%m-%d}" in body


def test_drivers_choose_and_a_card_that_ends_is_told_of(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    driver = make_driver(
        operator=seller.operator, name="Nils", email="nils@example.com", language="en"
    )
    DriverAccount.objects.create(operator=seller.operator, owner=driver, account=account)
    save_card(double, account)
    methods.set_automatic(account=account, is_on=True)
    now = timezone.now()
    PaymentMethod.objects.update(exp_month=now.month, exp_year=now.year)
    set_choices(driver=driver, mails_invoice_issued=False)
    issued(seller, account, "75", f"{now:%Y-%m-%d}")
    later = now + timedelta(days=1)

    tell_payers(now=later)
    tell_payers(now=later)
    assert [(one.kind, one.address) for one in PayerNotice.objects.order_by("address")] == [
        ("card_expires", "dina@example.com"), ("card_expires", "nils@example.com"),
    ]  # fmt: skip
    assert "ends soon" in next(one.subject for one in mail.outbox if "nils" in one.to[0])

    set_choices(driver=driver, mails_invoice_issued=True)
    tell_payers(now=later)
    last = mail.outbox[-1]
    assert (last.to, len(mail.outbox)) == (["nils@example.com"], 3)
    assert "A new invoice" in last.subject


def test_who_needs_no_mail_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, account: BillingAccount, seller: Seller
) -> None:
    monkeypatch.setattr(finding, "MOST", 1)
    now, operator = timezone.now(), seller.operator
    other = make_account(operator=operator)
    for pays, email in ((account, "Dina@example.com"), (other, "nils@example.com")):
        driver = make_driver(operator=operator, name=email, email=email, language="en")
        DriverAccount.objects.create(operator=operator, owner=driver, account=pays)
        issued(seller, pays, "75", f"{now:%Y-%m-%d}")

    tell_payers(now=now + timedelta(days=1))

    # Dina gets the document itself at that address.
    assert [one.to for one in mail.outbox] == [["nils@example.com"]]


class Dying(EmailBackend):
    """A process that is killed after the server took the mail."""

    def send_messages(self, messages: Any) -> int:
        super().send_messages(messages)
        raise KeyboardInterrupt


def test_a_killed_process_sends_again_later_with_the_same_id(
    settings: Any, account: BillingAccount, seller: Seller
) -> None:
    now, operator = timezone.now(), seller.operator
    driver = make_driver(operator=operator, email="nils@example.com", language="en")
    DriverAccount.objects.create(operator=operator, owner=driver, account=account)
    issued(seller, account, "75", f"{now:%Y-%m-%d}")
    sane = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    settings.PUBLIC_URL = "https://portal.example:8443"
    with pytest.raises(KeyboardInterrupt):
        tell_payers(now=now)
    settings.EMAIL_BACKEND = sane

    assert tell_payers(now=now) == 0  # claimed, and the claim is kept
    assert tell_payers(now=now + AGAIN) == 1
    assert tell_payers(now=now + 2 * AGAIN) == 0

    first, second = (one.extra_headers["Message-ID"] for one in mail.outbox)
    assert first == second
    assert first.endswith("@portal.example>")  # of the installation, whichever host sends


def test_members_see_all_mails_and_a_customer_their_own(
    client: Client, account: BillingAccount, seller: Seller
) -> None:
    operator = seller.operator
    nils = make_driver(operator=operator, email="nils@example.com")
    DriverAccount.objects.create(operator=operator, owner=nils, account=account)
    make_payer_notice(account, "INV-1", address="nils@example.com")
    make_payer_notice(account, "INV-2", address="neighbour@example.com")
    make_payer_notice(account, "INV-3", error="nothing to tell")
    user = make_person()
    make_login(user, driver=nils)

    client.force_login(make_person(operator=operator))
    page = client.get("/payer-notices/?state=given_up").content.decode()
    assert "INV-1" in page
    assert "There was nothing left to tell." in page
    assert client.get("/api/v1/payer-notices?state=sent").json()["results"] == []
    assert client.get("/api/v1/payer-notices").json()["count"] == 3
    people = client.get(f"/billing-accounts/{account.public_id}/people/")
    assert "neighbour@example.com" in people.content.decode()

    client.force_login(user)
    shown = client.get(f"/my/{operator.slug}/data/").content.decode()
    assert "nils@example.com" in shown
    assert "neighbour@example.com" not in shown
    told = client.get(f"/api/v1/my/{operator.slug}/mails").json()["results"]
    assert [one["ref"] for one in told] == ["INV-1"]


def test_what_is_over_meanwhile_is_not_told(
    double: Double, cards: ProviderAccount, account: BillingAccount, seller: Seller
) -> None:
    save_card(double, account)
    methods.set_automatic(account=account, is_on=True)
    now = timezone.now()
    PaymentMethod.objects.update(exp_month=now.month, exp_year=now.year)
    assert finding.write_down_new(now=now) == 1
    PaymentMethod.objects.update(exp_year=now.year + 3)

    assert tell_payers(now=now) == 0

    notice = PayerNotice.objects.get()
    assert (notice.next_at, notice.sent_at, mail.outbox) == (None, None, [])
