"""Preventive plans: what is due, each order once, sites in trips."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators, operator_scope
from stations.maintenance import planning, services
from stations.maintenance.checklists import copy_checklist
from stations.maintenance.due import Due, Interval, Spot, Use, due, months_later, trips
from stations.maintenance.models import WorkOrder
from stations.maintenance.partner_models import Partner
from stations.maintenance.plan_models import MaintenancePlan, PlanVisit
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.maintenance import make_partner
from tests.factories.stations import make_session, make_site, make_station

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 6, 1)
db = pytest.mark.django_db


def make_plan(operator: Operator, **fields: Any) -> MaintenancePlan:
    values = {"name": "Yearly", "every_months": 12, "starts_on": date(2025, 6, 10)} | fields
    with operator_scope(operator):
        return planning.save_plan(operator=operator, plan=None, **values)


def make_all() -> int:
    with across_operators("the test is the task"):
        count = 0
        while planning.make_next(now=NOW):
            count += 1
        return count


def test_what_comes_first_is_due() -> None:
    interval = Interval(months=12, kwh=1000, cycles=100, lead_days=14)
    since = date(2025, 6, 15)

    assert due(interval, Use(since), TODAY) == Due(date(2026, 6, 15), "months")
    assert due(interval, Use(date(2025, 6, 16)), TODAY) is None
    assert due(interval, Use(since, Decimal(1000)), TODAY) == Due(TODAY, "kwh")
    assert due(interval, Use(TODAY, Decimal("999.9"), 99), TODAY) is None
    assert due(interval, Use(TODAY, Decimal(0), 100), TODAY) == Due(TODAY, "cycles")
    assert months_later(date(2027, 11, 30), 3) == date(2028, 2, 29)


@given(st.lists(st.tuples(st.floats(55, 69), st.floats(11, 24)), max_size=12), st.floats(0, 500))
def test_each_site_is_in_one_trip(places: list[tuple[float, float]], km: float) -> None:
    spots = [Spot(n, *place) for n, place in enumerate(places)] + [Spot(99, None, None)]

    found = trips(spots, km)

    assert sorted(key for trip in found for key in trip) == [*range(len(places)), 99]
    assert [99] in found
    assert len(found) == len(spots) or km > 0


@db
def test_due_orders_are_made_once_by_site_with_the_trip() -> None:
    operator = make_operator()
    near = [
        make_site(operator=operator, name=f"Site {n}", latitude=Decimal("59.30") + n, longitude=18)
        for n in range(2)
    ]
    both = make_site(operator=operator, name="Near 0", latitude=Decimal("59.31"), longitude=18)
    first, second = make_station(site=near[0], name="A"), make_station(site=near[0], name="B")
    make_station(site=near[1])
    make_station(site=both)
    plan = make_plan(operator)

    assert (make_all(), make_all()) == (1, 0)
    with operator_scope(operator):
        MaintenancePlan.objects.update(looked_at=None)
    assert make_all() == 1

    with operator_scope(operator):
        orders = list(WorkOrder.objects.order_by("number"))
        assert [one.source for one in orders] == ["plan"] * 3
        double = next(one for one in orders if one.site == near[0])
        assert double.station is None
        assert "A: 2026-06-10\nB: 2026-06-10" in double.description
        assert "Near 0" in double.description
        assert PlanVisit.objects.count() == 4
        assert PlanVisit.objects.values("trip").distinct().count() == 2
        assert set(double.plan_visits.values_list("station", flat=True)) == {first.pk, second.pk}
        services.set_state(order=double, state="cancelled", text="sold")
        MaintenancePlan.objects.update(looked_at=None)
    make_all()
    with operator_scope(operator):
        assert PlanVisit.objects.count() == 4  # called off: the next turn is a year later
        coming = planning.upcoming([plan], TODAY, date(2027, 12, 31))
    assert {(station.pk, on) for _plan, station, on in coming} == {
        (first.pk, date(2027, 6, 10)), (second.pk, date(2027, 6, 10)),
    }  # fmt: skip


@db
def test_what_stopped_working_keeps_no_plan_from_its_orders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    station, broken = make_station(), make_station()
    partner = make_partner(station.operator)
    make_plan(station.operator, partner=partner)
    make_plan(broken.operator)
    with operator_scope(station.operator):
        Partner.objects.update(is_active=False)

    def fails(order: WorkOrder, *args: Any) -> None:
        if order.operator_id == broken.operator_id:
            raise RuleViolation("no", "not today")
        copy_checklist(order, *args)

    monkeypatch.setattr(services, "copy_checklist", fails)

    assert (make_all(), make_all()) == (2, 0)
    with operator_scope(station.operator):
        assert WorkOrder.objects.get().partner is None
    with operator_scope(broken.operator):
        assert not WorkOrder.objects.exists()
        assert MaintenancePlan.objects.get().looked_at == NOW


@db
def test_a_large_plan_is_made_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    operator = make_operator()
    for n in range(3):
        make_station(site=make_site(operator=operator, name=f"Site {n}"))
    plan = make_plan(operator)
    monkeypatch.setattr(planning, "MANY", 2)

    assert (make_all(), make_all()) == (2, 0)
    with operator_scope(operator):
        assert PlanVisit.objects.filter(plan=plan).count() == 3


@db
def test_plug_cycles_make_an_order() -> None:
    station = make_station(evses=1)
    make_plan(station.operator, every_months=None, every_cycles=2)
    for n in range(2):
        make_session(
            station=station, started_at=NOW - timedelta(days=n + 1), state="ended",
            stopped_at=NOW - timedelta(days=n + 1) + timedelta(hours=1),
        )  # fmt: skip

    make_all()

    with operator_scope(station.operator):
        assert [one.reason for one in PlanVisit.objects.all()] == ["cycles"]
        assert WorkOrder.objects.get().station == station


@db
def test_pages_and_api_keep_plans(client: Client) -> None:
    station = make_station()
    client.force_login(make_person(operator=station.operator, role=Role.CONTROL_ROOM))
    values = {
        "name": "Filters", "kind": "preventive", "priority": "P4", "starts_on": "2026-01-01",
        "lead_days": "14", "group_km": "30", "is_active": "on",
    }  # fmt: skip

    refused = client.post(reverse("plan_create"), values)
    made = client.post(reverse("plan_create"), values | {"every_months": "6"})
    twice = client.post(reverse("plan_create"), values | {"every_months": "6"})
    page = client.get(reverse("plan_calendar"), {"month": "2026-07"}).content.decode()

    assert refused.context["form"].errors
    assert twice.context["form"].errors["name"] == ["This name is taken."]
    assert (made.status_code, "Filters" in page) == (302, True)
    api = api_client(station.operator)
    [shown] = api.get("/api/v1/maintenance-plans").json()["results"]
    changed = api.patch(f"/api/v1/maintenance-plans/{shown['id']}", {"every_months": None})
    assert (shown["every_months"], changed.status_code) == (6, 422)
    ahead = api.patch(f"/api/v1/maintenance-plans/{shown['id']}", {"lead_days": 180})
    assert (ahead.status_code, "168" in ahead.content.decode()) == (422, True)
    turns = api.get("/api/v1/maintenance-calendar", {"month": "2026-07"}).json()
    assert [(one["station"], one["due_on"]) for one in turns] == [(station.public_id, "2026-07-01")]
    client.force_login(make_person(operator=station.operator, role=Role.VIEWER))
    assert client.post(reverse("plan_create"), values).status_code == 403
