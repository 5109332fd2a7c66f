"""Takeovers: how far each station has come, and whether the cards still work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.imports.models import ImportRun
from core.tenancy.scopes import across_operators, operator_scope
from customers.takeover import services
from customers.takeover.models import Cohort, CohortImport
from customers.takeover.progress import progress_of, runs_of
from stations.hardware.journal_models import ConnectionJournal
from stations.hardware.models import Station
from stations.ocpp.models import AuthorisationAttempt, Knock
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_driver, make_token
from tests.factories.stations import make_session, make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def make_run(operator: Operator, kind: str, rows: list[Any], state: str = "done") -> ImportRun:
    with operator_scope(operator):
        run: ImportRun = ImportRun.objects.create(
            operator=operator, public_id=f"imp_{kind}_{len(rows)}_{state}", kind=kind,
            user_label="x", file_name=f"{kind}.csv", size_bytes=1, original=b"", state=state,
            done_at=timezone.now(),
            objects_done=[{"line": 2, "kind": "create", "id": r.pk, "label": "x"} for r in rows],
        )  # fmt: skip
    return run


def make_cohort(operator: Operator, *runs: ImportRun) -> Cohort:
    with operator_scope(operator):
        cohort = services.create_cohort(operator=operator, name="Norr", previous="Old Co")
        Cohort.objects.filter(pk=cohort.pk).update(created_at=timezone.now() - timedelta(days=1))
        cohort.refresh_from_db()
        for run in runs:
            services.add_import(cohort=cohort, run=run)
    return cohort


def connect(station: Station, **fields: Any) -> None:
    now = timezone.now()
    values = {
        "id": station.pk, "received_at": now, "happened_at": now, "generation": 1,
        "kind": "connected", "operator_id": station.operator_id, "station_id": station.pk,
    } | fields  # fmt: skip
    ConnectionJournal.objects.bulk_create([ConnectionJournal(**values)])


def attempt(station: Station, card: str, decision: str) -> None:
    with across_operators("the test makes rows"):
        AuthorisationAttempt.objects.create(
            operator=station.operator, station=station, at=timezone.now(), kind="start",
            id_token=card, decision=decision,
        )  # fmt: skip


def test_each_station_shows_how_far_it_has_come(operator: Operator) -> None:
    site = make_site(operator=operator)
    waiting, knocked, connected, charged = (make_station(site=site, name=f"{n}") for n in range(4))
    Knock.objects.create(identity=knocked.identity, reason="wrong_password", station=knocked)
    connect(connected)
    connect(charged)
    make_session(station=charged, energy_wh=1200)
    make_session(station=connected, energy_wh=0)
    stations = [waiting, knocked, connected, charged]
    cohort = make_cohort(operator, make_run(operator, "stations", stations))

    with operator_scope(operator):
        progress = progress_of(cohort, runs_of(cohort))

    assert [one.stage for one in progress.stations] == [
        "waiting", "knocked", "connected", "charged",
    ]  # fmt: skip
    assert [bool(one.address_changed_at) for one in progress.stations] == [
        False, True, True, True,
    ]  # fmt: skip
    assert progress.stations[1].refusal == "The password was wrong."
    assert [one.session_count for one in progress.stations] == [0, 0, 0, 1]
    assert progress.counts == [("waiting", 1), ("knocked", 1), ("connected", 1), ("charged", 1)]
    assert not progress.is_complete


def test_what_happened_before_the_takeover_does_not_count(operator: Operator) -> None:
    station = make_station(operator=operator)
    before = timezone.now() - timedelta(days=3)
    connect(station, received_at=before, happened_at=before)
    make_session(station=station, energy_wh=1200, first_received_at=before)
    cohort = make_cohort(operator, make_run(operator, "stations", [station]))

    with operator_scope(operator):
        progress = progress_of(cohort, runs_of(cohort))

    assert [one.stage for one in progress.stations] == ["waiting"]


def test_cards_that_work_and_cards_that_are_refused_are_told(operator: Operator) -> None:
    station, elsewhere = make_station(operator=operator), make_station(operator=operator)
    first, second = make_token(operator=operator, uid="04A1B2C3"), make_token(operator=operator)
    attempt(station, "04a1b2c3", "Accepted")
    attempt(station, "DEADBEEF", "Invalid")
    attempt(station, "deadbeef", "Invalid")
    attempt(elsewhere, second.uid, "Accepted")
    cohort = make_cohort(
        operator,
        make_run(operator, "stations", [station]),
        make_run(operator, "tokens", [first, second]),
    )

    with operator_scope(operator):
        progress = progress_of(cohort, runs_of(cohort))

    assert (progress.token_count, progress.token_used_count) == (2, 1)
    assert progress.refused == [{"plain": "DEADBEEF", "count": 2}]


def test_the_page_adds_removes_and_closes(operator: Operator, client: Client) -> None:
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    station = make_station(operator=operator, name="Norr 1")
    run, draft = (
        make_run(operator, "stations", [station]),
        make_run(operator, "tokens", [], "draft"),
    )
    made = client.post("/takeovers/new/", {"name": "Norr", "previous": "Old Co"})
    address = made["Location"]
    assert b"Another" not in client.post("/takeovers/new/", {"name": "Norr"}).content

    client.post(address, {"add": run.public_id})
    refused = client.post(address, {"add": draft.public_id}, follow=True)
    unknown = client.post(address, {"add": "imp_of_others"}, follow=True)

    assert b"Import the file first." in refused.content
    assert b"There is no such import." in unknown.content
    assert b"Norr 1" in client.get(address).content
    assert b"Norr 1" not in client.get(f"{address}?stage=charged").content
    client.post(address, {"remove": run.public_id})
    assert b"Norr 1" not in client.get(address).content
    client.post(f"{address}close/", {"reason": "all moved"})
    closed = client.post(address, {"add": run.public_id}, follow=True)
    assert b"The takeover is closed." in closed.content
    with across_operators("the test looks at all of them"):
        assert not CohortImport.objects.exists()


def test_outsiders_and_roles_are_kept_out(operator: Operator) -> None:
    cohort = make_cohort(operator)
    uma, viewer = Client(), Client()
    uma.force_login(make_person(operator=make_operator()))
    viewer.force_login(make_person(operator=operator, role=Role.VIEWER))

    assert uma.get(f"/takeovers/{cohort.public_id}/").status_code == 404
    assert viewer.get(f"/takeovers/{cohort.public_id}/").status_code == 403


def test_the_number_of_queries_does_not_grow(operator: Operator, client: Client) -> None:
    client.force_login(make_person(operator=operator))
    counts = []
    for total in (2, 20):
        stations = [make_station(operator=operator) for _n in range(total)]
        run = make_run(operator, "stations", stations)
        with operator_scope(operator):
            cohort = services.create_cohort(operator=operator, name=f"Cohort {total}")
            services.add_import(cohort=cohort, run=run)
        client.get(f"/takeovers/{cohort.public_id}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/takeovers/{cohort.public_id}/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_api_begins_fills_and_closes_a_takeover(operator: Operator) -> None:
    client = api_client(operator)
    run = make_run(operator, "drivers", [make_driver(operator=operator)])
    foreign = make_run(make_operator(), "drivers", [])
    made = client.post("/api/v1/takeovers", {"name": "Harbour", "previous": "Old Grid"})
    url = f"/api/v1/takeovers/{made.json()['id']}"

    filled = client.post(f"{url}/imports", {"id": run.public_id})
    again = client.post(f"{url}/imports", {"id": run.public_id})
    unknown = client.post(f"{url}/imports", {"id": foreign.public_id})
    emptied = client.delete(f"{url}/imports", {"id": run.public_id})
    closed = client.post(f"{url}/close", {"reason": "All have charged"})

    assert (made.status_code, filled.json()["driver_count"]) == (201, 1)
    assert (again.status_code, unknown.status_code) == (409, 422)
    assert emptied.json()["driver_count"] == 0
    assert closed.json()["closed_at"]
    assert client.post(f"{url}/imports", {"id": run.public_id}).status_code == 409
    assert client.post("/api/v1/takeovers", {"name": "Harbour"}).status_code == 422
