"""From the code to the receipt, with a hold and paid ahead."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client

from billing.invoices.models import Invoice
from billing.payments.models import Payment
from core.tenancy.scopes import across_operators
from customers.guests.tests.world import GuestWorld
from stations.commands.models import Command

pytestmark = pytest.mark.django_db


def test_a_guest_holds_charges_stops_and_reads_the_receipt(
    client: Client, world: GuestWorld
) -> None:
    page = client.get(world.url, headers={"accept-language": "sv"}).content.decode()
    assert str(world.evse) in page
    assert "5,00" in page

    visit = world.paid(client, email="gun@example.com")
    assert visit.state == "ready"
    client.post(f"{world.at(visit)}start/")
    client.post(f"{world.at(visit)}start/")
    with across_operators("the test looks at any row"):
        command = Command.objects.get(command="remote_start")
    assert command.parameters == {"id_token": visit.token, "evse": 1}
    session = world.charge(visit)
    world.rate()
    live = client.get(world.at(visit), headers={"HX-Request": "true"}).content.decode()
    assert "Charging now" in live
    assert world.visit().state == "charging"
    client.post(f"{world.at(visit)}stop/")
    world.end(session, wh=10_000)
    done = client.get(world.at(visit)).content.decode()

    visit = world.visit()
    assert (visit.state, visit.why) == ("done", "")
    with across_operators("the test looks at any row"):
        invoice, payment = Invoice.objects.get(), Payment.objects.get()
    assert (invoice.payable, invoice.tax, invoice.state) == (Decimal(50), Decimal(10), "paid")
    assert (payment.amount, payment.account_id) == (Decimal(50), visit.account_id)
    assert invoice.number in done
    [charge] = world.double.objects("charge")
    assert (charge["amount_captured"], charge["amount"]) == (5_000, 50_000)
    assert [one.to for one in mail.outbox] == [["gun@example.com"]]
    assert mail.outbox[0].attachments[0][0] == f"{visit.public_id}.pdf"
    pdf = client.get(f"{world.at(visit)}receipt.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    world.follow()
    assert len(mail.outbox) == 1
