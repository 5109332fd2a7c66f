"""What everybody sees of a site, and what drivers are told of known faults."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.permissions import Role
from core.tenancy.scopes import operator_scope
from stations.maintenance import services
from stations.maintenance.known_faults import known_faults
from stations.maintenance.status_models import SiteStatusPage
from tests.factories.core import make_person
from tests.factories.guests import make_guest_code
from tests.factories.incidents import make_incident
from tests.factories.maintenance import make_order, make_partner, make_partner_person
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


def test_a_status_page_is_there_when_it_is_switched_on(client: Client) -> None:
    station = make_station(name="North", evses=2)
    settings = reverse("site_status_page", args=[station.site.public_id])
    client.force_login(make_person(operator=station.operator, role=Role.CONTROL_ROOM))
    everybody = Client()

    client.post(settings, {"notice": "Snow on the road"})
    with operator_scope(station.operator):
        code = SiteStatusPage.objects.get().code
    url = reverse("site_status", args=[code])
    hidden = everybody.get(url).status_code
    client.post(settings, {"is_public": "on", "notice": "Snow on the road"})
    shown = everybody.get(url)
    client.post(settings, {"is_public": "on", "has_new_code": "on"})

    assert (hidden, shown.status_code, everybody.get(url).status_code) == (404, 200, 404)
    assert "no-store" in shown["Cache-Control"]
    page = shown.content.decode()
    assert ("North" in page, "Snow on the road" in page) == (True, True)
    client.force_login(make_person(operator=station.operator, role=Role.TECHNICIAN))
    assert client.post(settings, {"is_public": ""}).status_code == 403


def test_how_to_get_in_is_written_down_and_read_with_an_order(client: Client) -> None:
    station = make_station()
    order = make_order(station, partner=(partner := make_partner(station.operator)))
    page = reverse("site_access", args=[station.site.public_id])
    api = f"/api/v1/sites/{station.site.public_id}/access"
    client.force_login(make_person(operator=station.operator, role=Role.CONTROL_ROOM))

    saved = client.post(page, {"notes": "Gate 4711", "contact_name": "Ann"})
    client.patch(api, {"contact_phone": "+46 1"}, content_type="application/json")
    shown = client.get(api).json()

    assert saved["Location"] == reverse("site_detail", args=[station.site.public_id])
    assert shown == {"notes": "Gate 4711", "contact_name": "Ann", "contact_phone": "+46 1"}
    client.force_login(make_partner_person(partner))
    field = client.get(reverse("field_detail", args=[order.public_id])).content.decode()
    assert ("Gate 4711" in field, client.post(page, {}).status_code) == (True, 403)
    assert client.get(api).status_code == 403


def test_drivers_are_told_what_is_known_since_when_and_until_when(client: Client) -> None:
    station, other = make_station(evses=1), make_station(evses=1)
    since = timezone.now() - timedelta(hours=3)
    incident = make_incident(station, kind="faulted", severity="p2", symptom_at=since)
    make_incident(station, kind="silent", severity="p2")

    def told() -> list[tuple[str, bool]]:
        with operator_scope(station.operator):
            return [(one.text, one.expected_at is None) for one in known_faults(station.site)]

    assert told() == [("Out of order. We know of the fault.", True)]
    until = timezone.now() + timedelta(days=1)
    order = make_order(
        station, incident=incident, public_note="The screen is being replaced", expected_at=until
    )
    assert told() == [("The screen is being replaced", False)]
    with operator_scope(station.operator):
        [fault] = known_faults(station.site)
        assert (fault.since_at, fault.expected_at) == (since, until)
        assert known_faults(station.site, other.evses.model(pk=0, station=other)) == []
    code = make_guest_code(station)
    guest = client.get(reverse("guest_code", args=[code.code])).content.decode()
    assert "The screen is being replaced" in guest
    with operator_scope(station.operator):
        services.set_state(order=order, state="cancelled", text="no")
    assert told() == [("Out of order. We know of the fault.", True)]
