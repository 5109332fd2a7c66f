"""Vehicles: one of each number, found by whoever calls, kept by the sessions of their cards."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import InvalidInput
from core.tenancy.scopes import operator_scope
from core.tenancy.today import operator_today
from customers.authorisation.cards import snapshot_of
from customers.authorisation.lookup import find_known_token
from customers.drivers.models import Vehicle
from customers.drivers.services import change_driver
from customers.drivers.vehicle_services import change_vehicle, create_vehicle
from customers.support.find import understand
from customers.tokens.models import IdToken
from customers.tokens.services import put_token
from customers.vehicles.ending import end_vehicle
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token, make_vehicle
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def test_the_api_adds_changes_and_ends_a_vehicle_with_its_cards(operator: Operator) -> None:
    client, company = api_client(operator), make_company(operator=operator)
    body = {"registration_number": "abc 12d", "company": company.public_id, "make": "Volvo"}

    made = client.post("/api/v1/vehicles/", body)
    assert made.status_code == 201, made.content
    url = f"/api/v1/vehicles/{made.json()['id']}"
    card = client.post("/api/v1/tokens/", {"uid": "CAFE0001", "vehicle": made.json()["id"]})
    changed = client.patch(url, {"cost_centre": "4100", "use": "pool"})
    ended = client.post(f"{url}/end", {"last_on": "2026-01-31", "ends_tokens": True})

    assert made.json()["registration_number"] == "ABC12D"
    assert (card.json()["vehicle"], card.json()["company"]) == (
        made.json()["id"], company.public_id,
    )  # fmt: skip
    assert (changed.json()["cost_centre"], changed.json()["token_count"]) == ("4100", 1)
    assert ended.json()["current_status"] == "ended"
    with operator_scope(operator):
        token = IdToken.objects.get()
        verbs = AuditEntry.objects.filter(verb__startswith="vehicle.").order_by("pk")
        assert list(verbs.values_list("verb", flat=True)) == [
            "vehicle.create", "vehicle.change", "vehicle.end",
        ]  # fmt: skip
    assert token.expires_at == datetime(2026, 1, 31, 23, tzinfo=UTC)


def test_a_taken_number_is_refused_and_names_the_holder_to_who_may_know(operator: Operator) -> None:
    dina, carl = (make_driver(operator=operator, name=name) for name in ("Dina Dahl", "Carl"))
    make_vehicle(operator=operator, registration_number="ABC123", driver=dina)
    body = {"registration_number": "abc-123", "driver": carl.public_id}

    told = api_client(operator).post("/api/v1/vehicles/", body)
    untold = api_client(operator, {"driver.edit"}).post("/api/v1/vehicles/", body)
    stolen = api_client(operator).patch(
        f"/api/v1/drivers/{carl.public_id}", {"vehicles": ["ABC123"]}
    )

    assert (told.status_code, untold.status_code, stolen.status_code) == (422, 422, 422)
    assert "Dina Dahl" in told.json()["error"]["message"]
    assert "Dina" not in untold.json()["error"]["message"]
    assert "Dina Dahl" in stolen.json()["error"]["message"]
    with operator_scope(operator):
        assert list(Vehicle.objects.values_list("driver__name", flat=True)) == ["Dina Dahl"]
    other = make_operator()
    make_vehicle(operator=other, driver=make_driver(operator=other), registration_number="ABC123")


def test_a_change_leaves_what_somebody_else_changed_meanwhile(operator: Operator) -> None:
    car = make_vehicle(operator=operator, company=make_company(operator=operator))

    with operator_scope(operator):
        end_vehicle(vehicle=Vehicle.objects.get(), last_on=date(2026, 1, 31))
        change_vehicle(vehicle=car, make="Kia")
        kept = Vehicle.objects.get()

    assert (kept.make, kept.valid_until_on) == ("Kia", date(2026, 1, 31))


def test_a_number_that_was_added_just_now_is_refused_in_words(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = make_company(operator=operator)

    def meanwhile(_vehicle: Vehicle, **_options: object) -> None:
        make_vehicle(operator=operator, company=company, registration_number="ABC123")

    monkeypatch.setattr(Vehicle, "full_clean", meanwhile)
    with operator_scope(operator), pytest.raises(InvalidInput, match="ABC123") as refused:
        create_vehicle(operator=operator, registration_number="abc 123", company=company)

    assert (refused.value.code, refused.value.field) == ("vehicle_taken", "registration_number")


def test_a_session_keeps_the_vehicle_of_its_card_on_its_days(operator: Operator) -> None:
    company = make_company(operator=operator)
    driver = make_driver(operator=operator, company=company, cost_centre="100")
    car = make_vehicle(
        operator=operator, registration_number="ABC123", driver=driver, cost_centre="200"
    )
    token = make_token(operator=operator, uid="CAFE0002", driver=driver, vehicle=car)
    site = make_station(operator=operator).site

    def snapshot() -> dict[str, object]:
        with operator_scope(operator):
            known = find_known_token(operator.pk, token.uid, site.pk)
        assert known is not None
        return snapshot_of(known)

    valid = snapshot()
    with operator_scope(operator):
        Vehicle.objects.filter(pk=car.pk).update(valid_until_on=date(2026, 1, 1))
    ended = snapshot()

    assert (valid["vehicle"], valid["registration_number"]) == (car.public_id, "ABC123")
    assert (valid["cost_centre"], ended["cost_centre"]) == ("200", "100")
    assert "vehicle" not in ended


def test_a_number_taken_from_a_driver_stays_where_it_has_charged(operator: Operator) -> None:
    driver = make_driver(operator=operator, vehicles=("USED12", "TYPO12"))
    with operator_scope(operator):
        used = Vehicle.objects.get(registration_number="USED12")
    make_session(
        station=make_station(operator=operator), token_snapshot={"vehicle": used.public_id}
    )

    with operator_scope(operator):
        change_driver(driver=driver, vehicles=["NEW123"])
        left = dict(Vehicle.objects.values_list("registration_number", "driver__name"))

    assert left == {"NEW123": driver.name, "USED12": None}


def test_a_card_takes_the_owner_of_its_vehicle_and_no_other_companys(operator: Operator) -> None:
    own, other = make_company(operator=operator), make_company(operator=operator)
    pool = make_vehicle(operator=operator, company=own)

    with operator_scope(operator):
        token, _created = put_token(operator=operator, uid="CAFE0003", vehicle=pool)
        with pytest.raises(InvalidInput, match="another company"):
            put_token(operator=operator, uid="CAFE0003", company=other)
        found = understand(pool.registration_number, operator, lambda _permission: True)
        taken, _created = put_token(operator=operator, uid="CAFE0003", company=None)

    assert token.company == own
    assert (taken.company, taken.driver, taken.vehicle) == (None, None, pool)
    assert [(one.kind, one.ref) for one in found] == [("token", str(token.pk))]


def test_pages_add_a_vehicle_and_show_its_sessions(operator: Operator) -> None:
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    driver = make_driver(operator=operator, name="Dina Dahl")
    url = f"/vehicles/new/?driver={driver.public_id}"
    values = {"registration_number": "abc 123", "driver": driver.public_id, "make": "Kia"}

    made = client.post(url, values)
    with operator_scope(operator):
        car = Vehicle.objects.get()
    session = make_session(
        station=make_station(operator=operator), token_snapshot={"vehicle": car.public_id}
    )
    page = client.get(made["Location"]).content.decode()
    listed = client.get("/vehicles/", {"q": "dina"}).content.decode()
    sessions = client.get("/sessions/", {"vehicle": car.public_id}).content.decode()
    ended = client.post(f"/vehicles/{car.public_id}/end/", {"last_on": operator_today()})

    assert made["Location"] == f"/vehicles/{car.public_id}/"
    assert (car.registration_number, car.driver_id) == ("ABC123", driver.pk)
    assert session.public_id in page
    assert "ABC123" in listed
    assert session.public_id in sessions
    assert ended.status_code == 302
