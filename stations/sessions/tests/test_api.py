"""REST of sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from stations.hardware.models import Station
from stations.sessions.models import MeterReading, Session, SessionState
from tests.factories.api import api_client
from tests.factories.core import make_operator
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def station(operator: Operator) -> Station:
    return make_station(operator=operator, identity="CP-1", evses=2)


@pytest.fixture
def client(operator: Operator) -> APIClient:
    return api_client(operator)


def ids(client: APIClient, **query: Any) -> list[str]:
    answer = client.get("/api/v1/sessions/", query)
    assert answer.status_code == 200, answer.content
    return [s["id"] for s in answer.json()["results"]]


def test_sessions_are_listed_newest_first_and_filtered(station: Station, client: APIClient) -> None:
    other = make_station(site=station.site, identity="CP-2")
    ended = make_session(
        station=station,
        state=SessionState.ENDED,
        first_received_at=NOON,
        ocpp_transaction_id="4711",
        stop_reason="EVDisconnected",
    )
    live = make_session(
        station=station, id_token="abc", first_received_at=NOON + timedelta(hours=1)
    )
    away = make_session(station=other, first_received_at=NOON + timedelta(hours=2))

    assert ids(client) == [away.public_id, live.public_id, ended.public_id]
    assert ids(client, station="cp-1") == [live.public_id, ended.public_id]
    assert ids(client, station=other.public_id) == [away.public_id]
    assert ids(client, id_token="ABC") == [live.public_id]
    assert ids(client, open="true") == [away.public_id, live.public_id]
    assert ids(client, open="false") == [ended.public_id]
    assert ids(client, ocpp_transaction_id="4711", stop_reason="EVDisconnected") == [
        ended.public_id
    ]
    assert ids(client, started_after="2030-01-01T00:00:00Z") == []
    assert client.get("/api/v1/sessions/?open=perhaps&state=x").status_code == 422
    assert client.get("/api/v1/sessions/?id_token=%00").status_code == 422


def test_a_session_comes_with_its_readings(station: Station, client: APIClient) -> None:
    session = make_session(station=station)
    for minutes, value in ((10, "1500.5"), (0, "1000")):
        MeterReading.objects.create(
            id=minutes + 1,
            received_at=NOON,
            operator_id=station.operator_id,
            station_id=station.pk,
            session_id=session.pk,
            at=NOON + timedelta(minutes=minutes),
            measurand="Energy.Active.Import.Register",
            unit="Wh",
            value=Decimal(value),
            raw=value,
        )

    body = client.get(f"/api/v1/sessions/{session.public_id}").json()
    page = client.get(f"/api/v1/sessions/{session.public_id}/readings/").json()

    assert [r["value"] for r in body["readings"]] == ["1000.0000", "1500.5000"]
    assert body["readings"][0]["at"] == "2026-05-01T12:00:00Z"
    assert page["results"] == body["readings"]
    assert (body["station"], body["is_open"]) == ("CP-1", True)


def test_a_session_is_closed_by_hand_once(
    operator: Operator, station: Station, client: APIClient
) -> None:
    session = make_session(station=station, last_fact_at=NOON, power_w=Decimal(7000))
    address = f"/api/v1/sessions/{session.public_id}/close/"

    closed = client.post(address, {"reason": "Station was replaced"})

    assert closed.status_code == 200
    body = closed.json()
    assert (body["state"], body["is_open"], body["is_held"]) == ("end_missing", False, True)
    assert body["stopped_at"] == "2026-05-01T12:00:00Z"
    assert [f["code"] for f in body["findings"]] == ["closed_by_hand"]
    assert client.post(address).json()["error"]["code"] == "session_not_active"
    with operator_scope(operator):
        kept = Session.objects.get()
        entry = AuditEntry.objects.get(verb="session.close")
    assert kept.reconcile_due is True
    assert (entry.reason, entry.before, entry.after["state"]) == (
        "Station was replaced",
        {"state": "active"},
        "end_missing",
    )


def test_quirks_of_a_station_are_stored_only_when_they_are_known(
    operator: Operator, station: Station, client: APIClient
) -> None:
    address = "/api/v1/stations/CP-1/quirks/"
    known = {"energy_factor": "2", "kwh_labelled_wh": True}

    assert client.put(address, {"quirks": known, "reason": "Seen"}).status_code == 200
    for unknown in ({"sings": True}, {"energy_factor": -1}, {"energy_unit": "J"}):
        answer = client.put(address, {"quirks": unknown})
        assert answer.status_code == 422
        assert answer.json()["error"]["field"] == "quirks"

    with operator_scope(operator):
        assert Station.objects.get().quirks == known
