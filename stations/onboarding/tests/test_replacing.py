"""Another unit behind the same station."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.models import DeviceVariable, Evse, Station, StationLink
from stations.hardware.passwords import check_password
from stations.hardware.unit_models import HardwareUnit
from stations.sessions.surroundings import quirks_of
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db
API = "/api/v1/stations"


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def client(operator: Operator) -> APIClient:
    return api_client(operator)


@pytest.fixture
def station(operator: Operator) -> Station:
    return make_station(
        operator=operator,
        identity="CP-OLD",
        serial_number="S1",
        vendor="Boreal",
        firmware_version="1.0",
        quirks={"single_phase": True},
        created_at=timezone.now() - timedelta(days=30),
    )


NEW = {"identity": "CP-NEW", "serial_number": "S2", "fate": "repair", "reason": "dead display"}


def test_ids_sessions_and_history_stay_and_the_unit_changes(
    operator: Operator, client: APIClient, station: Station
) -> None:
    session = make_session(station=station)
    with operator_scope(operator):
        DeviceVariable.objects.create(operator=operator, station=station, variable="A", value="1")
        public_id = Evse.objects.get().public_id

    made = client.post(f"{API}/CP-OLD/replace", NEW).json()

    assert (made["id"], made["identity"]) == (station.public_id, "CP-NEW")
    assert (made["serial_number"], made["vendor"], made["firmware_version"]) == ("S2", "", "")
    with operator_scope(operator):
        station.refresh_from_db()
        session.refresh_from_db()
        assert Evse.objects.get().public_id == public_id
        assert session.station_id == station.pk
        assert not DeviceVariable.objects.exists()
        unit = HardwareUnit.objects.get()
        entries = (
            AuditEntry.objects.filter(object_type="stations.station")
            .order_by("id")
            .values_list("verb", "reason")
        )
        assert list(entries) == [
            ("station.replace", "dead display"),
            ("station.set_password", "dead display"),
        ]
    assert check_password(made["password"].encode(), station.password_digest, settings.STATION_KEY)
    assert (unit.identity, unit.serial_number, unit.fate) == ("CP-OLD", "S1", "repair")
    assert unit.installed_at == station.created_at
    link = StationLink.objects.get(station_id=station.pk)
    assert (link.is_connected, link.generation) == (False, 2)
    listed = client.get(f"{API}/CP-NEW/units").json()["results"]
    assert [row["identity"] for row in listed] == ["CP-OLD"]
    waiting = client.get(f"{API}/CP-NEW/first-connection").json()
    assert waiting["phase"] == "waiting"


def test_sessions_are_read_with_the_quirks_of_the_unit_of_their_time(
    client: APIClient, station: Station
) -> None:
    before = timezone.now() - timedelta(days=1)
    client.post(f"{API}/CP-OLD/replace", NEW)

    with across_operators("as the worker does"):
        station.refresh_from_db()
        assert quirks_of(station, before).phases == 1
        assert quirks_of(station, timezone.now()).phases == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"identity": "cp-taken"}, 409),
        ({"fate": "moon"}, 422),
        ({"reason": ""}, 422),
        ({"hardware_model": "hm_nowhere"}, 422),
        ({"identity": "a b"}, 422),
    ],
)
def test_a_bad_replacement_changes_nothing(
    operator: Operator, client: APIClient, station: Station, change: dict[str, str], status: int
) -> None:
    make_station(identity="CP-TAKEN")

    assert client.post(f"{API}/CP-OLD/replace", NEW | change).status_code == status

    with operator_scope(operator):
        station.refresh_from_db()
        assert not HardwareUnit.objects.exists()
    assert (station.identity, station.serial_number) == ("CP-OLD", "S1")


def test_the_form_sent_twice_replaces_once(operator: Operator, station: Station) -> None:
    olga = Client()
    olga.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    url = f"/stations/{station.public_id}/replace/"

    first = olga.post(url, NEW | {"units": 0})
    again = olga.post(url, NEW | {"units": 0})

    assert b"station-secret" in first.content
    assert again["Location"] == f"/stations/{station.public_id}/waiting/"
    with operator_scope(operator):
        unit = HardwareUnit.objects.get()
    page = olga.get(f"/stations/{station.public_id}/hardware/").content.decode()
    assert "CP-OLD" in page
    assert "dead display" in page
    olga.post(f"/stations/{station.public_id}/units/{unit.pk}/", {"fate": "scrap", "reason": "x"})
    with operator_scope(operator):
        unit.refresh_from_db()
    assert unit.fate == "scrap"
