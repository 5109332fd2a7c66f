"""EVSE ids, and EVSEs and connectors out of use and back."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.evse_ids import next_stem, prefix_of, proposal, stem_of
from stations.hardware.models import StationLink
from stations.sessions.models import Session, SessionState
from tests.factories.api import api_client
from tests.factories.core import make_operator
from tests.factories.stations import make_evse, make_session, make_site, make_station

pytestmark = pytest.mark.django_db
API = "/api/v1/stations/CP-1"


@pytest.fixture
def operator() -> Operator:
    return make_operator(party_id="NLJ")


@pytest.fixture
def client(operator: Operator) -> APIClient:
    return api_client(operator)


def test_ids_are_counted_by_operator_and_shared_within_a_station() -> None:
    prefix = prefix_of("se", "nlj")
    taken = ["SE*NLJ*E000041*1", "SE*NLJ*E7", "SE*ABC*E000999*1"]

    assert next_stem(prefix, taken) == "SE*NLJ*E000042"
    assert next_stem(prefix, []) == "SE*NLJ*E000001"
    assert stem_of("SE*NLJ*E000041*1") == "SE*NLJ*E000041"
    assert stem_of("SE*NLJ*E7") is None
    assert proposal("SE*NLJ*E000041", 1, taken) == "SE*NLJ*E000041*11"


def test_an_evse_gets_the_next_free_id_once(operator: Operator, client: APIClient) -> None:
    other = make_station(operator=operator, evses=0)
    make_evse(station=other, public_id="SE*NLJ*E000041*1")
    station = make_station(operator=operator, identity="CP-1", evses=0)
    make_evse(station=station, public_id=None)
    make_evse(station=station, public_id=None, number=2)

    assert client.post(f"{API}/evses/1/public-id").json()["id"] == "SE*NLJ*E000042*1"
    assert client.post(f"{API}/evses/2/public-id").json()["id"] == "SE*NLJ*E000042*2"
    assert client.post(f"{API}/evses/2/public-id").status_code == 409


def test_an_id_stays_once_somebody_charged_under_it(operator: Operator, client: APIClient) -> None:
    station = make_station(operator=operator, identity="CP-1", evses=0)
    evse = make_evse(station=station, public_id="SE*NLJ*E1*1")
    assert client.patch(f"{API}/evses/1", {"id": "SE*NLJ*E2*1"}).status_code == 200

    make_session(station=station)
    refused = client.patch(f"{API}/evses/1", {"id": "SE*NLJ*E3*1"})

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "evse_id_in_use")
    with operator_scope(operator):
        evse.refresh_from_db()
    assert evse.public_id == "SE*NLJ*E2*1"


def test_an_evse_retires_and_comes_back_with_reasons(operator: Operator, client: APIClient) -> None:
    station = make_station(operator=operator, identity="CP-1", evses=2)
    session = make_session(station=station)

    busy = client.post(f"{API}/evses/1/retire", {"reason": "broken"})
    assert busy.json()["error"]["code"] == "evse_busy"
    with across_operators("the session ends"):
        Session.objects.filter(pk=session.pk).update(state=SessionState.ENDED)
    assert client.post(f"{API}/evses/1/retire", {"reason": "broken"}).json()["retired_on"]
    assert client.post(f"{API}/evses/1/retire", {"reason": "again"}).status_code == 409
    assert client.post(f"{API}/evses/1/reinstate", {"reason": "mended"}).status_code == 200

    with operator_scope(operator):
        entries = AuditEntry.objects.filter(object_type="stations.evse").order_by("id")
        assert list(entries.values_list("verb", "reason")) == [
            ("evse.retire", "broken"),
            ("evse.reinstate", "mended"),
        ]


def test_a_retired_connector_counts_no_more(operator: Operator, client: APIClient) -> None:
    make_station(operator=operator, identity="CP-1")
    cable = {"number": 2, "connector_type": "IEC_62196_T2_COMBO", "is_tethered": True}
    made = client.post(f"{API}/evses/1/connectors", cable | {"cable_length_cm": 450})
    assert made.json()["cable_length_cm"] == 450

    assert client.post(f"{API}/evses/1/connectors/1/retire").json()["retired_on"]
    last = client.post(f"{API}/evses/1/connectors/2/retire")
    assert last.json()["error"]["code"] == "last_connector"
    assert client.post(f"{API}/evses/1/connectors/1/reinstate").json()["retired_on"] is None


def test_a_retired_station_loses_its_connection(operator: Operator, client: APIClient) -> None:
    station = make_station(operator=operator, identity="CP-1")

    client.post(f"{API}/retire", {"reason": "sold"})

    link = StationLink.objects.get(station_id=station.pk)
    assert (link.is_connected, link.generation) == (False, 2)


def test_public_elements_are_written_and_checked(operator: Operator, client: APIClient) -> None:
    make_station(operator=operator, identity="CP-1")
    good: dict[str, Any] = {
        "payment_ways": ["app", "qr_code"],
        "vehicle_types": ["car"],
        "meter_mid_year": 2024,
        "grant_state": "granted",
        "grant_ends_on": "2031-05-01",
    }

    answer = client.patch(f"{API}/evses/1", good)

    assert {name: answer.json()[name] for name in good} == good
    for bad in ({"payment_ways": ["gold"]}, {"meter_mid_year": 1890}, {"grant_state": "x"}):
        refused = client.patch(f"{API}/evses/1", bad)
        assert refused.status_code == 422, refused.content


def test_hours_of_a_site_are_written_read_as_ocpi_and_refused(
    operator: Operator, client: APIClient
) -> None:
    site = f"/api/v1/sites/{make_site(operator=operator).public_id}"
    hours = {"twentyfourseven": True, "exceptions": [{"on": "2026-12-24"}]}

    made = client.patch(site, {"opening_hours": hours, "public_access": "public"}).json()

    assert made["opening_hours"]["exceptions"] == [{"on": "2026-12-24", "periods": [], "note": ""}]
    assert made["opening_times"]["exceptional_closings"][0]["period_begin"] == (
        "2026-12-23T23:00:00Z"
    )
    assert (made["public_holidays"][0]["periods"], len(made["public_holidays"])) == (
        [{"period_begin": "00:00", "period_end": "24:00"}],
        13,
    )
    closed = client.patch(site, {"opening_hours": hours | {"public_holidays": []}}).json()
    assert [one["periods"] for one in closed["public_holidays"]] == [[]] * 13
    assert len(closed["opening_times"]["exceptional_closings"]) == 14
    abroad = {"country_code": "ZZ", "opening_hours": hours | {"public_holidays": []}}
    assert client.patch(site, abroad).json()["code"] == "no_holidays"
    refused = client.patch(site, {"opening_hours": {"regular_hours": [{"weekday": 9}]}})
    assert refused.json()["error"]["field"] == "opening_hours"
    assert client.patch(site, {"opening_hours": None}).json()["is_open"] is None
    assert client.post(f"{site}/reinstate").status_code == 409
    client.post(f"{site}/retire", {"reason": "gone"})
    assert client.post(f"{site}/reinstate", {"reason": "back"}).json()["retired_on"] is None
