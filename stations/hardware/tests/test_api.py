"""REST of sites, stations, EVSEs and connectors."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from stations.hardware.models import Station
from stations.hardware.passwords import check_password
from tests.factories.api import api_client
from tests.factories.core import make_operator
from tests.factories.stations import make_evse, make_site, make_station

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def client(operator: Operator) -> APIClient:
    return api_client(operator)


def stored(station: dict[str, Any], operator: Operator) -> Station:
    with operator_scope(operator):
        found: Station = Station.objects.get(public_id=station["id"])
    return found


def test_a_station_is_created_with_a_password_shown_once(
    operator: Operator, client: APIClient
) -> None:
    site = make_site(operator=operator)
    body = {
        "identity": "CP-77",
        "site": site.public_id,
        "hands_off": True,
        "evses": [
            {"number": 1, "id": "SE*ABC*E000077*1", "max_power_w": 22_000},
            {"number": 2, "connectors": [{"number": 1, "connector_type": "CHADEMO"}]},
        ],
    }

    answer = client.post(f"{API}/stations/", body)

    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert len(bytes.fromhex(made["password"])) >= 16
    assert (made["hands_off"], made["status"], made["name"]) == (True, "unknown", "CP-77")
    assert [e["id"] for e in made["evses"]] == ["SE*ABC*E000077*1", None]
    assert made["evses"][1]["connectors"][0]["connector_type"] == "CHADEMO"
    digest = stored(made, operator).password_digest
    assert made["password"] not in digest
    assert check_password(made["password"].encode(), digest, settings.STATION_KEY)
    again = client.get(f"{API}/stations/cp-77").json()
    assert "password" not in again
    assert again["has_password"] is True
    with operator_scope(operator):
        assert made["password"] not in str(list(AuditEntry.objects.values()))


def test_a_password_of_the_callers_choice_and_a_new_one(
    operator: Operator, client: APIClient
) -> None:
    site = make_site(operator=operator)
    body = {"identity": "CP-1", "site": site.public_id, "password": "short"}

    made = client.post(f"{API}/stations", body).json()
    assert made["password"] == "short"
    fresh = client.post(f"{API}/stations/CP-1/password", {"reason": "lost"}).json()["password"]

    digest = stored(made, operator).password_digest
    assert check_password(fresh.encode(), digest, settings.STATION_KEY)
    assert not check_password(b"short", digest, settings.STATION_KEY)


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"identity": "has space"}, 422, "identity"),
        ({"identity": "a/b"}, 422, "identity"),
        ({"identity": "x" * 49}, 422, "identity"),
        ({"identity": ""}, 422, "identity"),
        ({"site": "site_nowhere"}, 422, "site"),
        ({"security_profile": 9}, 422, "security_profile"),
        ({"assume_subprotocol": "ocpp9"}, 422, "assume_subprotocol"),
        ({"evses": [{"number": 1, "id": "CP-9"}]}, 422, "public_id"),
        ({"evses": [{"number": 1}, {"number": 1}]}, 409, "number"),
        ({"identity": "TAKEN"}, 409, "identity"),
    ],
)
def test_a_bad_station_is_refused_whole(
    operator: Operator, client: APIClient, change: dict[str, Any], status: int, field: str
) -> None:
    site = make_site(operator=operator)
    make_station(identity="taken")
    body = {"identity": "CP-9", "site": site.public_id} | change

    answer = client.post(f"{API}/stations/", body)

    assert answer.status_code == status, answer.content
    assert answer.json()["error"]["field"] == field
    with operator_scope(operator):
        assert not Station.objects.exists()


def test_a_station_changes_retires_and_comes_back(operator: Operator, client: APIClient) -> None:
    station = make_station(operator=operator, identity="CP-1", evses=2)
    site = make_site(operator=operator)
    address = f"{API}/stations/{station.public_id}"

    changed = client.patch(
        address, {"name": "North", "site": site.public_id, "reason": "moved"}
    ).json()
    assert (changed["name"], changed["site"]["id"]) == ("North", site.public_id)
    retired = client.post(f"{address}/retire", {"reason": "old"})
    assert retired.status_code == 200
    assert all(e["retired_on"] for e in retired.json()["evses"])
    assert client.post(f"{address}/retire").status_code == 409
    assert client.get(f"{API}/stations").json()["count"] == 0
    assert client.get(f"{API}/stations?use=all").json()["count"] == 1
    back = client.post(f"{address}/reinstate").json()

    assert (back["retired_on"], back["evses"][0]["retired_on"]) == (None, None)
    with operator_scope(operator):
        entry = AuditEntry.objects.filter(verb="station.change").order_by("id").first()
    assert entry is not None
    assert entry.after["name"] == "North"
    assert entry.reason == "moved"


def test_an_identity_changes_only_to_a_free_one(operator: Operator, client: APIClient) -> None:
    make_station(operator=operator, identity="CP-1")
    make_station(identity="CP-2")

    assert client.patch(f"{API}/stations/CP-1", {"identity": "cp-1"}).status_code == 200
    assert client.patch(f"{API}/stations/CP-1", {"identity": "cp-2"}).status_code == 409


@pytest.mark.parametrize("identity", ["Å+1 |*".replace(" ", "_"), "50%off", "a=b@c"])
def test_percent_encoded_identities(operator: Operator, client: APIClient, identity: str) -> None:
    make_station(operator=operator, identity=identity)

    answer = client.get(f"{API}/stations/{quote(identity, safe='')}/")

    assert answer.status_code == 200
    assert answer.json()["identity"] == identity


def test_evses_and_connectors_are_added_and_changed(operator: Operator, client: APIClient) -> None:
    make_station(operator=operator, identity="CP-1", evses=0)
    base = f"{API}/stations/CP-1/evses"

    assert client.post(base, {"number": 3, "phases": 1}).status_code == 201
    assert client.post(base, {"number": 3}).status_code == 409
    assert client.patch(f"{base}/3", {"id": "se*abc"}).status_code == 422
    changed = client.patch(f"{base}/3", {"id": "SE*ABC*E3", "max_power_w": 11_000}).json()
    assert (changed["id"], changed["number"], changed["phases"]) == ("SE*ABC*E3", 3, 1)
    assert client.post(f"{base}/3/connectors", {"number": 2}).status_code == 201
    assert client.post(f"{base}/3/connectors", {"number": 2}).status_code == 409
    answer = client.patch(f"{base}/3/connectors/2", {"connector_type": "CHADEMO"})
    assert answer.json()["connector_type"] == "CHADEMO"
    assert client.get(f"{base}/9").status_code == 404
    rows = client.get(f"{API}/connectors?station=cp-1&status=unknown").json()["results"]
    assert [(r["evse"], r["number"]) for r in rows] == [(3, 1), (3, 2)]


def test_an_evse_id_that_is_taken_is_refused_neutrally(
    operator: Operator, client: APIClient
) -> None:
    make_evse(station=make_station(evses=0), public_id="SE*XYZ*E1")
    make_station(operator=operator, identity="CP-1")

    answer = client.patch(f"{API}/stations/CP-1/evses/1", {"id": "SE*XYZ*E1"})

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "evse_id_unavailable"


def test_sites_are_created_changed_and_retired(operator: Operator, client: APIClient) -> None:
    made = client.post(f"{API}/sites/", {"name": "Torget", "latitude": "56.05"}).json()
    address = f"{API}/sites/{made['id']}"

    assert client.post(f"{API}/sites", {"name": "Torget"}).status_code in (409, 422)
    assert client.post(f"{API}/sites", {"name": "B", "latitude": "91"}).status_code == 422
    assert client.patch(address, {"time_zone": "Mars/Base"}).json()["error"]["field"] == "time_zone"
    assert client.patch(address, {"power_limit_w": 90_000}).json()["power_limit_w"] == 90_000
    with operator_scope(operator):
        station = make_station(operator=operator)
        Station.objects.update(site_id=station.site_id)
    assert client.post(f"{API}/sites/{station.site.public_id}/retire").status_code == 409
    assert client.post(f"{address}/retire").json()["retired_on"] is not None
    assert client.post(f"{address}/retire").status_code == 409


def test_hostile_references_are_plain_404(client: APIClient) -> None:
    for ref in ("%00", "%0A", "..", "a%2Fb", "%F0%9F%92%A9", "x" * 3000, "%FF"):
        assert client.get(f"{API}/stations/{ref}/").status_code == 404
        assert client.get(f"{API}/sessions/{ref}/").status_code == 404
        assert client.get(f"{API}/nowhere/{ref}").status_code == 404
