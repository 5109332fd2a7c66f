"""Work on site: a partner's technician has a home, its own company's orders and no others."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from stations.maintenance.work_models import Checklist, OrderCheck, PartUsed
from tests.factories.core import make_person
from tests.factories.maintenance import make_order, make_partner, make_partner_person
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
PART = {"name": "Contactor", "quantity": "1", "serial_in": "B2"}


def test_a_partners_technician_does_the_orders_of_its_own_company(client: Client) -> None:
    station = make_station()
    partner = make_partner(station.operator)
    with across_operators("the test makes a checklist"):
        Checklist.objects.create(
            operator=station.operator, public_id="chk_1", name="All", items=["*Earth"]
        )
    order = make_order(station, partner=partner)
    other = make_order(station, partner=make_partner(station.operator))
    own = make_order(station)
    client.force_login(make_partner_person(partner))

    def send(action: str, **values: str) -> int:
        return client.post(reverse(f"field_{action}", args=[order.public_id]), values).status_code

    home = client.get(reverse("home"))
    rows = client.get(home["Location"]).context["rows"]
    assert [found.pk for found, _clocks in rows] == [order.pk]
    assert send("step", state="en_route") == send("step", state="on_site") == 302
    refused = client.post(
        reverse("field_step", args=[order.public_id]), {"state": "repaired", "text": "New screen"}
    )
    assert refused.context["step_form"].errors
    assert b"New screen" in refused.content
    assert send("check", position="1", result="ok") == 302
    assert send("part", **PART) == send("note", text="Wet") == 302
    assert send("part", **PART | {"quantity": "0"}) == 200
    assert send("step", state="repaired", text="New screen") == 302
    assert send("step", state="verified") == 302
    assert send("step", state="closed") == 200  # who directs the work closes it

    with operator_scope(station.operator):
        order.refresh_from_db()
        assert (order.state, order.resolution) == ("verified", "New screen")
        assert PartUsed.objects.get().serial_in == "B2"
        verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[3:] == [
        "order.state", "order.state", "order.check", "order.part", "order.state", "order.state",
    ]  # fmt: skip
    for one in (other, own):
        assert client.get(reverse("field_detail", args=[one.public_id])).status_code == 404
    assert client.get(reverse("order_detail", args=[order.public_id])).status_code == 403


def test_who_works_elsewhere_changes_nothing(client: Client) -> None:
    station = make_station()
    order = make_order(station, partner=make_partner(station.operator))
    with across_operators("the test makes a point of a checklist"):
        OrderCheck.objects.create(
            operator=station.operator, order=order, position=1, text="Earth", is_required=True
        )
    people = [
        (make_partner_person(make_partner(station.operator)), 404),
        (make_partner_person(make_partner(make_station().operator)), 404),
        (make_person(operator=station.operator, role=Role.PARTNER), 404),
        (make_person(operator=station.operator, role=Role.VIEWER), 403),
    ]
    sent = {
        "step": {"state": "en_route"},
        "check": {"position": "1", "result": "ok"},
        "part": PART,
        "note": {"text": "x"},
    }

    for person, status in people:
        client.force_login(person)
        for action, values in sent.items():
            answer = client.post(reverse(f"field_{action}", args=[order.public_id]), values)
            assert answer.status_code == status

    with operator_scope(station.operator):
        order.refresh_from_db()
        assert (order.state, order.entries.count(), order.parts.count()) == ("new", 1, 0)
        assert order.checks.get().result == ""
