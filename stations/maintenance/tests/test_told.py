"""Who hears of incidents and work orders: notifications, webhooks, attention, search."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.permissions import Role
from core.notifications.finding import find_all
from core.notifications.mailing import in_words
from core.notifications.models import Notification
from core.tenancy.scopes import across_operators, operator_scope
from stations.incidents import services as incident_services
from stations.incidents.webhooks import IncidentEvents
from stations.maintenance import services, warning
from stations.maintenance.webhooks import OrderEvents
from tests.factories.core import make_person
from tests.factories.incidents import make_incident
from tests.factories.maintenance import (
    make_agreement,
    make_order,
    make_partner,
    make_partner_person,
)
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
WHY = "tests read rows of any operator"


def test_people_hear_of_what_concerns_them_once_and_only_whoever_got_it_of_that() -> None:
    station = make_station()
    partner = make_partner(station.operator)
    make_agreement(station.operator, partner=partner, respond_min=60)
    fixer, other = make_partner_person(partner), make_partner_person(partner)
    olga = make_person(operator=station.operator, role=Role.CONTROL_ROOM)
    with operator_scope(station.operator):
        member = fixer.memberships.get()
    before = timezone.now() - timedelta(minutes=1)
    day = timezone.now() + timedelta(days=2)
    find_all(now=before)

    incident = make_incident(station)
    order = make_order(station, incident=incident, opened_at=timezone.now())
    with operator_scope(station.operator):
        services.change_order(order=order, assignee=member)
        services.change_order(order=order, scheduled_at=day)  # another day, no other person
        incident_services.assign(incident=incident, owner=olga)
    with across_operators(WHY):
        warning.find_warnings(now=timezone.now() + timedelta(minutes=55))
    later = timezone.now() + timedelta(hours=1)
    find_all(now=later)
    find_all(now=later)
    with across_operators(WHY):
        words = in_words(Notification.objects.get(event="order.rescheduled"))[1]
        [moved] = OrderEvents().events(
            since=before, operators=[order.operator_id], kinds=["work_order.rescheduled"]
        )

    local = timezone.localtime(day, ZoneInfo(order.site.time_zone))
    assert words.startswith("Another day: ")
    assert f"{local:%Y-%m-%d %H:%M}" in words
    assert moved.data["work_order"]["scheduled_at"] == day
    with across_operators(WHY):
        rows = Notification.objects.order_by("event").values_list("user_id", "event", "url")
        told = {(user, event) for user, event, _url in rows}
        assert len(told) == len(rows)  # nothing twice
        assert told == {
            (olga.pk, "incident.opened"),
            (olga.pk, "incident.assigned"),
            (olga.pk, "order.opened"),
            (olga.pk, "order.warning"),
            (fixer.pk, "order.assigned"),
            (fixer.pk, "order.rescheduled"),
        }
        assert other.pk not in {user for user, _event in told}
        assert [url for user, _event, url in rows if user == fixer.pk] == [
            f"/field/{order.public_id}/"
        ] * 2


def test_other_systems_hear_of_incidents_and_orders() -> None:
    station = make_station()
    since = timezone.now() - timedelta(minutes=1)
    incident = make_incident(station)
    order = make_order(station, incident=incident)
    with operator_scope(station.operator):
        for state in ("en_route", "on_site", "repaired", "verified", "closed"):
            services.set_state(order=order, state=state, text="Fuse")

    with across_operators(WHY):
        found = [
            event
            for source in (IncidentEvents(), OrderEvents())
            for event in source.events(
                since=since,
                operators=[station.operator_id],
                kinds=[kind.name for kind in source.kinds],
            )
        ]

    assert [event.kind for event in found] == [
        "incident.opened",
        "incident.closed",
        "work_order.opened",
        *["work_order.state_changed"] * 4,
        "work_order.closed",
    ]
    assert len({event.key for event in found}) == len(found)
    assert found[1].data["incident"]["resolution"] == "work_order"
    assert found[-1].data["work_order"]["incident"] == incident.public_id
    assert found[-1].data["station"]["id"] == station.public_id


def test_what_nobody_has_seen_or_is_late_needs_attention_and_is_found(client: Client) -> None:
    station = make_station()
    make_agreement(station.operator, respond_min=60, restore_min=60)
    incident = make_incident(station, error_code="E-4711")
    late = make_order(station, opened_at=timezone.now() - timedelta(hours=2))
    make_order(station, priority="P4", title="Paint")
    client.force_login(make_person(operator=station.operator, role=Role.CONTROL_ROOM))

    reasons = {one["reason"]: one["url"] for one in client.get("/api/v1/attention").json()}
    by_code = client.get("/search/", {"q": "e-4711"}, follow=True)
    by_number = client.get("/search/", {"q": f"#{late.number}"}, follow=True)

    assert reasons["incident_open"] == f"/incidents/{incident.public_id}/"
    assert reasons["order_late"] == f"/work-orders/{late.public_id}/"
    assert f"/incidents/{incident.public_id}/" in by_code.request["PATH_INFO"]
    assert f"/work-orders/{late.public_id}/" in by_number.request["PATH_INFO"]
    with operator_scope(station.operator):
        incident_services.acknowledge(incident=incident)
        services.set_state(order=late, state="cancelled", text="Twice")
    left = {one["reason"] for one in client.get("/api/v1/attention").json()}
    assert not {"incident_open", "order_late"} & left
