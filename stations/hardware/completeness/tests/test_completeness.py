"""Which sites and EVSEs lack which element."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.test import APIClient

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import operator_scope
from stations.hardware.completeness.elements import EVSE_ELEMENTS, SITE_ELEMENTS
from stations.hardware.models import Connector, Evse
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db
API = "/api/v1/completeness"
WHOLE = {
    "address": "Storgatan 1", "city": "Umeå", "latitude": 63, "longitude": 20,
    "public_access": "public", "access_type": "open", "parking_type": "ON_STREET",
    "opening_hours": {"twentyfourseven": True}, "operator_phone": "1", "owner_name": "O",
    "owner_email": "o@example.com", "accessibility": "yes", "accessible_spaces": 0,
    "is_renewable": "yes",
}  # fmt: skip


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def client(operator: Operator) -> APIClient:
    return api_client(operator)


def test_each_gap_is_named_counted_and_filtered(operator: Operator, client: APIClient) -> None:
    make_site(operator=operator, name="Bare")
    make_site(operator=operator, name="Whole", **WHOLE)
    make_site(operator=operator, name="Half", **(WHOLE | {"is_renewable": ""}))
    make_site(
        operator=operator, name="Private", public_access="private", address="a", city="b",
        latitude=1, longitude=1,
    )  # fmt: skip
    make_site(name="Of another")

    rows = {r["name"]: r["lacks"] for r in client.get(f"{API}/sites").json()["results"]}
    missing = client.get(f"{API}/sites?missing=renewable").json()["results"]
    counts = {r["element"]: r["count"] for r in client.get(API).json()["sites"]}

    assert rows["Half"] == ["renewable"]
    assert rows["Private"] == ["access_reason"]
    assert len(rows["Bare"]) == len(SITE_ELEMENTS) - 1  # nothing to give a reason for
    assert "Whole" not in rows
    assert [r["name"] for r in missing] == ["Bare", "Half"]
    assert (counts["renewable"], counts["access_reason"]) == (2, 1)
    assert client.get(f"{API}/sites?missing=moon").status_code == 422


def test_evses_of_private_sites_need_meters_alone(operator: Operator, client: APIClient) -> None:
    public = make_station(site=make_site(operator=operator, **WHOLE), identity="CP-1")
    private = make_station(
        site=make_site(operator=operator, public_access="private"), identity="CP-2"
    )
    with operator_scope(operator):
        Connector.objects.filter(evse__station=private).update(connector_type="CHADEMO")
        private.evses.update(max_power_w=50_000, grant_state="none")

    rows = {r["station"]: r["lacks"] for r in client.get(f"{API}/evses").json()["results"]}

    assert rows["CP-2"] == ["meter_make", "meter_serial", "meter_mid_year", "meter_class"]
    assert set(rows["CP-1"]) == {e.key for e in EVSE_ELEMENTS} - {
        "evse_id", "access_reason", "grant_details", "payment_terminal"
    }  # fmt: skip
    assert public.pk


def test_public_evses_of_50_kw_need_a_payment_terminal(
    operator: Operator, client: APIClient
) -> None:
    site = make_site(operator=operator, **WHOLE)
    powers = {"CP-1": 49_999, "CP-2": 50_000, "CP-3": 150_000}
    with operator_scope(operator):
        for identity, power in powers.items():
            make_station(site=site, identity=identity).evses.update(max_power_w=power)
        Evse.objects.filter(max_power_w=150_000).update(payment_terminal="T-1")

    found = client.get(f"{API}/evses?missing=payment_terminal").json()["results"]

    assert [one["station"] for one in found] == ["CP-2"]


def test_pages_lead_to_the_field(operator: Operator) -> None:
    olga = Client()
    olga.force_login(make_person(operator=operator, role=Role.OWNER))
    station = make_station(operator=operator)

    home = olga.get("/completeness/").content.decode()
    evses = olga.get("/completeness/evses/?missing=meter_serial").content.decode()
    form = olga.get(f"/stations/{station.public_id}/evses/1/edit/").content.decode()

    assert "/completeness/evses/?missing=meter_serial" in home
    assert f"/stations/{station.public_id}/evses/1/edit/#id_meter_serial" in evses
    assert 'id="id_meter_serial"' in form
