"""Forms that were opened before somebody else changed the same thing."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import operator_scope
from stations.hardware.catalogue.services import create_model
from stations.hardware.models import Evse
from stations.sites.models import Site
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def olga(operator: Operator) -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.OWNER, name="Olga"))
    return client


@pytest.fixture
def tore(operator: Operator) -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM, name="Tore"))
    return client


def opened(client: Client, url: str) -> dict[str, str]:
    """The hidden token of a form as it was opened."""
    page = client.get(url).content.decode()
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return {"seen": found[1]}


def test_a_field_that_both_changed_is_a_conflict_that_names_the_other(
    olga: Client, tore: Client, operator: Operator
) -> None:
    site = make_site(operator=operator, name="Torget", city="Umeå")
    url = f"/sites/{site.public_id}/edit/"
    form = {"name": "Torget", "city": "Umeå", "country_code": "SE", "time_zone": site.time_zone}
    olgas, tores = opened(olga, url), opened(tore, url)
    tore.post(url, form | tores | {"name": "Stora torget"})

    answer = olga.post(url, form | olgas | {"name": "Lilla torget", "city": "Luleå"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Somebody else changed this meanwhile" in page
    assert "Stora torget" in page
    assert "Tore" in page
    assert 'value="Lilla torget"' in page
    assert 'value="Luleå"' in page
    with operator_scope(operator):
        site.refresh_from_db()
    assert (site.name, site.city) == ("Stora torget", "Umeå")

    again = re.search(r'name="seen" value="([^"]+)"', page)
    assert again
    olga.post(url, form | {"seen": again[1], "name": "Lilla torget", "city": "Luleå"})
    with operator_scope(operator):
        assert Site.objects.values_list("name", "city").get() == ("Lilla torget", "Luleå")


def test_changes_of_different_fields_both_stand(
    olga: Client, tore: Client, operator: Operator
) -> None:
    site = make_site(operator=operator, name="Torget", city="Umeå")
    url = f"/sites/{site.public_id}/edit/"
    form = {"name": "Torget", "city": "Umeå", "country_code": "SE", "time_zone": site.time_zone}
    olgas, tores = opened(olga, url), opened(tore, url)

    tore.post(url, form | tores | {"hours_1": "7-18", "public_access": "public"})
    assert olga.post(url, form | olgas | {"city": "Luleå"}).status_code == 302

    with operator_scope(operator):
        site.refresh_from_db()
    assert (site.city, site.public_access) == ("Luleå", "public")
    monday = {"weekday": 1, "period_begin": "07:00", "period_end": "18:00"}
    assert site.opening_hours == {
        "twentyfourseven": False,
        "regular_hours": [monday],
        "exceptions": [],
    }


def test_a_station_that_tells_its_serial_number_meanwhile_is_a_conflict_too(
    olga: Client, operator: Operator
) -> None:
    station = make_station(operator=operator)
    url = f"/stations/{station.public_id}/edit/"
    form: dict[str, object] = {"name": station.name, "identity": station.identity}
    form |= {"site": station.site_id, "security_profile": 1, **opened(olga, url)}
    with operator_scope(operator):
        type(station).objects.filter(pk=station.pk).update(serial_number="FROM-BOOT")

    page = olga.post(url, form | {"serial_number": "TYPED"}).content.decode()

    assert "FROM-BOOT" in page
    assert "the station itself" in page
    with operator_scope(operator):
        station.refresh_from_db()
    assert station.serial_number == "FROM-BOOT"


def test_an_evse_is_changed_with_its_connectors_and_twice_is_once(
    olga: Client, operator: Operator
) -> None:
    station = make_station(operator=operator)
    url = f"/stations/{station.public_id}/evses/1/edit/"
    form = {
        "current_type": "DC",
        "phases": 3,
        "public_id": "SE*ABC*E9*1",
        "connector_1": "CHADEMO",
        "connector_1_is_tethered": "on",
        "connector_1_cable_length_cm": "450",
        "payment_ways": ["qr_code", "app"],
        "meter_class": "B",
    } | opened(olga, url)

    assert [olga.post(url, form).status_code for _twice in (1, 2)] == [302, 302]

    with operator_scope(operator):
        evse = Evse.objects.get()
        connector = evse.connectors.get()
    assert (evse.meter_class, evse.payment_ways) == ("B", ["qr_code", "app"])
    assert (connector.connector_type, connector.is_tethered) == ("CHADEMO", True)
    assert connector.cable_length_cm == 450


def test_quirks_of_a_station_are_not_overwritten_by_who_came_later(
    olga: Client, tore: Client, operator: Operator
) -> None:
    station = make_station(operator=operator)
    url = f"/stations/{station.public_id}/quirks/"
    olgas, tores = opened(olga, url), opened(tore, url)
    tore.post(url, tores | {"phases": "1", "reason": "Seen on site"})

    clash = olga.post(url, olgas | {"phases": "3", "reason": "Says the maker"})
    other = olga.post(url, olgas | {"phases": "", "single_phase": "yes", "reason": "Curve"})

    assert "Somebody else changed this meanwhile" in clash.content.decode()
    assert other.status_code == 302
    with operator_scope(operator):
        station.refresh_from_db()
    assert station.quirks == {"phases": 1, "single_phase": True}


def test_a_quirk_that_somebody_else_added_or_removed_meanwhile_is_said_so(
    olga: Client, tore: Client, operator: Operator
) -> None:
    with operator_scope(operator):
        model = create_model(operator=operator, vendor="Acme", model="X22")
    url = reverse("model_quirk_add", args=[model.public_id])
    quirk = {"name": "phases", "firmware": "", "reason": "seen"}
    tore.post(url, quirk | {"value": "1"})

    page = olga.post(url, quirk | {"value": "3"}).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)

    assert "Somebody else changed this meanwhile; nothing is saved." in page
    assert "Tore" in page
    with operator_scope(operator):
        (row,) = model.quirks.all()
    assert row.value == 1
    assert seen
    olga.post(url, quirk | {"value": "3", "seen": seen[1]})
    with operator_scope(operator):
        (row,) = model.quirks.all()
    assert row.value == 3
    remove = reverse("model_quirk_remove", args=[model.public_id, row.pk])
    tore.post(remove, {"reason": "wrong"})
    again = olga.post(remove, {"reason": "wrong"}, follow=True)
    assert "Somebody else changed this meanwhile" in again.content.decode()
    assert olga.get(remove).status_code == 404
