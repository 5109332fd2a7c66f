"""Attempts: the reason in words, the cure, and an unknown card that becomes a driver's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Permission, Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from customers.attempts.cures import cure_of
from customers.attempts.selectors import attempt_rows
from customers.attempts.words import explain
from customers.drivers.models import Driver
from customers.tokens.models import IdToken
from stations.hardware.models import Station
from stations.ocpp.authorisation import reasons
from stations.ocpp.models import AuthorisationAttempt
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def station(operator: Operator) -> Station:
    return make_station(operator=operator, name="Harbour 1")


def attempt(station: Station, **fields: Any) -> AuthorisationAttempt:
    values: dict[str, Any] = {
        "at": timezone.now(),
        "kind": "authorize",
        "id_token": "04A2B3C4",
        "decision": "Invalid",
        "reason_code": "unknown_token",
    }
    with operator_scope(station.operator):
        made: AuthorisationAttempt = AuthorisationAttempt.objects.create(
            operator=station.operator, station=station, **(values | fields)
        )
    return made


def test_every_refusal_of_ours_has_a_cure() -> None:
    for code in set(reasons.WORDS) - {reasons.ACCEPTED}:
        for level in ("token", "driver", "company"):
            assert cure_of(code, level, has_owner=False).text, code
    assert cure_of("roaming_hub_says_no").text == ""
    assert cure_of("energy_limit", "company").action == "company"
    assert cure_of("unknown_token", has_owner=True).action == "token"


def test_a_limit_is_told_with_whose_it_was_and_how_much(
    operator: Operator, station: Station
) -> None:
    company = make_company(operator=operator, name="Lindens")
    attempt(
        station,
        decision="Blocked",
        reason_code="energy_limit",
        token_snapshot={
            "company": company.public_id,
            "company_name": "Lindens",
            "printed_number": "N 1",
            "refusal": {"level": "company", "limit": 50_000, "used": 61_000},
        },
    )

    with operator_scope(operator):
        told = explain(attempt_rows().get())

    assert told.reason == "The company has used its energy for this month. 61 of 50 kWh."
    assert told.cure_url == f"/companies/{company.public_id}/"
    assert told.printed_number == "N 1"
    assert (told.person.company_name, told.person.driver_name) == ("Lindens", "")


def test_the_list_shows_person_card_reason_and_cure(
    client: Client, operator: Operator, station: Station
) -> None:
    driver = make_driver(operator=operator, name="Dina Dahl")
    make_token(
        operator=operator, uid="B10C", driver=driver, printed_number="NL 1001", status="blocked"
    )
    attempt(station, id_token="b10c", decision="Blocked", reason_code="blocked")
    attempt(station)
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))

    page = client.get("/authorisations/").content.decode()
    found = client.get("/authorisations/", {"q": "Dahl"}).content.decode()
    by_number = client.get("/authorisations/", {"q": "nl1001"}).content.decode()
    client.force_login(make_person(operator=operator, role=Role.VIEWER))
    for_a_viewer = client.get("/authorisations/").content.decode()

    assert "Dina Dahl" in page
    assert "NL 1001" in page
    assert "Activate the card if the reason for the block is gone." in page
    assert "Give to a driver" in page
    for text in (found, by_number):
        assert "b10c" in text
        assert "04A2B3C4" not in text
    assert "Dina Dahl" not in for_a_viewer
    assert "Give to a driver" not in for_a_viewer


def test_an_unknown_card_becomes_a_drivers_and_is_audited(
    client: Client, operator: Operator, station: Station
) -> None:
    row = attempt(station)
    driver = make_driver(operator=operator, email="dina@example.com")
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    url = f"/authorisations/{row.pk}/assign/"

    assert client.get(url).status_code == 200
    answer = client.post(url, {"driver": "dina@example.com", "printed_number": "NL 7"})

    assert answer.status_code == 302
    with operator_scope(operator):
        token = IdToken.objects.get()
        entry = AuditEntry.objects.get(verb="token.create")
    assert (token.uid, token.driver_id, token.printed_number) == ("04A2B3C4", driver.pk, "NL 7")
    assert entry.reason == "Presented at Harbour 1 and refused."
    again = client.post(url, {"driver": "dina@example.com"}).content.decode()
    assert "The card belongs to somebody already." in again


def test_a_new_driver_is_made_on_the_way(
    client: Client, operator: Operator, station: Station
) -> None:
    row = attempt(station)
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))

    neither = client.post(f"/authorisations/{row.pk}/assign/", {}).content.decode()
    made = client.post(f"/authorisations/{row.pk}/assign/", {"name": "Dina", "phone": "0701234567"})

    assert "Choose a driver, or name a new one; not both." in neither
    assert made.status_code == 302
    with operator_scope(operator):
        driver = Driver.objects.get()
        assert driver.phone_normalised == "+46701234567"
        assert IdToken.objects.get().driver == driver


def test_the_api_tells_cures_and_gives_cards(operator: Operator, station: Station) -> None:
    row = attempt(station)
    client = api_client(operator)
    url = f"/api/v1/authorisation-attempts/{row.pk}/assign"

    listed = client.get("/api/v1/authorisation-attempts/").json()["results"][0]
    both = client.post(url, {"driver": "drv_x", "new_driver": {"name": "A"}})
    made = client.post(url, {"new_driver": {"name": "Dina"}})
    taken = client.post(url, {"new_driver": {"name": "Dina"}})

    assert listed["cure"] == "Make the card a driver's, if the caller is one."
    assert listed["reason_text"] == "The token is not known here."
    assert (both.status_code, made.status_code, taken.status_code) == (422, 200, 409)
    assert client.get("/api/v1/authorisation-attempts/").json()["results"][0]["driver_name"] == (
        "Dina"
    )


def test_callers_who_may_not_see_people_read_none(operator: Operator, station: Station) -> None:
    owner = {"driver": "drv_1", "driver_name": "Dina", "uid": "X"}
    attempt(station, decision="Accepted", reason_code="accepted", token_snapshot=owner)
    make_session(station=station, token_snapshot=owner)
    reader = api_client(operator, permissions=[Permission.SESSION_VIEW])

    shown = reader.get("/api/v1/authorisation-attempts/").json()["results"][0]
    session = reader.get("/api/v1/sessions/").json()["results"][0]

    assert (shown["driver_name"], shown["token_snapshot"]) == ("", {"uid": "X"})
    assert session["token_snapshot"] == {"uid": "X"}


def test_the_session_page_says_who_charged(
    client: Client, operator: Operator, station: Station
) -> None:
    driver = make_driver(operator=operator, name="Dina Dahl")
    session = make_session(
        station=station,
        id_token="X-1",
        token_snapshot={"driver": driver.public_id, "driver_name": "Dina Dahl"},
    )
    url = f"/sessions/{session.public_id}/"

    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    assert f"/drivers/{driver.public_id}/" in client.get(url).content.decode()
    client.force_login(make_person(operator=operator, role=Role.VIEWER))
    assert "Dina Dahl" not in client.get(url).content.decode()
