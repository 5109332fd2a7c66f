"""What is owed when the money that was held is gone, and how it is paid later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from billing.invoices.models import Invoice
from billing.payments.cards import asking
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.holds import cancel_hold
from billing.payments.services import book_by_hand
from core.tenancy.scopes import across_operators
from customers.guests.attention import source
from customers.guests.tests.charging import captured, charged
from customers.guests.tests.world import GuestWorld
from stations.commands.models import Command

pytestmark = pytest.mark.django_db


def test_a_hold_that_was_gone_before_it_was_collected_is_paid_later(
    client: Client, world: GuestWorld, settings: Any
) -> None:
    charged(client, world, email="gun@example.com")
    payment = world.visit().card_payment
    assert payment is not None
    with across_operators("the test changes any row"):
        cancel_hold(payment=payment, reason="The bank let it go")
    taken = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # the server takes nothing now
    visit = world.follow()
    settings.EMAIL_BACKEND = taken
    assert (visit.state, visit.told_unpaid_at, mail.outbox) == ("done", None, [])
    world.follow()
    visit = world.follow()
    page = client.get(world.at(visit)).content.decode()

    assert (visit.state, visit.why) == ("done", "not_collected")
    assert ("50.00" in page, "Pay now" in page) == (True, True)
    [told] = mail.outbox
    assert world.at(visit) in told.body
    assert client.get(f"{world.at(visit)}receipt.pdf").status_code == 404
    with across_operators("the test looks at any row"):
        assert [one.reason.code for one in source.concerns(timezone.now())] == ["guest_unpaid"]

    to_page = client.post(f"{world.at(visit)}pay/")
    again = client.post(f"{world.at(visit)}pay/")
    assert (to_page.status_code, again.status_code) == (302, 302)
    [page_now, *_earlier] = world.double.objects("checkout.session")
    assert world.double.pay(page_now["id"]) == ""
    page = client.get(world.at(visit)).content.decode()
    assert ("Pay now" in page, "Receipt" in page) == (False, True)
    assert (world.visit().why, len(mail.outbox)) == ("", 2)
    assert client.post(f"{world.at(visit)}pay/")["location"] == world.at(visit)
    assert sum(captured(world)) == 5_000
    with across_operators("the test looks at any row"):
        assert Invoice.objects.get().state == "paid"
        assert list(source.concerns(timezone.now())) == []


def test_a_session_that_outlasts_its_hold_is_stopped_and_owed(
    client: Client, world: GuestWorld
) -> None:
    visit = world.paid(client)
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit)
    world.rate()
    world.follow()
    world.double.go_on(days=8)
    with across_operators("as the beat does"):
        asking.ask_due(now=timezone.now() + timedelta(hours=7))
    running = world.follow()
    with across_operators("the test looks at any row"):
        stops = list(Command.objects.filter(command="remote_stop"))
    world.end(session)
    visit = world.follow()

    assert (running.state, len(stops)) == ("charging", 1)
    assert (visit.state, visit.why, captured(world)) == ("done", "not_collected", [0])
    assert "Pay now" in client.get(world.at(visit)).content.decode()


def test_nobody_is_sent_to_a_page_that_takes_no_cards_and_the_bank_pays_as_well(
    client: Client, world: GuestWorld
) -> None:
    charged(client, world, email="gun@example.com")
    payment = world.visit().card_payment
    assert payment is not None
    with across_operators("the test changes any row"):
        cancel_hold(payment=payment, reason="The bank let it go")
        ProviderAccount.objects.update(is_active=False)
    visit = world.follow()
    page = client.get(world.at(visit)).content.decode()
    assert ("Pay now" in page, "Ask " in page, mail.outbox) == (False, True, [])

    with across_operators("the test changes any row"):
        invoice = Invoice.objects.get()
        book_by_hand(
            account=visit.account, amount=invoice.open_amount, invoice=invoice,
            booked_on=timezone.now().date(),
        )  # fmt: skip
    visit = world.follow()
    assert (visit.is_paid, [one.to for one in mail.outbox]) == (True, [["gun@example.com"]])
    page = client.get(world.at(visit)).content.decode()
    assert ("Receipt" in page, "was held" in page) == (True, False)
