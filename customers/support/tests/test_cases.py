"""Cases: opened from what was found, acted on within the role, all in one log, closed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Permission, Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from customers.drivers.models import Driver
from customers.support.actions import ACTIONS
from customers.support.models import CaseEntry, SupportCase
from stations.commands.models import Command
from stations.hardware.models import Evse, Station
from stations.ocpp.models import AuthorisationAttempt
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_driver, make_token
from tests.factories.stations import make_limited_member, make_session, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def station(operator: Operator) -> Station:
    made: Station = make_station(operator=operator, identity="CP-1")
    return made


@pytest.fixture
def driver(operator: Operator) -> Driver:
    made = make_driver(operator=operator, name="Dina Dahl", email="dina@example.com")
    make_token(operator=operator, uid="CARD1", driver=made)
    return made


@pytest.fixture
def case(operator: Operator, station: Station, driver: Driver) -> SupportCase:
    with operator_scope(operator):
        made: SupportCase = SupportCase.objects.create(
            operator=operator,
            public_id="case_1",
            driver=driver,
            station=station,
            evse=Evse.objects.get(station=station),
            opened_by_label="sixten",
        )
    return made


def login(client: Client, operator: Operator, role: str = Role.SUPPORT) -> None:
    client.force_login(make_person(operator=operator, role=role))


def commands(operator: Operator) -> list[Command]:
    with operator_scope(operator):
        return list(Command.objects.order_by("id"))


def test_a_call_becomes_a_case_with_place_and_person(
    client: Client, operator: Operator, station: Station, driver: Driver
) -> None:
    login(client, operator)

    opened = client.post(
        "/support/cases/new/",
        {"q": "dina@example.com", "kind": "driver", "ref": driver.public_id, "caller_name": "Dina"},
    )
    url = opened["Location"]
    client.post(f"{url}link/", {"q": "cp-1"})

    with operator_scope(operator):
        case = SupportCase.objects.get()
        kinds = list(CaseEntry.objects.order_by("id").values_list("kind", flat=True))
        verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert (case.driver_id, case.station_id) == (driver.pk, station.pk)
    assert case.caller_name == "Dina"
    assert case.evse_id is not None
    assert kinds == ["opened", "linked"]
    assert verbs == ["case.open", "case.change"]


def test_the_page_answers_why_in_one_look(
    client: Client, operator: Operator, station: Station, case: SupportCase
) -> None:
    with operator_scope(operator):
        row = AuthorisationAttempt.objects.create(
            operator=operator,
            station=station,
            evse_number=1,
            at=timezone.now(),
            kind="authorize",
            id_token="FFFF0000",
            decision="Invalid",
            reason_code="unknown_token",
        )
    login(client, operator)

    page = client.get("/support/cases/case_1/").content.decode()
    client.post("/support/cases/case_1/note/", {"attempt": row.pk})

    assert "Why was the card refused?" in page
    assert "The token is not known here." in page
    assert f"/authorisations/{row.pk}/assign/?driver={case.driver and case.driver.public_id}" in (
        page
    )
    assert "Here and now:" in page
    with operator_scope(operator):
        assert CaseEntry.objects.get(kind="attempt").attempt_id == row.pk


@pytest.mark.parametrize(
    ("action", "values", "command", "parameters"),
    [
        ("start", {}, "remote_start", {"id_token": "CARD1", "evse": 1}),
        ("goodwill", {"reason": "our fault"}, "remote_start", {"id_token": "FREE", "evse": 1}),
        ("stop", {"reason": "asked"}, "remote_stop", {"transaction": "77"}),
        ("unlock", {"reason": "stuck"}, "unlock_connector", {"evse": 1}),
        ("restart", {"reason": "frozen"}, "reset", {"type": "soft"}),
    ],
)
def test_each_action_sends_its_command_into_the_log(
    client: Client,
    operator: Operator,
    station: Station,
    driver: Driver,
    case: SupportCase,
    action: str,
    values: dict[str, str],
    command: str,
    parameters: dict[str, Any],
) -> None:
    make_token(operator=operator, uid="FREE", purpose="goodwill", kind="virtual")
    with operator_scope(operator):
        card = driver.tokens.get()
        evse = case.evse
    if action == "stop":
        make_session(station=station, evse=evse, ocpp_transaction_id="77")
    login(client, operator)

    form = client.get(f"/support/cases/case_1/do/{action}/")
    answer = client.post(f"/support/cases/case_1/do/{action}/", {"token": card.pk} | values)

    assert form.status_code == 200
    assert answer.status_code == 302, answer.content.decode()
    (sent,) = commands(operator)
    assert sent.command == command
    assert sent.parameters.items() >= parameters.items()
    assert sent.reason.startswith("case_1")
    with operator_scope(operator):
        entry = CaseEntry.objects.get(kind="command")
    assert (entry.command_id, entry.text) == (sent.pk, values.get("reason", ""))


@pytest.mark.parametrize("action", [name for name, a in ACTIONS.items() if a.needs_reason])
def test_an_action_without_a_reason_is_refused(
    client: Client, operator: Operator, case: SupportCase, action: str
) -> None:
    login(client, operator)

    assert client.post(f"/support/cases/case_1/do/{action}/", {"reason": " "}).status_code == 200
    assert commands(operator) == []


def test_what_is_missing_is_said(client: Client, operator: Operator, case: SupportCase) -> None:
    login(client, operator)

    stop = client.post("/support/cases/case_1/do/stop/", {"reason": "x"}).content.decode()
    goodwill = client.post("/support/cases/case_1/do/goodwill/", {"reason": "x"}).content.decode()

    assert "No session runs there." in stop
    assert "There is no active token with the purpose goodwill." in goodwill
    assert client.get("/support/cases/case_1/do/explode/").status_code == 404
    assert commands(operator) == []


def test_rights_of_the_role_limit_the_actions(operator: Operator, case: SupportCase) -> None:
    caller = api_client(operator, permissions=[Permission.CASE_VIEW, Permission.CASE_WORK])
    url = "/api/v1/cases/case_1/actions"

    for action in ACTIONS:
        answer = caller.post(url, {"action": action, "reason": "x", "token": "CARD1"})
        assert answer.status_code == 403, action
    assert commands(operator) == []


def test_a_technician_reads_cases_without_people_and_cannot_work(
    client: Client, operator: Operator, case: SupportCase
) -> None:
    login(client, operator, Role.TECHNICIAN)

    page = client.get("/support/cases/case_1/").content.decode()

    assert "Dina Dahl" not in page
    assert "What can be done" not in page
    assert client.get("/support/").status_code == 403
    assert client.post("/support/cases/case_1/note/", {"text": "x"}).status_code == 403
    assert "Dina Dahl" not in client.get("/support/cases/").content.decode()


def test_a_fault_is_reported_and_found(
    client: Client, operator: Operator, case: SupportCase
) -> None:
    login(client, operator)

    client.post("/support/cases/case_1/fault/", {"text": "Cable torn"})

    with operator_scope(operator):
        entry = CaseEntry.objects.get(kind="fault")
    assert entry.data["evse_number"] == 1
    assert "case_1" in client.get("/support/cases/", {"fault": "true"}).content.decode()
    assert "case_1" not in client.get("/support/cases/", {"fault": "false"}).content.decode()


def test_a_closed_case_takes_nothing_until_it_is_opened_again(
    client: Client, operator: Operator, case: SupportCase
) -> None:
    login(client, operator)

    closed = client.post("/support/cases/case_1/close/", {"outcome": "solved", "text": "ok"})
    client.post("/support/cases/case_1/note/", {"text": "late"})
    client.post("/support/cases/case_1/do/restart/", {"reason": "late"})
    with operator_scope(operator):
        case.refresh_from_db()
        assert (case.state, case.outcome) == ("closed", "solved")
        assert set(CaseEntry.objects.values_list("kind", flat=True)) == {"closed"}
    assert closed.status_code == 302
    assert commands(operator) == []

    client.post("/support/cases/case_1/close/")
    client.post("/support/cases/case_1/note/", {"text": "in time"})
    with operator_scope(operator):
        case.refresh_from_db()
        assert (case.state, case.outcome, case.closed_at) == ("open", "", None)
        assert CaseEntry.objects.filter(kind="note", text="in time").exists()


def test_the_api_does_the_whole_call(operator: Operator, station: Station, driver: Driver) -> None:
    client = api_client(operator)

    found = client.get("/api/v1/support/search", {"q": "cp-1"}).json()
    opened = client.post("/api/v1/cases/", {"q": "cp-1", "caller_name": "Dina"})
    url = f"/api/v1/cases/{opened.json()['id']}"
    linked = client.patch(url, {"q": "dina@example.com"})
    unclear = client.patch(url, {"q": "nobody at all"})
    acted = client.post(f"{url}/actions", {"action": "start", "token": "card1"})
    client.post(f"{url}/entries", {"text": "Waits."})
    closed = client.post(f"{url}/close", {"outcome": "charging"})
    again = client.post(f"{url}/close", {"outcome": "charging"})

    assert [one["taken_for"] for one in found] == ["station"]
    assert opened.status_code == 201
    assert linked.json()["driver"] == driver.public_id
    assert unclear.status_code == 422
    assert (acted.status_code, acted.json()["command_state"]) == (201, "queued")
    assert (closed.json()["state"], again.status_code) == ("closed", 409)
    log = client.get(f"{url}/entries").json()["results"]
    assert [row["kind"] for row in log] == ["closed", "note", "command", "linked", "opened"]
    assert client.post(f"{url}/reopen").json()["state"] == "open"


def test_a_limited_member_opens_cases_at_own_places_alone(
    client: Client, operator: Operator, station: Station
) -> None:
    member = make_limited_member(station.site, operator=operator, role=Role.SUPPORT)
    client.force_login(member)

    client.post("/support/cases/new/", {"q": ""})
    with operator_scope(operator):
        assert not SupportCase.objects.exists()
    client.post("/support/cases/new/", {"q": "cp-1"})
    with operator_scope(operator):
        assert SupportCase.objects.get().station == station


def test_the_case_page_asks_the_same_for_much_and_little(
    client: Client, operator: Operator, station: Station, driver: Driver, case: SupportCase
) -> None:
    login(client, operator)

    def count() -> int:
        client.get("/support/cases/case_1/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/support/cases/case_1/")
        return len(queries)

    with operator_scope(operator):
        grow(operator, station, driver, case, 1)
        few = count()
        grow(operator, station, driver, case, 12)

    assert count() == few <= 30


def grow(
    operator: Operator, station: Station, driver: Driver, case: SupportCase, rows: int
) -> None:
    for _n in range(rows):
        CaseEntry.objects.create(operator=operator, case=case, kind="note", author_label="x")
        make_session(station=station, state="ended", evse_number=1, id_token="CARD1")
        AuthorisationAttempt.objects.create(
            operator=operator,
            station=station,
            at=timezone.now(),
            kind="authorize",
            id_token="CARD1",
            decision="Accepted",
            reason_code="accepted",
            token_snapshot={"driver": driver.public_id},
        )
