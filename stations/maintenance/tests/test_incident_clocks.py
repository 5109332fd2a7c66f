"""What incidents and the orders about them tell each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.permissions import Role
from core.tenancy.scopes import operator_scope
from stations.incidents.clocks import clocks
from stations.maintenance import timing
from tests.factories.core import make_operator, make_person
from tests.factories.incidents import make_incident
from tests.factories.maintenance import make_agreement, make_order
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


def test_clocks_of_open_orders_stand_beside_the_incident(client: Client) -> None:
    operator = make_operator()
    make_agreement(operator, respond_min=60, restore_min=600)
    station = make_station(operator=operator)
    now = timezone.now()
    incident, other = make_incident(station), make_incident(station)
    order = make_order(station, incident=incident, opened_at=now - timedelta(minutes=90))

    with operator_scope(operator):
        found = clocks([incident, other], now)
        assert {pk: [(str(one.label), one.tone) for one in ones] for pk, ones in found.items()} == {
            incident.pk: [("On site", "bad"), ("Working again", "active")]
        }
        assert found[incident.pk][0].due_at == order.opened_at + timedelta(hours=1)
        timing.pause(order=order, reason="part", at=now)
        assert [one.tone for one in clocks([incident], now)[incident.pk]] == ["bad", "paused"]
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM, language="en"))
    page = client.get("/control-room/").content.decode()
    assert "Working again" in page
    assert f"Work order {order.number}: New" in page


def test_an_order_of_an_incident_begins_with_its_urgency(client: Client) -> None:
    incident = make_incident(make_station(operator=(operator := make_operator())), severity="p3")
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM, language="en"))

    page = client.get(f"/work-orders/new/?incident={incident.public_id}").content.decode()

    assert '<option value="P3" selected>' in page
