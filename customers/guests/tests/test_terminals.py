"""A card at a payment terminal, from the hold to the end-of-day file and the books."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from billing.accounting.models import JournalPosting
from billing.accounting.posting_services import post_due
from billing.payments.cards import asking
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.accounts import save_account, set_active
from billing.payments.cards.attention import UNREAD, source
from billing.payments.cards.event_models import CardPayout
from billing.payments.cards.payouts import match_payouts, read_payouts, unread_payouts
from billing.payments.cards.provider import ProviderRefused
from billing.payments.terminal.reading import day_file
from billing.sellers.models import Seller
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators, operator_scope
from customers.guests.models import GuestVisit
from customers.guests.righting import put_right
from customers.guests.tests.world import GuestWorld
from stations.hardware.models import Evse
from tests.factories.payments import make_bank_file, make_bank_transaction

pytestmark = pytest.mark.django_db
IBAN = "SE3550000000054910000003"


@pytest.fixture
def gateway(world: GuestWorld, settings: pytest.FixtureRequest) -> ProviderAccount:
    """Terminal T-1 stands at the EVSE, and the seller has a key at the gateway."""
    settings.TERMINAL_API_URL = f"{world.double.url}/terminal"  # type: ignore[attr-defined]  # pytest-django's
    with across_operators("tests change any operator's rows"):
        Evse.objects.filter(pk=world.evse.pk).update(payment_terminal="T-1")
        Seller.objects.filter(pk=world.seller.pk).update(iban=IBAN)
    with operator_scope(world.operator):
        return save_account(
            seller=world.seller, provider="terminal", secret_key=world.double.key,
            hold_amount=Decimal(500),
        )  # fmt: skip


def begun(client: Client, world: GuestWorld) -> GuestVisit:
    answer = client.post(world.url, {"shape": "terminal"})
    assert answer.status_code == 302, answer.context["form"].errors
    return world.visit()


def charged(client: Client, world: GuestWorld) -> GuestVisit:
    visit = begun(client, world)
    world.double.ask("tap", terminal="T-1")
    world.follow()
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit)
    world.rate()
    world.follow()
    world.end(session)
    return world.follow()


def balance(number: str) -> Decimal:
    rows = JournalPosting.objects.filter(account__number=number)
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


@pytest.mark.usefixtures("gateway")
def test_from_the_card_to_the_end_of_day_file_and_the_books(
    client: Client, world: GuestWorld
) -> None:
    asks = begun(client, world)
    page = client.get(world.at(asks)).content.decode()
    assert f"terminal T-1 when it shows {asks.short_code}" in page
    client.post(f"{world.at(asks)}call-off/")
    visit = charged(client, world)

    [taken, _called_off] = world.double.objects("authorisation")
    assert (visit.state, taken["state"], taken["captured"]) == ("done", "captured", "50.00")
    page = client.get(world.at(visit)).content.decode()
    assert "APPROVED 00 CONTACTLESS" in page
    with operator_scope(world.operator):
        put_right(visit=visit, amount=Decimal(20), reason="It got stuck", paid=Decimal(50))
        day = world.double.ask("close_day")
        assert (read_payouts(now=timezone.now()), read_payouts(now=timezone.now())) == (1, 0)
        payout = CardPayout.objects.get()
        assert (payout.ref, payout.gross, payout.fee, payout.amount) == (
            day["id"], 30, Decimal("0.50"), Decimal("29.50"),
        )  # fmt: skip
        about = [one.card_payment_id for one in payout.parts.order_by("pk")]
        assert about == [visit.card_payment_id] * 2
        at_bank = make_bank_transaction(
            make_bank_file(operator=world.operator), amount=payout.amount, state="work_list",
            booked_on=payout.arrives_on, bank_account=IBAN,
        )  # fmt: skip
        match_payouts(now=timezone.now())
        payout.refresh_from_db()
        assert payout.bank_transaction == at_bank
        post_due()
        assert [balance(one) for one in ("1580", "1930", "6570", "1510")] == [
            0, Decimal("29.50"), Decimal("0.50"), 0,
        ]  # fmt: skip


@pytest.mark.usefixtures("gateway")
def test_declined_and_never_presented_begin_nothing(client: Client, world: GuestWorld) -> None:
    begun(client, world)
    world.double.ask("tap", terminal="T-1", declined=True)
    declined = world.follow()
    assert (declined.state, declined.why) == ("closed", "not_paid")
    busy = begun(client, world)
    other = begun(client, world)  # the terminal waits for one card at a time
    assert (world.follow(), busy.pk == other.pk) == (other, False)
    with across_operators("the test looks at any row"):
        other.refresh_from_db()
        assert (other.state, other.why) == ("closed", "terminal_busy")
        assert "do not present yours" in client.get(world.at(other)).content.decode()
        world.follow(timezone.now() + timedelta(minutes=4))
        busy.refresh_from_db()
    assert (busy.state, busy.why, busy.next_at) == ("closed", "not_presented", None)
    assert [one["state"] for one in world.double.objects("authorisation")] == [
        "cancelled", "declined",
    ]  # fmt: skip
    [asked, *_earlier] = world.double.objects("authorisation")
    assert asked["text"].startswith(busy.short_code)
    page = begun(client, world)  # the terminal is free for the next guest
    assert page.card_payment is not None
    assert page.card_payment.state == "waiting"


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("path", ["/terminal/v1/authorisations", "/terminal/v1/authorisations/"])
def test_an_answer_that_is_lost_is_asked_for_and_made_once(
    client: Client, world: GuestWorld, path: str
) -> None:
    if path.endswith("s"):
        world.double.fault(path, "silence", when="after")
        visit = begun(client, world)
        with across_operators("as the beat does"):
            asking.ask_due(now=timezone.now() + timedelta(minutes=1))
        world.double.ask("tap", terminal="T-1")
        assert world.follow().state == "ready"
        client.post(f"{world.at(visit)}call-off/")
        assert [one["state"] for one in world.double.objects("authorisation")] == ["cancelled"]
        return
    visit = begun(client, world)
    world.double.ask("tap", terminal="T-1")
    world.follow()
    session = world.charge(visit)
    world.rate()
    world.follow()
    world.double.fault(path, "500", when="after")
    world.end(session)
    world.follow()
    with across_operators("as the beat does"):
        asking.ask_due(now=timezone.now() + timedelta(minutes=2))
    assert world.follow().state == "done"
    assert [one["what"] for one in world.double.objects("terminal_row")] == ["capture"]


def test_a_file_whose_trailer_disagrees_is_refused() -> None:
    good = "H;1;d1\nR;1;capture;t1;50.00;0.50\nR;2;refund;t1;-20.00;0\nT;2;30.00;0.50\n"
    assert [one.net for one in day_file(good, "SEK")] == [Decimal("49.50"), Decimal("-20.00")]
    for bad in (good.replace("T;2;30", "T;2;31"), good.replace("T;2", "T;3"), good[:20], "", "X"):
        with pytest.raises(ProviderRefused):
            day_file(bad, "SEK")


def test_without_a_terminal_nobody_is_sent_to_one(client: Client, world: GuestWorld) -> None:
    answer = client.post(world.url, {"shape": "terminal"})
    assert answer.status_code == 200
    with operator_scope(world.operator), pytest.raises(RuleViolation):
        save_account(
            seller=world.seller, provider="terminal", secret_key="nothing known",
            hold_amount=Decimal(1),
        )  # fmt: skip


def test_a_day_that_cannot_be_read_holds_up_no_other_and_is_not_forgotten(
    client: Client, world: GuestWorld, gateway: ProviderAccount
) -> None:
    visit = charged(client, world)
    good = world.double.ask("close_day")
    with operator_scope(world.operator):
        put_right(visit=visit, amount=Decimal(20), reason="It got stuck", paid=Decimal(50))
        bad = world.double.ask("close_day")
        set_active(card_account=gateway, is_active=False, reason="Other terminals")
        now = timezone.now()
        for path, kind, at_once in (
            (f"/terminal/v1/days/{bad['id']}", "500", 0),
            (f"/terminal/v1/days/{bad['id']}/file", "422", 1),
        ):
            world.double.fault(path, kind)
            read_payouts(now=now)
            assert [one.ref for one in CardPayout.objects.all()] == [good["id"]]
            found = [one for one in source.concerns(now) if one.reason.code == UNREAD.code]
            assert len(found) == at_once
        assert [one.ref for one in unread_payouts(now)] == [bad["id"]]
        assert read_payouts(now=now + timedelta(days=30)) == 1
        assert (CardPayout.objects.count(), unread_payouts(now)) == (2, [])
