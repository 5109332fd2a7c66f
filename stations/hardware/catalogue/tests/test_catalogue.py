"""The catalogue by API and pages, stations that are matched, sessions that are read again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.catalogue.tasks import match_stations
from stations.hardware.models import Station
from stations.sessions.models import Session
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db
API = "/api/v1/catalogue"
EVSE = {
    "max_power_w": 22_000,
    "current_type": "AC_3_PHASE",
    "phases": 3,
    "connectors": [{"connector_type": "IEC_62196_T2"}],
}


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def client(operator: Operator) -> APIClient:
    return api_client(operator)


def made(client: APIClient, **more: Any) -> dict[str, Any]:
    body = {"vendor": "Boreal", "model": "BP 150", "evses": [EVSE]} | more
    answer = client.post(API, body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_station_is_matched_when_it_says_what_it_is(
    operator: Operator, client: APIClient
) -> None:
    model = made(client)
    body = {"name": "single_phase", "value": True, "firmware": "<2.0", "reason": "seen"}
    client.post(f"{API}/{model['id']}/quirks", body)
    station = make_station(operator=operator)
    stranger = make_station()  # of another operator

    def says(**boot: str) -> Station:
        with operator_scope(operator):
            Station.objects.filter(pk=station.pk).update(**boot)
        match_stations()
        with operator_scope(operator):
            station.refresh_from_db()
        return station

    says(vendor="BOREAL", model="bp 150", firmware_version="1.9")
    assert station.catalogue_quirks == {"single_phase": True}
    with operator_scope(operator):
        assert station.hardware_model_id == HardwareModel.objects.get().pk
    assert says(firmware_version="2.0").catalogue_quirks == {}
    match_stations()
    with operator_scope(operator):
        assert AuditEntry.objects.filter(verb="station.match").count() == 2
    with operator_scope(stranger.operator):
        stranger.refresh_from_db()
    assert stranger.hardware_model_id is None


def test_a_change_of_quirks_reads_older_sessions_only_when_asked(
    operator: Operator, client: APIClient
) -> None:
    model = made(client)
    now = timezone.now()
    station = make_station(operator=operator, vendor="Boreal", model="BP 150")
    for days in (1, 40):
        begun = now - timedelta(days=days)
        make_session(station=station, state="ended", reconcile_due=False, first_received_at=begun)

    quirk = {"name": "energy_without_unit_is_kwh", "value": True}
    added = client.post(f"{API}/{model['id']}/quirks", quirk)
    assert added.status_code == 201
    with operator_scope(operator):
        assert Station.objects.get().catalogue_quirks == {"energy_without_unit_is_kwh": True}
        assert not Session.objects.filter(reconcile_due=True).exists()
    since = (now - timedelta(days=30)).isoformat()
    refused = client.post(f"{API}/{model['id']}/reread", {"since": since})
    assert refused.status_code == 422
    answer = client.post(f"{API}/{model['id']}/reread", {"since": since, "reason": "new quirk"})

    assert answer.json() == {"sessions": 1}
    with operator_scope(operator):
        assert Session.objects.filter(reconcile_due=True).count() == 1
        assert AuditEntry.objects.get(verb="station.reread").reason == "new quirk"
    number = added.json()["id"]
    gone = client.post(f"{API}/{model['id']}/quirks/{number}/remove", {"reason": "wrong"})
    assert gone.json()["quirks"] == []
    with operator_scope(operator):
        assert Station.objects.get().catalogue_quirks == {}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "warp", "value": True}, "value"),
        ({"name": "phases", "value": 9}, "value"),
        ({"name": "single_phase", "value": True, "firmware": ">>1"}, "firmware"),
    ],
)
def test_a_bad_quirk_is_refused(client: APIClient, body: dict[str, Any], field: str) -> None:
    model = made(client)

    refused = client.post(f"{API}/{model['id']}/quirks", body)

    assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)


def test_models_are_known_once_and_their_evses_checked(client: APIClient) -> None:
    model = made(client)

    assert client.post(API, {"vendor": "boreal", "model": "bp 150"}).status_code == 409
    bad = client.post(API, {"vendor": "B", "model": "C", "evses": [{"phases": 9}]})
    assert bad.json()["error"]["field"] == "evses"
    assert client.patch(f"{API}/{model['id']}", {"name": "Big one"}).json()["name"] == "Big one"
    renamed = client.patch(f"{API}/{model['id']}", {"model": "Kvist 44"}).json()
    assert renamed["model"] == "Kvist 44"
    assert client.post(f"{API}/{model['id']}/retire", {"reason": "old"}).json()["retired_on"]
    assert client.post(f"{API}/{model['id']}/retire", {"reason": "old"}).status_code == 409
    assert client.get(API).json()["count"] == 0


def test_pages_make_a_model_a_quirk_and_own_quirks_of_a_station(operator: Operator) -> None:
    olga = Client()
    olga.force_login(make_person(operator=operator, role=Role.OWNER))
    station = make_station(operator=operator, vendor="Boreal", model="BP 150")
    form = {
        "vendor": "Boreal", "model": "BP 150", "security_profile": 1, "count": 2,
        "current_type": "DC", "phases": 3, "connector": "CHADEMO", "max_power_w": 50_000,
    }  # fmt: skip
    home = olga.post("/catalogue/new/", form)["Location"]
    olga.post(f"{home}quirks/new/", {"name": "phases", "value": "2", "reason": "seen"})
    own = {"single_phase": "no", "energy_factor": "1,5", "reason": "transformer"}
    olga.post(f"/stations/{station.public_id}/quirks/", own)

    page = olga.get(f"/stations/{station.public_id}/hardware/").content.decode()
    with operator_scope(operator):
        station.refresh_from_db()
        assert HardwareModel.objects.get().evses[1]["connectors"][0]["connector_type"] == "CHADEMO"
    assert station.quirks == {"single_phase": False, "energy_factor": "1.5"}
    assert station.catalogue_quirks == {"phases": 2}
    assert "Phases that make a whole sum: 2" in page
    assert "Energy is to be multiplied by: 1.5" in page
    assert "Phases" in olga.get(home).content.decode()
    wrong = olga.post(f"/stations/{station.public_id}/quirks/", {"phases": "x", "reason": "y"})
    assert b"phases must be 1, 2 or 3" in wrong.content
