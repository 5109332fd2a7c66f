"""Warnings before a promise is broken, the chain that hears of them, and how promises are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.permissions import Role
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.models import Station
from stations.incidents.models import Incident
from stations.maintenance import report, services, timing, warning
from stations.maintenance.escalation_models import (
    EscalationContact,
    EscalationLetter,
    SlaWarning,
)
from stations.maintenance.keeping import Kept
from stations.maintenance.letters import send_again
from stations.maintenance.models import ClockPause, WorkOrder
from tests.factories.api import api_client
from tests.factories.core import make_person
from tests.factories.incidents import make_incident
from tests.factories.maintenance import make_agreement, make_letter, make_order, make_partner
from tests.factories.stations import make_limited_member, make_site, make_station

pytestmark = pytest.mark.django_db
WHY = "the beat watches all operators"
BEGAN = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def told(order: WorkOrder) -> list[tuple[str, int]]:
    with across_operators(WHY):
        return list(
            SlaWarning.objects.filter(order=order)
            .order_by("clock", "stage")
            .values_list("clock", "stage")
        )


def turn(at: datetime) -> int:
    with across_operators(WHY):
        return warning.find_warnings(now=at)


def with_chain(station: Station) -> WorkOrder:
    agreement = make_agreement(station.operator, respond_min=100, restore_min=1000)
    boss = make_person(operator=station.operator, role=Role.OWNER, email="boss@example.com")
    with operator_scope(station.operator):
        member = boss.memberships.get()
    for stage, values in (
        (80, {"email": "desk@example.com", "name": "Desk"}),
        (100, {"membership": member}),
        (200, {"email": "head@example.com"}),
    ):
        with operator_scope(station.operator):
            EscalationContact.objects.create(
                operator=station.operator, agreement=agreement, stage=stage,
                public_id=f"esc_{stage}", **values,
            )  # fmt: skip
    return make_order(station, opened_at=BEGAN)


def test_each_stage_is_told_once_along_the_chain_and_a_lost_turn_is_made_up_for() -> None:
    order = with_chain(make_station())

    assert turn(BEGAN + timedelta(minutes=49)) == 0
    assert turn(BEGAN + timedelta(minutes=50)) == 1
    assert turn(BEGAN + timedelta(minutes=51)) == 0
    assert turn(BEGAN + timedelta(minutes=85)) == 1
    # Exactly the promised time is kept; the beat then sleeps until twice the time is over.
    assert turn(BEGAN + timedelta(minutes=100)) == 0
    assert turn(BEGAN + timedelta(minutes=201)) == 1
    with across_operators(WHY):
        sent = warning.send_letters(now=timezone.now())
        again = warning.send_letters(now=timezone.now())
        letters = EscalationLetter.objects.order_by("email").values_list("email", "warning__stage")

        assert list(letters) == [
            ("boss@example.com", 200), ("desk@example.com", 80), ("head@example.com", 200),
        ]  # fmt: skip
    assert told(order) == [("respond", 50), ("respond", 80), ("respond", 100), ("respond", 200)]
    assert (sent, again) == (3, 0)
    assert {one.to[0] for one in mail.outbox} == {
        "boss@example.com", "desk@example.com", "head@example.com",
    }  # fmt: skip
    assert all(f"/work-orders/{order.public_id}/" in one.body for one in mail.outbox)


def test_a_clock_that_stands_still_or_stopped_warns_nobody() -> None:
    order = with_chain(make_station())
    with operator_scope(order.operator):
        timing.pause(order=order, reason="access", at=BEGAN + timedelta(minutes=40))

    turn(BEGAN + timedelta(hours=9))
    with operator_scope(order.operator):
        timing.resume(order=order, at=BEGAN + timedelta(hours=9))
        services.set_state(order=order, state="en_route", at=BEGAN + timedelta(hours=9))
        services.set_state(order=order, state="on_site", at=BEGAN + timedelta(hours=9))
    turn(BEGAN + timedelta(hours=12))

    assert told(order) == []


def test_an_incident_shows_its_order_and_makes_one_in_one_click(client: Client) -> None:
    station = make_station()
    make_agreement(station.operator, respond_min=60)
    incident = make_incident(station)
    person = make_person(operator=station.operator, role=Role.CONTROL_ROOM)
    client.force_login(person)
    page = reverse("incident_detail", args=[incident.public_id])
    address = reverse("incident_order", args=[incident.public_id])

    before = client.get(page).content.decode()
    client.post(address)
    client.post(address)
    after = client.get(page).content.decode()

    with operator_scope(station.operator):
        (order,) = WorkOrder.objects.filter(incident=incident)
        assert (order.station, order.evse, order.priority, order.fault_codes) == (
            station, incident.evse, "P2", "InternalError",
        )  # fmt: skip
        for state in ("en_route", "on_site", "repaired", "verified"):
            services.set_state(order=order, state=state, text="New relay")
        ended = Incident.objects.get(pk=incident.pk)
        kinds = list(ended.events.order_by("at", "pk").values_list("kind", flat=True))
    assert address in before
    assert address not in after
    assert f"/work-orders/{order.public_id}/" in after
    assert (ended.state, ended.resolution) == ("resolved", "work_order")
    assert kinds.count("order") == 1
    outsider = make_limited_member(
        make_site(operator=station.operator), operator=station.operator, role=Role.CONTROL_ROOM
    )
    client.force_login(outsider)
    assert client.post(address).status_code == 404


def test_the_report_counts_what_was_kept_broken_and_paused(client: Client) -> None:
    station = make_station()
    partner = make_partner(station.operator, name="Fixit")
    make_agreement(station.operator, partner=partner, respond_min=60, restore_min=600)
    good, bad, quiet = (make_order(station, opened_at=BEGAN) for _n in range(3))
    make_order(station, opened_at=BEGAN, priority="P4")
    with operator_scope(station.operator):
        for order, hours in ((good, 0.5), (bad, 3)):
            at = BEGAN + timedelta(hours=hours)
            services.set_state(order=order, state="en_route", at=at)
            services.set_state(order=order, state="on_site", at=at)
        services.set_state(order=good, state="waiting_part", at=BEGAN + timedelta(hours=1))
        services.set_state(order=good, state="on_site", at=BEGAN + timedelta(hours=3))
        for order in (good, bad):
            at = BEGAN + timedelta(hours=4)
            services.set_state(order=order, state="repaired", text="Fuse", at=at)
        services.set_state(order=quiet, state="cancelled", text="Twice", at=BEGAN)
        june = date(2026, 6, 1)
        rows = report.kept_report(station.operator, from_month=june, until_month=june, partner=None)

        own, fixit = rows
        assert (own.partner_name, own.orders, own.promised, own.share) == ("", 1, 0, None)
        assert (fixit.orders, fixit.within, fixit.broken, fixit.running) == (2, 1, 1, 0)
        assert (fixit.respond_broken, fixit.restore_broken, fixit.share) == (1, 0, 50)
        assert fixit.over == timedelta(hours=2)
        assert fixit.paused == timedelta(hours=2)
        assert fixit.reasons == {"part": timedelta(hours=2)}
        assert isinstance(own, Kept)

    client.force_login(make_person(operator=station.operator, role=Role.VIEWER))
    query = {"from_month": "2026-06", "until_month": "2026-06"}
    text = b"".join(client.get(reverse("order_report"), query | {"format": "csv"})).decode()
    assert "2026-06,Fixit," + partner.public_id + ",2,2,1,1,0,1,0,50,120.0,120.0,120.0" in text
    assert "Fixit" in client.get(reverse("order_report"), query).content.decode()
    answer = client.get("/api/v1/work-order-report", query | {"partner": partner.public_id})
    (row,) = answer.json()
    assert (row["partner_name"], row["over_min"], row["paused_why_min"]) == (
        "Fixit", 120.0, {"part": 120.0},
    )  # fmt: skip


def test_a_reopened_order_says_why_its_clock_stood_still_and_a_currency_needs_a_cost(
    client: Client,
) -> None:
    order = make_order(make_station(), opened_at=timezone.now() - timedelta(hours=3))
    with operator_scope(order.operator):
        for state in ("en_route", "on_site", "repaired", "verified", "closed"):
            services.set_state(order=order, state=state, text="Done")
        services.reopen(order=order, reason="Dark again")
        (pause,) = ClockPause.objects.filter(order=order)
    assert pause.reason == "repaired"
    client.force_login(make_person(operator=order.operator, role=Role.CONTROL_ROOM))
    address = f"/api/v1/work-orders/{order.public_id}"

    def patch(**values: str) -> tuple[int, str | None, str]:
        answer = client.patch(address, values, content_type="application/json")
        shown = client.get(address).json()
        return answer.status_code, shown["cost_amount"], shown["cost_currency"]

    assert patch(cost_currency="EUR") == (422, None, "")
    assert patch(cost_amount="12.50", cost_currency="EUR") == (200, "12.50", "EUR")
    assert patch(cost_currency="SEK") == (200, "12.50", "SEK")


def test_a_letter_that_was_given_up_is_shown_with_its_reason_and_sent_again() -> None:
    order = with_chain(make_station())
    turn(BEGAN + timedelta(minutes=85))
    with across_operators(WHY):
        EscalationLetter.objects.update(state="failed", attempts=9, error="550 no such mailbox")
    client = Client()
    client.force_login(make_person(operator=order.operator, role="control_room", language="en"))

    page = client.get("/work-orders/letters/?state=failed").content.decode()
    api = api_client(order.operator)
    [shown] = api.get("/api/v1/work-order-letters?state=failed").json()["results"]
    asked = {"list": "work-order-letters", "action": "send-again", "ids": [shown["id"]]}
    run = api.post("/api/v1/bulk-runs/", asked).json()
    confirm = {"values": {"reason": "The mailbox is there now"}}
    done = api.post(f"/api/v1/bulk-runs/{run['id']}/confirm/", confirm).json()

    assert "550 no such mailbox" in page
    assert shown["error"] == "550 no such mailbox"
    assert [row["outcome"] for row in done["rows"]] == ["done"]
    with across_operators(WHY):
        assert warning.send_letters(now=timezone.now()) == 1
        assert EscalationLetter.objects.get().state == "sent"


def test_a_letter_about_a_closed_order_is_not_sent_again() -> None:
    order = make_order(make_station())
    letter = make_letter(order)
    with operator_scope(order.operator):
        services.set_state(order=order, state="cancelled", text="Twice")
        with pytest.raises(RuleViolation, match="closed"):
            send_again(letter=letter, reason="Again")
        letter.refresh_from_db()
    assert letter.state == "failed"
