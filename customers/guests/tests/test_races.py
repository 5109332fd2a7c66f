"""Several at once at one visit, in real transactions: the money moves once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from billing.invoices.models import Invoice
from billing.payments.cards import asking
from billing.payments.cards.models import CardPayment, CardRefund
from billing.payments.cards.refunding import ask_refunds_due
from billing.payments.cards.tests.test_races import at_once
from billing.payments.models import Payment
from core.tenancy.scopes import across_operators
from customers.guests.tests.world import GuestWorld
from stations.commands.models import Command

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


def test_two_taps_on_start_ask_the_station_once(client: Client, world: GuestWorld) -> None:
    visit = world.paid(client)

    def tap() -> int:
        return Client().post(f"{world.at(visit)}start/").status_code

    assert at_once(tap, tap, tap) == [302, 302, 302]
    with across_operators("the test looks at any row"):
        assert [one.command for one in Command.objects.all()] == ["remote_start"]
        assert world.visit().command_id is not None


def die(*_args: object, **_given: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_at(name: str, call: Callable[[], object]) -> None:
    """A process of its own does something and is killed where it comes to ``name``: after the
    provider did it, before that is committed."""
    connections.close_all()
    pid = os.fork()
    if not pid:
        try:
            with mock.patch(name, die):
                call()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def asked_later() -> None:
    with across_operators("as the beat does"):
        asking.ask_due(now=timezone.now() + timedelta(minutes=2))
        ask_refunds_due(now=timezone.now() + timedelta(minutes=2))


def test_a_worker_killed_after_the_capture_leaves_one_charge(
    client: Client, world: GuestWorld
) -> None:
    visit = world.paid(client)
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit)
    world.rate()
    world.follow()
    world.end(session)

    killed_at("billing.payments.cards.holds.apply_look", world.follow)
    [charge] = world.double.objects("charge")
    with across_operators("the test looks at any row"):
        assert CardPayment.objects.get().state == "capturing"
    asked_later()

    assert (world.follow().state, charge["amount_captured"]) == ("done", 5_000)
    assert [one["amount_captured"] for one in world.double.objects("charge")] == [5_000]
    with across_operators("the test looks at any row"):
        assert (CardPayment.objects.get().state, Invoice.objects.get().state) == ("paid", "paid")
        assert [one.amount for one in Payment.objects.all()] == [50]


def test_a_worker_killed_after_the_refund_gives_back_once(
    client: Client, world: GuestWorld
) -> None:
    visit = world.paid(client, shape="prepaid", amount="200")
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit)
    world.rate()
    world.follow()
    world.end(session)

    killed_at("billing.payments.cards.refunding.apply_refund", world.follow)
    asked_later()

    assert world.follow().state == "done"
    assert [one["amount"] for one in world.double.objects("refund")] == [15_000]
    with across_operators("the test looks at any row"):
        assert [one.state for one in CardRefund.objects.all()] == ["done"]
