"""Bulk actions by the API: what pages do to many rows, with the same services and rights."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from core.accounts.models import ApiToken, Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.lists import bulk
from core.lists.models import BulkRun
from core.tenancy.scopes import across_operators
from stations.hardware.models import Station
from tests.factories.api import api_client
from tests.factories.core import make_api_token, make_operator, make_person
from tests.factories.customers import make_token
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
RUNS = "/api/v1/bulk-runs/"
RETIRE = {"list": "stations", "action": "retire"}


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def retired() -> set[str]:
    with across_operators("the test looks at all of them"):
        rows = Station.objects.exclude(retired_on=None)
        return set(rows.values_list("identity", flat=True))


def outcomes(answer: Any) -> list[tuple[str, str]]:
    return [(row["outcome"], row["message"]) for row in answer.json()["rows"]]


def test_rows_are_chosen_by_ids_looked_at_and_then_confirmed_once(operator: Operator) -> None:
    first, second = (make_station(operator=operator) for _n in range(2))
    gone = make_station(operator=operator, retired_on="2026-01-01")
    client = api_client(operator)
    ids = [first.public_id, second.identity, gone.public_id]

    looked = client.post(RUNS, RETIRE | {"ids": ids}).json()
    assert (looked["state"], looked["row_count"]) == ("draft", 3)
    assert {row["id"] for row in looked["rows"]} == {s.public_id for s in (first, second, gone)}
    assert "refused at their next connection" in looked["consequence"]
    assert retired() == {gone.identity}
    confirm = f"{RUNS}{looked['id']}/confirm/"
    silent = client.post(confirm, {})
    done = client.post(confirm, {"values": {"reason": "contract ended"}})
    again = client.post(confirm, {"values": {"reason": "contract ended"}})

    assert silent.json()["errors"][0]["pointer"] == "/values/reason"
    assert sorted(outcomes(done)) == [
        ("done", ""),
        ("done", ""),
        ("refused", "The station has been retired already."),
    ]
    assert done.json()["outcomes"]["done"] == 2
    assert (again.status_code, again.json()["code"]) == (409, "confirmed_before")
    assert retired() == {first.identity, second.identity, gone.identity}
    refused = client.get(f"{RUNS}{looked['id']}/rows/?outcome=refused").json()["results"]
    assert [row["id"] for row in refused] == [gone.public_id]
    assert [run["id"] for run in client.get(RUNS).json()["results"]] == [looked["id"]]
    with across_operators("the test looks at all of them"):
        entries = AuditEntry.objects.filter(verb="station.change")
        assert set(entries.values_list("actor_kind", "reason")) == {("api_token", "contract ended")}


def test_rows_are_chosen_by_the_filter_of_the_list_and_done_at_once(operator: Operator) -> None:
    make_token(operator=operator, uid="CAFE01", label="Fleet")
    make_token(operator=operator, uid="CAFE02", label="Fleet")
    make_token(operator=operator, uid="BEEF01")
    client = api_client(operator)
    body = {"list": "tokens", "action": "expiry", "query": "q=fleet", "confirm": True}
    values = {"expires_at": "2027-01-01T00:00:00", "reason": "lease ends"}

    done = client.post(RUNS, body | {"values": values})

    assert (done.status_code, outcomes(done)) == (201, [("done", "")] * 2)
    listed = client.get("/api/v1/tokens/").json()["results"]
    expiries = {row["uid"]: row["expires_at"] for row in listed}
    assert expiries == {
        "CAFE01": "2027-01-01T00:00:00Z",
        "CAFE02": "2027-01-01T00:00:00Z",
        "BEEF01": None,
    }


def test_what_is_wrong_is_named_and_nothing_is_kept(operator: Operator) -> None:
    station, foreign = make_station(operator=operator), make_station(operator=make_operator())
    client = api_client(operator)
    good = RETIRE | {"ids": [station.public_id]}
    cases: list[tuple[dict[str, Any], str]] = [
        (good | {"query": ""}, "/ids"),
        (RETIRE, "/ids"),
        (good | {"ids": [foreign.public_id]}, "/ids"),
        (RETIRE | {"query": "status=ghost"}, "/query"),
        (RETIRE | {"query": "colour=red"}, "/query"),
        (good | {"list": "ghosts"}, "/list"),
        (good | {"action": "explode"}, "/action"),
        (good | {"confirm": True}, "/values/reason"),
        (good | {"values": {"reason": "x", "colour": "red"}}, "/values/colour"),
    ]

    for body, pointer in cases:
        answer = client.post(RUNS, body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), body

    with across_operators("the test looks at all of them"):
        assert not BulkRun.objects.exists()
    assert retired() == set()


def test_each_caller_has_the_actions_of_its_rights_and_its_own_runs(operator: Operator) -> None:
    station = make_station(operator=operator)
    weak = api_client(operator, permissions=["network.view", "command.send"])
    strong = api_client(operator)
    started = strong.post(RUNS, RETIRE | {"ids": [station.public_id]}).json()["id"]

    actions = weak.get("/api/v1/bulk-actions/").json()
    refused = weak.post(RUNS, RETIRE | {"ids": [station.public_id]})
    foreign = weak.post(f"{RUNS}{started}/confirm/", {"values": {"reason": "x"}})
    nobody = api_client(operator, permissions=["network.view"]).get(RUNS)

    assert [(one["list"], one["action"]) for one in actions] == [("stations", "command")]
    commands = {one["name"]: one["choices"] for one in actions[0]["values"]}["command"]
    assert "clear_cache" in commands
    assert "reset" not in commands
    assert refused.json()["errors"][0]["pointer"] == "/action"
    assert (foreign.status_code, nobody.status_code) == (404, 403)
    assert retired() == set()


def test_many_rows_are_left_to_the_worker_with_the_rights_and_sites_of_the_token(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    own = [make_station(operator=operator) for _n in range(2)]
    elsewhere = make_station(operator=operator)
    places = [one.site_id for one in own]
    token, secret = make_api_token(
        operator=operator, permissions=["network.view", "network.edit"], places=places
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    body = RETIRE | {"query": "", "confirm": True, "values": {"reason": "closed"}}

    queued, later = client.post(RUNS, body).json(), client.post(RUNS, body).json()
    assert (queued["state"], queued["row_count"]) == ("queued", 2)
    with across_operators("as the task does"):
        bulk.execute_waiting()
    assert client.get(f"{RUNS}{queued['id']}/").json()["outcomes"]["done"] == 2
    assert retired() == {one.identity for one in own}
    with across_operators("the token is revoked while a run waits"):
        again = BulkRun.objects.get(public_id=later["id"])
        again.rows.update(outcome="waiting")
        BulkRun.objects.filter(pk=again.pk).update(state="queued")
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=again.created_at)
        bulk.execute_waiting()
        assert set(again.rows.values_list("outcome", flat=True)) == {"refused"}
    assert elsewhere.identity not in retired()


def test_a_person_has_the_same_by_session(operator: Operator) -> None:
    station = make_station(operator=operator)
    client = APIClient()
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    body = RETIRE | {"ids": [station.public_id], "values": {"reason": "x"}, "confirm": True}

    done = client.post(RUNS, body)

    assert outcomes(done) == [("done", "")]
    assert "done" in client.get(f"/bulk/{done.json()['id']}/").content.decode().lower()
