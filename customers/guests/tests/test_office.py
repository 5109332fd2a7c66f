"""What the operator does: look, put right, print and renew codes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client

from billing.invoices.models import Invoice
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators
from customers.guests.models import GuestCode
from customers.guests.tests.charging import charged
from customers.guests.tests.world import GuestWorld
from tests.factories.core import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(world: GuestWorld) -> Client:
    client = Client()
    client.force_login(make_person(operator=world.operator, role=Role.OWNER))
    return client


def refunds(world: GuestWorld) -> list[int]:
    return [one["amount"] for one in world.double.objects("refund")]


def test_putting_right_shows_first_and_is_done_once(
    client: Client, world: GuestWorld, office: Client
) -> None:
    charged(client, world, email="gun@example.com")
    visit = world.follow()
    url = f"/guest-visits/{visit.public_id}/put-right/"
    given = {"amount": "20", "reason": "The cable got stuck", "paid": "50.0000"}

    shown = office.post(url, given)
    with across_operators("the test looks at any row"):
        assert not Invoice.objects.filter(kind="credit_note").exists()
    done = office.post(url, given | {"sure": "1"})
    again = office.post(url, given | {"sure": "1"})

    result = shown.context["result"]
    assert (result.back, result.tax, result.left) == (20, 4, 30)
    assert (done.status_code, again.status_code, refunds(world)) == (302, 200, [2_000])
    assert "meanwhile" in again.content.decode()
    assert len(mail.outbox) == 2  # the new receipt
    with across_operators("the test looks at any row"):
        note = Invoice.objects.get(kind="credit_note")
    assert (note.payable, note.open_amount) == (Decimal(20), Decimal(0))
    page = client.get(world.at(visit)).content.decode()
    assert note.number in page
    assert "30.00" in page
    assert "Put right" in office.get(f"/guest-visits/{visit.public_id}/").content.decode()


def test_beyond_the_limit_needs_who_may_exceed_it(
    client: Client, world: GuestWorld, office: Client
) -> None:
    charged(client, world)
    visit = world.follow()
    with across_operators("tests change any operator's rows"):
        type(world.card_account).objects.update(refund_limit=10)
    anna = Client()
    anna.force_login(make_person(operator=world.operator, role=Role.ACCOUNTANT))
    given = {"amount": "20", "reason": "Wrong", "paid": "50.0000", "sure": "1"}
    url = f"/guest-visits/{visit.public_id}/put-right/"

    assert "need somebody who may exceed" in anna.post(url, given).content.decode()
    assert refunds(world) == []
    assert office.post(url, given).status_code == 302
    assert refunds(world) == [2_000]


def test_codes_are_drawn_printed_and_made_anew(world: GuestWorld, office: Client) -> None:
    at = f"/guest-codes/{world.code.pk}/"
    assert world.url in office.get(at).content.decode()
    assert office.get(f"{at}code.svg").content.startswith(b"<svg")
    assert office.get(f"{at}code.png").content.startswith(b"\x89PNG")
    sheet = office.get(f"/guest-codes/sheet.pdf?site={world.site.public_id}")
    assert sheet.content.startswith(b"%PDF")
    office.post(f"{at}renew/", {"reason": "A foreign sticker"})

    with across_operators("the test looks at any row"):
        assert GuestCode.objects.get().code != world.code.code
    assert Client().get(world.url).status_code == 404


def test_a_site_says_whether_guests_may_charge(
    client: Client, world: GuestWorld, office: Client
) -> None:
    api = f"/api/v1/sites/{world.site.public_id}"
    answer = office.patch(api, {"guest_charging": False}, content_type="application/json")
    assert answer.json()["guest_charging"] is False

    page = client.get(world.url).content.decode()
    assert "Guests cannot charge here" in page
    assert "Go on to payment" not in page
    client.post(world.url, {"shape": "hold"})
    assert world.double.objects("checkout.session") == []
    assert (
        "Guests may charge without an account"
        in office.get(f"/sites/{world.site.public_id}/").content.decode()
    )
