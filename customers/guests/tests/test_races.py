"""Several at once at one visit, in real transactions: the money moves once."""

from __future__ import annotations

import pytest
from django.test import Client

from billing.invoices.models import Invoice
from billing.payments.cards.tests.test_races import at_once
from core.tenancy.scopes import across_operators
from customers.guests.tests.world import GuestWorld

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("shape", "wh", "kinds"),
    [("hold", 10_000, ["invoice"]), ("prepaid", 11_000, ["credit_note", "invoice"])],
)
def test_stop_against_capture(
    client: Client, world: GuestWorld, shape: str, wh: int, kinds: list[str]
) -> None:
    visit = world.paid(client, shape=shape, amount="50")
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit)
    world.rate()
    world.follow()
    world.end(session, wh=wh)

    found = at_once(
        lambda: Client().post(f"{world.at(visit)}stop/").status_code,
        lambda: Client().get(world.at(visit)).status_code,
        lambda: Client().get(world.at(visit)).status_code,
        lambda: world.follow().pk,
    )
    visit = world.follow()

    assert found == [302, 200, 200, visit.pk]
    assert (visit.state, visit.why) == ("done", "")
    assert [one["amount_captured"] for one in world.double.objects("charge")] == [5_000]
    assert world.double.objects("refund") == []
    with across_operators("the test looks at any row"):
        assert sorted(Invoice.objects.values_list("kind", flat=True)) == kinds
        assert set(Invoice.objects.values_list("open_amount", flat=True)) == {0}
