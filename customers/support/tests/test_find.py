"""One field understands what a caller says, and says what it took it for."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Permission, Role
from core.tenancy.scopes import across_operators, operator_scope
from customers.support.find import understand
from stations.hardware.models import Evse, Station
from stations.ocpp.models import AuthorisationAttempt
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_driver, make_token
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def station(operator: Operator) -> Station:
    made: Station = make_station(operator=operator, name="Harbour 1", identity="CP-HARBOUR")
    with across_operators("tests make rows of any operator"):
        Evse.objects.filter(station=made).update(public_id="SE*ABC*E000123*1")
    return made


@pytest.fixture
def world(operator: Operator, station: Station) -> Station:
    dina = make_driver(
        operator=operator,
        name="Dina Dahl",
        email="dina@example.com",
        phone="070-123 45 67",
        employee_number="E-77",
        vehicles=("ABC123",),
    )
    make_token(operator=operator, uid="04A2B3C4", driver=dina, printed_number="NL 1001 22")
    make_session(station=station, public_id="se_receipt1", state="ended")
    return station


@pytest.mark.parametrize(
    ("text", "kind", "taken_for"),
    [
        ("SE*ABC*E000123*1", "evse", "EVSE id or code on the sign"),
        ("seabce0001231", "evse", "EVSE id or code on the sign"),
        ("000123*1", "evse", "EVSE id or code on the sign"),
        ("Harbour 1", "evse", "station"),
        ("cp-harbour", "evse", "station"),
        ("0701234567", "driver", "phone number"),
        ("+46 70 123 45 67", "driver", "phone number"),
        ("abc 123", "driver", "registration number"),
        ("04:a2:b3:c4", "token", "card"),
        (str(0x04A2B3C4), "token", "card"),
        ("C4B3A204", "token", "card"),
        ("nl1001-22", "token", "card"),
        ("se_receipt1", "session", "session or receipt number"),
        ("dina@example.com", "driver", "person"),
        ("e-77", "driver", "person"),
        ("dina d", "driver", "name or e-mail"),
    ],
)
def test_each_kind_is_understood(
    operator: Operator, world: Station, text: str, kind: str, taken_for: str
) -> None:
    with operator_scope(operator):
        found = understand(text, operator, lambda _permission: True)

    assert [(one.kind, str(one.taken_for)) for one in found] == [(kind, taken_for)]


def test_a_stranger_card_is_found_where_it_was_presented(
    operator: Operator, world: Station
) -> None:
    with operator_scope(operator):
        AuthorisationAttempt.objects.create(
            operator=operator,
            station=world,
            evse_number=1,
            at=timezone.now(),
            kind="authorize",
            id_token="DEADBEEF",
            decision="Invalid",
            reason_code="unknown_token",
        )
        found = understand("de:ad:be:ef", operator, lambda _permission: True)

        assert [one.kind for one in found] == ["attempt"]
        assert found[0].subjects.columns()["station"] == world


@pytest.mark.parametrize("text", ["", " ", "\x00", "nothing like it", "%", "'; --", "*" * 300])
def test_nonsense_finds_nothing(operator: Operator, world: Station, text: str) -> None:
    with operator_scope(operator):
        assert understand(text, operator, lambda _permission: True) == []


def test_only_what_the_caller_may_see_is_found(operator: Operator, world: Station) -> None:
    with operator_scope(operator):
        assert understand("Dina Dahl", operator, lambda p: p == Permission.NETWORK_VIEW) == []
    with operator_scope(make_operator()):
        assert understand("Dina Dahl", operator, lambda _permission: True) == []


def test_the_call_page_shows_the_only_thing_found(
    client: Client, operator: Operator, world: Station
) -> None:
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))

    page = client.get("/support/", {"q": "abc 123"}).content.decode()
    nothing = client.get("/support/", {"q": "nobody at all"}).content.decode()

    assert "Taken for a registration number: Dina Dahl" in page
    assert "04A2B3C4" in page
    assert "Nothing is called or numbered like this." in nothing
