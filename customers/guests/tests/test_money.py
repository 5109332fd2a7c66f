"""What becomes of a guest's money when things go otherwise; each thing once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from billing.accounts.selectors import accounts, every_account
from billing.invoices.models import Invoice
from billing.payments.cards import asking
from billing.payments.cards.tests.double import deliver
from billing.rating.models import SessionBilling
from billing.rating.session_facts import Correction
from billing.review.decisions import decide
from billing.review.models import DecisionKind, ReviewRules
from core.tenancy.scopes import across_operators
from customers.guests import visits
from customers.guests.attention import source
from customers.guests.models import VisitState
from customers.guests.tests.charging import captured, charged
from customers.guests.tests.world import GuestWorld
from stations.commands.models import Command

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=6, hours=20)


def test_what_was_paid_ahead_goes_back_but_for_the_cost(client: Client, world: GuestWorld) -> None:
    charged(client, world, shape="prepaid", amount="200")
    visit = world.follow()

    assert (visit.state, captured(world)) == ("done", [20_000])
    assert [one["amount"] for one in world.double.objects("refund")] == [15_000]
    page = client.get(world.at(visit)).content.decode()
    assert "150.00" in page
    world.follow()
    assert len(world.double.objects("refund")) == 1


def test_a_chosen_amount_is_one_of_those_offered(client: Client, world: GuestWorld) -> None:
    for amount in ("1", "9999", ""):
        answer = client.post(world.url, {"shape": "prepaid", "amount": amount})
        assert answer.status_code == 200
    assert world.double.objects("checkout.session") == []


@pytest.mark.parametrize(("wh", "why"), [(0, "no_energy"), (200, "too_little")])
def test_no_energy_and_too_little_cost_nothing(
    client: Client, world: GuestWorld, wh: int, why: str
) -> None:
    charged(client, world, wh=wh)
    visit = world.follow()

    assert (visit.state, visit.why, captured(world)) == ("closed", why, [0])
    assert world.double.objects("payment_intent")[0]["status"] == "canceled"
    with across_operators("the test looks at any row"):
        assert not Invoice.objects.exists()
        assert SessionBilling.objects.get().state == "waived"


def test_paid_ahead_without_energy_goes_back_whole_and_once(
    client: Client, world: GuestWorld
) -> None:
    charged(client, world, wh=0, shape="prepaid", amount="100")
    world.follow()
    world.follow()

    assert world.visit().state == "closed"
    assert [one["amount"] for one in world.double.objects("refund")] == [10_000]


def test_nothing_started_lets_the_hold_go_and_the_token_is_refused(
    client: Client, world: GuestWorld
) -> None:
    visit = world.paid(client)
    accepted = world.authorise(visit)
    elsewhere = world.authorise(visit, station_id=world.station.pk + 1)
    world.follow(timezone.now() + timedelta(minutes=25))

    visit = world.visit()
    assert (visit.state, visit.why) == ("closed", "not_started")
    assert world.double.objects("payment_intent")[0]["status"] == "canceled"
    late = world.authorise(visit)
    assert [one.status for one in (accepted, elsewhere, late) if one] == [
        "Accepted", "Blocked", "Blocked",
    ]  # fmt: skip
    client.post(f"{world.at(visit)}start/")
    with across_operators("the test looks at any row"):
        assert not Command.objects.exists()


def test_nobody_starts_without_money(client: Client, world: GuestWorld) -> None:
    visit = world.begin(client)
    answer = client.post(f"{world.at(visit)}start/", follow=True)

    assert "Pay first" in answer.content.decode()
    denied = world.authorise(visit)
    assert denied is not None
    assert not denied.is_accepted
    with across_operators("the test looks at any row"):
        assert not Command.objects.exists()


def test_of_two_guests_at_one_connector_the_second_gets_everything_back(
    client: Client, world: GuestWorld
) -> None:
    first = world.begin(client)
    second = world.begin(client)
    for visit in (second, first):
        world.double.pay(world.page_ref(visit))
        client.get(f"{world.at(visit)}back/")
    world.follow()

    with across_operators("the test looks at any row"):
        for visit in (first, second):
            visit.refresh_from_db()
    assert (second.state, first.state, first.why) == ("ready", "closed", "occupied")
    states = sorted(one["status"] for one in world.double.objects("payment_intent"))
    assert states == ["canceled", "requires_capture"]


def test_charging_stops_near_the_amount_and_costs_no_more(
    client: Client, world: GuestWorld
) -> None:
    visit = world.paid(client, shape="prepaid", amount="50")
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit, energy_wh=9_800)
    world.rate()
    world.follow()
    with across_operators("the test looks at any row"):
        stop = Command.objects.get(command="remote_stop")
    assert stop.parameters == {"transaction": session.ocpp_transaction_id}
    world.end(session, wh=11_000)  # it went on a little longer: 55 kronor
    visit = world.follow()

    assert (visit.state, captured(world)) == ("done", [5_000])
    with across_operators("the test looks at any row"):
        invoice = Invoice.objects.get(kind="invoice")
        note = Invoice.objects.get(kind="credit_note")
    assert (invoice.payable, note.payable, invoice.open_amount) == (55, 5, 0)
    assert world.double.objects("refund") == []


def test_what_nobody_decides_before_the_hold_lapses_is_let_go(
    client: Client, world: GuestWorld
) -> None:
    visit = world.paid(client)
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit)
    world.follow()
    world.end(session, wh=900_000)  # more than anybody believes
    waits = world.follow()
    late = world.follow(timezone.now() + WEEK)

    assert (waits.state, late.state, late.why) == ("settling", "closed", "undecided")
    assert captured(world) == [0]
    with across_operators("the test looks at any row"):
        billing = SessionBilling.objects.get()
        ReviewRules.objects.update_or_create(
            operator=world.operator, defaults={"four_eyes_above": 10_000}
        )
        decide(
            billing=billing, kind=DecisionKind.CORRECT, reason="As the meter says",
            correction=Correction(energy_wh=Decimal(9_000)),
        )  # fmt: skip
        assert [one.reason.code for one in source.concerns(timezone.now())] == ["guest_unpaid"]
    world.follow()
    with across_operators("the test looks at any row"):
        billing.refresh_from_db()
        assert (billing.state, list(source.concerns(timezone.now()))) == ("waived", [])
    assert (world.visit().state, world.visit().next_at) == ("closed", None)


def test_what_is_not_settled_is_in_the_attention_list(client: Client, world: GuestWorld) -> None:
    visit = world.paid(client)
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit)
    world.follow()
    world.end(session, wh=900_000)
    visit = world.follow()
    with across_operators("the test looks at any row"):
        soon = list(source.concerns(timezone.now() - timedelta(minutes=10)))
        [later] = source.concerns(timezone.now() + timedelta(hours=1))

    assert (soon, later.reason.code) == ([], "guest_stuck")
    assert later.url == f"/guest-visits/{visit.public_id}/"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_capture_whose_answer_is_lost_is_made_once(
    client: Client, world: GuestWorld, when: str
) -> None:
    charged(client, world)
    world.double.fault("/v1/payment_intents", "silence", when=when)
    assert world.follow().state == "settling"
    with across_operators("as the beat does"):
        asking.ask_due(now=timezone.now() + timedelta(minutes=1))
    visit = world.follow()

    assert (visit.state, captured(world)) == ("done", [5_000])
    with across_operators("the test looks at any row"):
        assert Invoice.objects.get().state == "paid"


class Killed(BaseException):
    """The process is gone."""


def test_a_worker_killed_between_call_and_commit_leaves_one_charge(
    client: Client, world: GuestWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    charged(client, world)

    def killed(*_args: object, **_given: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("billing.payments.cards.holds.apply_look", killed)
        with pytest.raises(Killed):
            world.follow()
    with across_operators("as the beat does"):
        asking.ask_due(now=timezone.now() + timedelta(minutes=1))
    visit = world.follow()

    assert (visit.state, captured(world)) == ("done", [5_000])
    assert len(world.double.calls("POST", "/v1/payment_intents")) <= 1


def test_a_process_killed_after_opening_the_page_is_taken_up(
    client: Client, world: GuestWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(visits, "_bound_to", killed)
        with pytest.raises(Killed):
            client.post(world.url, {"shape": "hold"})
    [page] = world.double.objects("checkout.session")
    world.double.pay(page["id"])
    visit = world.visit()
    client.get(f"{world.at(visit)}back/")

    assert world.visit().state == "ready"


def test_the_webhook_and_the_way_back_lead_to_the_same(client: Client, world: GuestWorld) -> None:
    visit = world.begin(client)
    world.double.pay(world.page_ref(visit))
    events = world.double.events()
    deliver(world.card_account, *events)
    client.get(f"{world.at(visit)}back/")
    deliver(world.card_account, *reversed(events))
    world.follow()

    assert world.visit().state == "ready"
    with across_operators("the test looks at any row"):
        assert visits.session_of(world.visit()) is None


def test_called_off_before_paying_the_page_is_closed(client: Client, world: GuestWorld) -> None:
    visit = world.begin(client)
    ref = world.page_ref(visit)
    client.post(f"{world.at(visit)}call-off/")

    assert (world.visit().state, world.visit().why) == ("closed", "called_off")
    assert world.double.pay(ref) == "This page is closed."


def test_accounts_are_listed_once_there_is_money(client: Client, world: GuestWorld) -> None:
    called_off = world.begin(client)
    client.post(f"{world.at(called_off)}call-off/")
    paid = world.paid(client)

    with across_operators("the test looks at any row"):
        assert [one.pk for one in accounts()] == [paid.account_id]
        assert every_account().filter(pk=called_off.account_id).exists()


def test_charging_that_began_is_not_called_off(client: Client, world: GuestWorld) -> None:
    visit = world.paid(client)
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit)
    refused = client.post(f"{world.at(visit)}call-off/", follow=True)

    assert "too late to call it off" in refused.content.decode()
    assert (world.visit().state, world.visit().session_id) == ("charging", session.pk)


def test_charging_that_began_while_it_was_called_off_is_paid(
    client: Client, world: GuestWorld
) -> None:
    visit = world.paid(client)
    session = world.charge(visit)
    with across_operators("the test changes any row"):
        visits.move(visit, VisitState.CLOSING, why="called_off")
    visit = world.follow()

    assert (visit.state, visit.why, visit.session_id) == ("charging", "", session.pk)
    assert world.double.objects("payment_intent")[0]["status"] == "requires_capture"
