"""Drivers: found by whatever a caller says, checked, audited, and the owners of tokens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from billing.accounts.dated import operator_day
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from customers.drivers.models import Driver
from customers.drivers.phone import normalise_phone
from customers.drivers.plate import normalise_plate
from customers.tokens.models import IdToken
from customers.tokens.people import attempts_of, sessions_of
from stations.ocpp.models import AuthorisationAttempt
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token
from tests.factories.stations import make_session, make_station


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.mark.parametrize(
    "text", ["070-123 45 67", "+46 70 123 45 67", "0046701234567", "+46 (0)70-123 45 67"]
)
def test_every_spelling_of_a_phone_number_is_one(text: str) -> None:
    assert normalise_phone(text, "SE") == "+46701234567"


@given(st.text(max_size=30))
def test_normal_forms_are_stable(text: str) -> None:
    phone, plate = normalise_phone(text, "SE"), normalise_plate(text)

    assert not phone or normalise_phone(phone, "SE") == phone
    assert normalise_plate(plate) == plate


def test_other_countries_keep_their_numbers() -> None:
    assert normalise_phone("12 34 56 78", "NO") == "+4712345678"
    assert normalise_phone("call me", "SE") == ""
    assert normalise_plate("abc 12-d") == "ABC12D"
    assert normalise_plate("?") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["Dina", "dina@ex", "0701234567", "70123", "abc 1", "e-77", "Lindens"],
)
def test_a_driver_is_found_by_whatever_a_caller_says(
    client: Client, operator: Operator, text: str
) -> None:
    company = make_company(operator=operator, name="Lindens Bygg")
    make_driver(
        operator=operator,
        name="Dina Dahl",
        email="dina@example.com",
        phone="070-123 45 67",
        employee_number="E-77",
        company=company,
        vehicles=("ABC123",),
    )
    make_driver(operator=operator, name="Carl", phone="0761112233", vehicles=("XYZ999",))

    found = api_client(operator).get("/api/v1/drivers/", {"q": text}).json()["results"]

    assert [driver["name"] for driver in found] == ["Dina Dahl"]


@pytest.mark.django_db
def test_the_api_creates_changes_and_blocks_a_driver(operator: Operator) -> None:
    client, company = api_client(operator), make_company(operator=operator)

    made = client.post(
        "/api/v1/drivers/",
        {
            "name": "Dina",
            "email": "dina@example.com",
            "phone": "070-1234567",
            "company": company.public_id,
            "vehicles": ["abc 123", "ABC123", "def456"],
        },
    )
    assert made.status_code == 201, made.content
    url = f"/api/v1/drivers/{made.json()['id']}"
    yesterday = (operator_day(operator) - timedelta(days=1)).isoformat()
    changed = client.patch(url, {"vehicles": ["GHI789"], "valid_until_on": yesterday})
    blocked = client.post(f"{url}/status", {"status": "blocked", "reason": "left"})

    assert made.json()["vehicles"] == ["ABC123", "DEF456"]
    assert made.json()["phone_normalised"] == "+46701234567"
    assert made.json()["company"] == company.public_id
    body = changed.json()
    assert (body["vehicles"], body["current_status"]) == (["GHI789"], "ended")
    assert (body["name"], body["company"]) == ("Dina", company.public_id)
    assert blocked.json()["current_status"] == "blocked"
    with operator_scope(operator):
        entry = AuditEntry.objects.get(verb="driver.change")
        assert entry.before["vehicles"] == ["ABC123", "DEF456"]
        assert AuditEntry.objects.get(verb="driver.block").reason == "left"


@pytest.mark.django_db
def test_a_day_of_validity_is_over_by_the_operators_clock(operator: Operator) -> None:
    client = api_client(operator)
    make_driver(operator=operator, name="Dina", valid_until_on=date(2026, 5, 1))

    with time_machine.travel("2026-05-01T22:30:00+00:00", tick=False):
        after_midnight = client.get("/api/v1/drivers/", {"status": "ended"}).json()["results"]
    with time_machine.travel("2026-05-01T21:30:00+00:00", tick=False):
        before = client.get("/api/v1/drivers/").json()["results"]

    assert [driver["current_status"] for driver in after_midnight] == ["ended"]
    assert [driver["current_status"] for driver in before] == ["active"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "taken@example.com"}, None),
        ({"email": "x"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"vehicles": ["???"]}, "vehicles"),
        ({"company": "co_x"}, "company"),
        ({"language": "tlh"}, "language"),
        ({"valid_from_on": "2026-05-02", "valid_until_on": "2026-05-01"}, "valid_until_on"),
        ({"name": ""}, "name"),
    ],
)
def test_bad_values_are_named_and_nothing_is_stored(
    operator: Operator, body: dict[str, Any], field: str | None
) -> None:
    make_driver(operator=operator, email="Taken@example.com")

    answer = api_client(operator).post("/api/v1/drivers/", {"name": "A"} | body)

    assert answer.status_code == 422
    assert answer.json()["error"].get("field") == field
    with operator_scope(operator):
        assert Driver.objects.count() == 1


@pytest.mark.django_db
def test_a_driver_of_another_operators_company_cannot_be_stored(operator: Operator) -> None:
    foreign = make_company(operator=make_operator())
    driver = make_driver(operator=operator)

    answer = api_client(operator).patch(
        f"/api/v1/drivers/{driver.public_id}", {"company": foreign.public_id}
    )

    assert answer.status_code == 422
    with (
        across_operators("the database must refuse"),
        transaction.atomic(),
        pytest.raises(IntegrityError),
    ):
        Driver.objects.filter(pk=driver.pk).update(company=foreign)


@pytest.mark.django_db
def test_a_token_changes_its_owner_and_keeps_one(operator: Operator) -> None:
    client = api_client(operator)
    driver, company = make_driver(operator=operator), make_company(operator=operator)

    owned = client.put("/api/v1/tokens/T-1", {"driver": driver.public_id}).json()
    pooled = client.patch("/api/v1/tokens/T-1", {"company": company.public_id}).json()
    both = client.patch(
        "/api/v1/tokens/T-1", {"company": company.public_id, "driver": driver.public_id}
    )
    unknown = client.patch("/api/v1/tokens/T-1", {"driver": "drv_x"})

    assert (owned["driver"], owned["company"]) == (driver.public_id, None)
    assert (pooled["driver"], pooled["company"]) == (None, company.public_id)
    assert (both.status_code, unknown.status_code) == (422, 422)
    with (
        operator_scope(operator),
        transaction.atomic(),
        pytest.raises(IntegrityError, match="id_token_one_owner"),
    ):
        IdToken.objects.update(driver=driver)


@pytest.mark.django_db
def test_pages_create_a_driver_and_give_them_a_card(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    values = {"name": "Dina", "email": "dina@example.com", "language": "sv", "vehicles": "abc 123"}

    assert client.post("/drivers/new/", values).status_code == 302
    with operator_scope(operator):
        driver = Driver.objects.get()
    card = {"uid": "04:A2:B3:C4", "driver": "dina@example.com", "kind": "rfid"}
    card |= {"purpose": "customer", "status": "active"}
    assert client.post("/tokens/new/", card).status_code == 302
    page = client.get(f"/drivers/{driver.public_id}/").content.decode()
    assert "04A2B3C4" in page
    assert "ABC123" in page
    form = client.post("/tokens/new/", card | {"uid": "T-2", "driver": "nobody"}).content.decode()
    assert "No driver has this name, number or address." in form


@pytest.mark.django_db
def test_sessions_belong_to_who_had_the_card_then(operator: Operator) -> None:
    station = make_station(operator=operator)
    first, second = make_driver(operator=operator), make_driver(operator=operator)
    make_token(operator=operator, uid="CARD-1", driver=second)
    own = make_session(station=station, id_token="card-1", state="ended")
    others = make_session(
        station=station,
        id_token="CARD-1",
        state="ended",
        token_snapshot={"driver": first.public_id},
    )
    with operator_scope(operator):
        AuthorisationAttempt.objects.create(
            operator=operator,
            station=station,
            at=timezone.now(),
            kind="start",
            id_token="CARD-1",
            decision="Invalid",
            reason_code="unknown_token",
        )

        assert list(sessions_of(second)) == [own]
        assert list(sessions_of(first)) == [others]
        assert attempts_of(second).count() == 1
        assert attempts_of(first).count() == 0
