"""Pages and API of uptime: figures, drill-down, corrections, and who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from stations.uptime.models import CauseStatement, Outage, UptimeState
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_station
from tests.factories.uptime import make_cause, make_outage

pytestmark = pytest.mark.django_db
_WHY = "tests read rows of any operator"


def signed_in(role: str, operator: Operator) -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, role=role))
    return client


def test_the_report_shows_figures_and_its_file_is_the_same() -> None:
    operator = make_operator()
    station = make_station(operator=operator, name="Quay 1", evses=1, model="X1")
    make_outage(station)
    olga = signed_in("control_room", operator)

    page = olga.get("/uptime/?by=station").content.decode()
    sent: Any = olga.get("/uptime/?by=station&format=csv")
    file = b"".join(sent.streaming_content).decode("utf-8-sig")

    assert "Quay 1" in page
    assert "95.83 %" in page
    assert "Fault of the station" in page
    row = dict(zip(*[line.split(",") for line in file.splitlines()[:2]], strict=True))
    assert (row["availability_pct"], row["outage_min"], row["outages"]) == ("95.8333", "60.0", "1")
    for by in ("month", "site", "evse", "model", "firmware"):
        assert olga.get(f"/uptime/?by={by}").status_code == 200
    assert olga.get("/uptime/?by=moon&format=csv").status_code == 400


def test_an_outage_is_corrected_with_a_reason_and_stays_as_it_is() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    outage = make_outage(station)
    with across_operators(_WHY):
        UptimeState.objects.create(
            operator=operator, station=station, next_at=timezone.now() + timedelta(days=1)
        )
    olga = signed_in("control_room", operator)
    before = str(outage.began_at)

    answer = olga.post(
        f"/outages/{outage.public_id}/cause/",
        {"cause": "vandalism", "reason": "Cable cut", "evidence": "Police report 7"},
    )

    with across_operators(_WHY):
        made = CauseStatement.objects.get()
        assert answer["Location"] == f"/outage-causes/{made.public_id}/"
        assert (made.state, made.began_at, made.ended_at) == (
            "proposed", outage.began_at, outage.ended_at,
        )  # fmt: skip
    olga.post(f"/outage-causes/{made.public_id}/approve/")
    with across_operators(_WHY):
        made.refresh_from_db()
        outage.refresh_from_db()
        assert made.state == "approved"
        assert made.approved_by
        assert (str(outage.began_at), outage.cause) == (before, "hardware")
        assert UptimeState.objects.get().dirty_from_at == outage.began_at
        verbs = AuditEntry.objects.filter(verb__startswith="cause.").values_list("verb", "reason")
        assert set(verbs) == {("cause.state", "Cable cut"), ("cause.approve", "")}
    olga.post(f"/outage-causes/{made.public_id}/approve/")
    with across_operators(_WHY):
        assert AuditEntry.objects.filter(verb="cause.approve").count() == 1


def test_who_may_not_approve_changes_nothing() -> None:
    operator = make_operator()
    cause = make_cause(make_station(operator=operator))

    refused = signed_in("technician", operator).post(f"/outage-causes/{cause.public_id}/approve/")
    foreign = signed_in("owner", make_operator()).post(f"/outage-causes/{cause.public_id}/approve/")

    assert (refused.status_code, foreign.status_code) == (403, 404)
    with across_operators(_WHY):
        cause.refresh_from_db()
    assert (cause.state, cause.approved_by) == ("proposed", "")


def test_the_api_states_approves_and_lists() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    outage = make_outage(station)
    client = api_client(operator)
    window = {
        "site": station.site.public_id, "station": station.public_id, "evse_number": 1,
        "cause": "maintenance", "began_at": "2026-01-01T08:00:00Z",
        "ended_at": "2026-01-01T10:00:00Z", "reason": "New fan",
    }  # fmt: skip

    made = client.post("/api/v1/outage-causes/", window)
    wrong = client.post("/api/v1/outage-causes/", window | {"ended_at": window["began_at"]})
    approved = client.post(f"/api/v1/outage-causes/{made.json()['id']}/approve", {})
    rows = client.get("/api/v1/uptime/?by=site").json()
    listed = client.get("/api/v1/outages/").json()["results"]

    assert (made.status_code, approved.json()["state"]) == (201, "approved")
    assert wrong.status_code == 422
    assert (rows[0]["outage_min"], rows[0]["nevi_ports_above_97"]) == (60.0, 0)
    assert [one["id"] for one in listed] == [outage.public_id]
    with across_operators(_WHY):
        assert CauseStatement.objects.count() == 1
        assert Outage.objects.count() == 1
