"""The life of an order, its clocks, and who may do what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import across_operators, operator_scope
from stations.maintenance import services, timing
from stations.maintenance.models import OrderEntry, WorkOrder
from stations.maintenance.work_models import Checklist, OrderCheck
from tests.factories.core import make_operator, make_person
from tests.factories.maintenance import (
    make_agreement,
    make_order,
    make_partner,
)
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def test_orders_are_numbered_by_operator_and_get_the_agreement_that_covers_them_best() -> None:
    operator = make_operator()
    partner = make_partner(operator)
    make_agreement(operator, respond_min=600)
    area = make_agreement(operator, partner=partner, area="211, 212", respond_min=120)
    malmo = make_station(site=make_site(operator=operator, postal_code="212 34"))
    lund = make_station(site=make_site(operator=operator, postal_code="223 50"))

    first = make_order(malmo, opened_at=MONDAY)
    second = make_order(lund, opened_at=MONDAY)
    other = make_order(make_station())

    assert (first.number, second.number, other.number) == (1, 2, 1)
    assert (first.agreement, first.partner) == (area, partner)
    assert first.respond_due_at == MONDAY + timedelta(hours=2)
    assert second.respond_due_at == MONDAY + timedelta(hours=10)
    assert (other.agreement, other.terms, other.respond_due_at) == (None, {}, None)


def test_an_order_goes_its_way_and_waiting_for_a_part_holds_the_clock() -> None:
    station = make_station()
    make_agreement(station.operator, restore_min=480)
    order = make_order(station, opened_at=MONDAY)

    def step(state: str, hours: float, text: str = "") -> WorkOrder:
        at = MONDAY + timedelta(hours=hours)
        return services.set_state(order=order, state=state, text=text, at=at)

    with operator_scope(station.operator):
        step("en_route", 1)
        step("on_site", 2)
        step("waiting_part", 3)
        step("on_site", 13)
        done = step("repaired", 15, "New screen")
        same = step("repaired", 16, "New screen")
        step("verified", 16)
        closed = step("closed", 17)
        clocks = timing.clocks_of(closed, MONDAY + timedelta(days=9))

        assert done.repaired_at == same.repaired_at == MONDAY + timedelta(hours=15)
        assert clocks.respond is not None
        assert clocks.restore is not None
        assert clocks.respond.used == timedelta(hours=2)
        assert (clocks.restore.used, clocks.restore.wall) == (
            timedelta(hours=5),
            timedelta(hours=15),
        )
        assert not clocks.is_breached
        assert (closed.visits, closed.first_time_fix) == (2, False)
        assert OrderEntry.objects.filter(order=order, kind="state").count() == 7
        with pytest.raises(RuleViolation, match="cannot become"):
            step("on_site", 18)


def test_a_repair_that_did_not_last_is_no_first_time_fix() -> None:
    station = make_station()
    order = make_order(station, opened_at=MONDAY)
    with operator_scope(station.operator):
        for hours, state in enumerate(("en_route", "on_site", "repaired", "verified", "closed")):
            at = MONDAY + timedelta(hours=hours)
            closed = services.set_state(order=order, state=state, text="done", at=at)
        assert closed.first_time_fix is True

        with pytest.raises(RuleViolation):
            services.reopen(order=order, reason="late", at=MONDAY + timedelta(days=15))
        again = services.reopen(order=order, reason="Dark again", at=MONDAY + timedelta(days=3))

    assert (again.state, again.first_time_fix, again.closed_at) == ("triaged", False, None)


def test_what_must_be_checked_is_checked_before_the_repair() -> None:
    station = make_station()
    with across_operators("the test makes a checklist"):
        Checklist.objects.create(
            operator=station.operator, public_id="chk_1", name="All", items=["*Earth", "Clean"]
        )
    order = make_order(station)
    with operator_scope(station.operator):
        services.set_state(order=order, state="en_route")
        services.set_state(order=order, state="on_site")
        with pytest.raises(InvalidInput):
            services.set_state(order=order, state="repaired")
        with pytest.raises(RuleViolation, match="Earth"):
            services.set_state(order=order, state="repaired", text="done")
        OrderCheck.objects.filter(order=order, position=1).update(result="ok")

        assert services.set_state(order=order, state="repaired", text="done").state == "repaired"


def test_another_priority_is_judged_from_the_opening_on(client: Client) -> None:
    station = make_station()
    make_agreement(station.operator, respond_min=60)
    order = make_order(station, priority="P4")
    client.force_login(make_person(operator=station.operator, role=Role.SUPPORT))
    assert order.respond_due_at is None

    page = client.get(reverse("order_edit", args=[order.public_id]))
    values = {
        name: value if value is not None else ""
        for name, value in page.context["form"].initial.items()
    } | {"priority": "P1"}
    answer = client.post(reverse("order_edit", args=[order.public_id]), values)

    assert answer.status_code == 302, answer.context["form"].errors
    with operator_scope(station.operator):
        order.refresh_from_db()
    assert order.priority == "P1"
    assert order.respond_due_at == order.opened_at + timedelta(minutes=60)


def test_a_person_makes_an_order_and_takes_a_step(client: Client) -> None:
    station = make_station()
    client.force_login(make_person(operator=station.operator, role=Role.CONTROL_ROOM))
    where = f"{reverse('order_create')}?station={station.public_id}"

    assert client.get(where).context["form"].initial["station"] == station.public_id
    values = {
        "title": "Cable cut", "kind": "repair", "priority": "P1", "site": station.site_id,
        "station": station.public_id,
    }  # fmt: skip
    made = client.post(where, values)
    with operator_scope(station.operator):
        order = WorkOrder.objects.get()
    step = reverse("order_step", args=[order.public_id])
    client.post(step, {"state": "cancelled"})
    refused = client.get(made["Location"])
    client.post(step, {"state": "cancelled", "text": "Twice"})

    with operator_scope(station.operator):
        order.refresh_from_db()
        verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert b"Say why." in refused.content
    assert (order.state, order.closed_at is not None) == ("cancelled", True)
    assert verbs == ["order.open", "order.state"]


def test_a_viewer_changes_nothing(client: Client) -> None:
    station = make_station()
    order = make_order(station)
    client.force_login(make_person(operator=station.operator, role=Role.VIEWER))

    assert client.get(reverse("order_detail", args=[order.public_id])).status_code == 200
    answer = client.post(reverse("order_step", args=[order.public_id]), {"state": "triaged"})

    with operator_scope(station.operator):
        order.refresh_from_db()
    assert (answer.status_code, order.state) == (403, "new")


def test_the_board_has_the_shortest_time_on_top(client: Client) -> None:
    station = make_station()
    make_agreement(station.operator, respond_min=60, restore_min=600)
    late = make_order(station, opened_at=timezone.now() - timedelta(hours=2))
    fresh = make_order(station)
    none = make_order(station, priority="P4")
    client.force_login(make_person(operator=station.operator))

    rows = client.get(reverse("order_board")).context["rows"]

    assert [order.pk for order, _clocks in rows] == [late.pk, fresh.pk, none.pk]
    assert rows[0][1].next.is_breached
