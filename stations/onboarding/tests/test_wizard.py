"""The way to a new station by pages, and how far it has come."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Evse, Station, StationLink
from stations.hardware.passwords import check_password
from stations.ocpp.models import Knock
from stations.onboarding import services
from stations.onboarding.models import StationDraft
from stations.onboarding.simulating import simulate_line
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db

STATION = {"name": "North", "identity": "CP-NEW", "version": "2.0.1", "security_profile": 1}
EVSES = {
    "count": 2,
    "evse_1_public_id": "SE*NLJ*E000001*1",
    "evse_1_max_power_w": 22_000,
    "evse_1_current_type": "AC_3_PHASE",
    "evse_1_phases": 3,
    "evse_1_connector": "IEC_62196_T2",
    "evse_2_public_id": "",
    "evse_2_current_type": "DC",
    "evse_2_phases": 3,
    "evse_2_connector": "IEC_62196_T2_COMBO",
    "evse_2_second": "CHADEMO",
    "evse_2_is_tethered": "on",
}


@pytest.fixture
def operator() -> Operator:
    return make_operator(party_id="NLJ")


@pytest.fixture
def olga(client: Client, operator: Operator) -> Client:
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    return client


def draft_of(client: Client, operator: Operator, **first: Any) -> str:
    """The address of the second step, after the first."""
    site = make_site(operator=operator)
    answer = client.post("/stations/new/", {"site": site.public_id, **first})
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def secret_in(page: str) -> str:
    found = re.search(r'id="station-secret">.*?<code[^>]*>([0-9a-f]{40})</code>', page, re.S)
    assert found, page
    return found[1]


def test_three_steps_make_a_station_and_show_its_password(olga: Client, operator: Operator) -> None:
    second = draft_of(olga, operator)
    third = olga.post(second, STATION)["Location"]
    assert "SE*NLJ*E000001*1" in olga.get(third).content.decode()

    answer = olga.post(third, EVSES)

    page = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "/CP-NEW" in page
    assert "manage.py simulate --identities CP-NEW --password" in page
    with operator_scope(operator):
        station = Station.objects.get()
        parts = [
            (e.public_id, e.current_type, [c.connector_type for c in e.connectors.all()])
            for e in Evse.objects.order_by("number")
        ]
        assert AuditEntry.objects.filter(verb="station.create").count() == 1
    assert parts == [
        ("SE*NLJ*E000001*1", "AC_3_PHASE", ["IEC_62196_T2"]),
        (None, "DC", ["IEC_62196_T2_COMBO", "CHADEMO"]),
    ]
    assert check_password(secret_in(page).encode(), station.password_digest, settings.STATION_KEY)


def test_the_last_step_sent_twice_makes_one_station_and_shows_the_same(
    olga: Client, operator: Operator
) -> None:
    third = olga.post(draft_of(olga, operator), STATION)["Location"]

    first, again = (olga.post(third, EVSES).content.decode() for _twice in (1, 2))

    assert secret_in(first) == secret_in(again)
    with operator_scope(operator):
        station = Station.objects.get()
    olga.post(f"/stations/{station.public_id}/waiting/")
    later = olga.post(third, EVSES)
    assert later["Location"] == f"/stations/{station.public_id}/waiting/"
    with operator_scope(operator):
        assert StationDraft.objects.get().nonce == ""


def test_a_taken_identity_is_refused_neutrally_and_nothing_is_half_made(
    olga: Client, operator: Operator
) -> None:
    make_station(identity="CP-ELSEWHERE")
    second = draft_of(olga, operator)

    answer = olga.post(second, STATION | {"identity": "cp-elsewhere"})
    assert b"This identity is not available." in answer.content
    third = olga.post(second, STATION)["Location"]
    refused = olga.post(third, EVSES | {"evse_2_public_id": "SE*NLJ*E000001*1"})

    assert b"This EVSE id is not available." in refused.content
    with operator_scope(operator):
        assert not Station.objects.exists()


def test_the_catalogue_fills_in_and_the_number_of_evses_can_change(
    olga: Client, operator: Operator
) -> None:
    with operator_scope(operator):
        model = HardwareModel.objects.create(
            operator=operator,
            public_id="hm_1",
            vendor="Boreal",
            model="BP 150",
            evses=[
                {"max_power_w": 150_000, "current_type": "DC", "phases": 3, "connectors": [
                    {"connector_type": "IEC_62196_T2_COMBO", "is_tethered": True}]}
            ],
        )  # fmt: skip
    third = olga.post(draft_of(olga, operator), STATION | {"hardware_model": "hm_1"})["Location"]

    page = olga.get(third).content.decode()
    assert 'name="evse_1_max_power_w" value="150000"' in page
    assert "evse_2_" not in page
    wider = olga.post(third, {"count": 3, "resize": "1"}).content.decode()
    assert "evse_3_public_id" in wider
    olga.post(third, EVSES)

    with operator_scope(operator):
        station = Station.objects.get()
    assert (station.vendor, station.model, station.hardware_model_id) == (
        "Boreal",
        "BP 150",
        model.pk,
    )


def test_a_station_that_knocked_comes_in_prefilled(olga: Client, operator: Operator) -> None:
    second = draft_of(olga, operator, identity="CP-KNOCKED")

    page = olga.get(second).content.decode()

    assert page.count('value="CP-KNOCKED"') == 2  # identity, and the name to begin with


def test_the_waiting_page_tells_of_knocks_then_turns_green(
    olga: Client, operator: Operator
) -> None:
    station = make_station(operator=operator, identity="CP-1", is_connected=False, hands_off=True)
    url = f"/stations/{station.public_id}/waiting/"
    StationLink.objects.filter(station_id=station.pk).update(generation=0)
    Knock.objects.create(identity="CP-1", reason="wrong_password", station=station)
    Knock.objects.create(identity="CP-l", reason="unknown_station")

    waiting = olga.get(url).content.decode()
    assert 'data-phase="waiting"' in waiting
    assert "The password was wrong." in waiting
    assert "Enter the password again" in waiting
    assert "CP-l" in waiting
    now = timezone.now() + timedelta(seconds=1)
    links = StationLink.objects.filter(station_id=station.pk)
    links.update(is_connected=True, connected_at=now, ocpp_version="1.6", generation=1)
    connected = olga.get(url + "live/").content.decode()
    assert 'data-phase="connected"' in connected
    assert "tone-ok" in connected
    assert "The password was wrong." not in connected
    links.update(booted_at=now, boot_status="accepted")
    assert 'data-phase="configured"' in olga.get(url).content.decode()


def test_drafts_go_and_secrets_are_forgotten(operator: Operator) -> None:
    now = timezone.now()
    with operator_scope(operator):
        site = make_site(operator=operator)
        old = services.begin_draft(site=site, by=None, values={})
        StationDraft.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=8))
        fresh = services.begin_draft(site=site, by=None, values={})

    with across_operators("as the task does"):
        services.purge_drafts(now=now)

        assert list(StationDraft.objects.values_list("pk", flat=True)) == [fresh.pk]


def test_the_command_line_survives_odd_identities() -> None:
    assert simulate_line("a b;$x", "", "1.6").endswith("--identities 'a b;$x' --versions 1.6")
