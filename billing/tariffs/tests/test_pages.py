"""Pages of tariffs, without JavaScript."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion, VersionState
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators
from stations.hardware.models import Evse
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_station
from tests.factories.tariffs import make_tariff, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Operator:
    made = make_operator()
    client.force_login(make_person(operator=made, role=Role.ACCOUNTANT, language="en"))
    return made


def only(model: Any, **where: Any) -> Any:
    with across_operators("tests make rows of any operator"):
        return model.objects.get(**where)


def none_of(model: Any) -> bool:
    with across_operators("tests make rows of any operator"):
        return not model.objects.exists()


HOME = {"name": "Home", "audience": "consumer", "currency": "SEK", "vat": "25", "do": "save"}


def test_a_housing_association_makes_a_price_publishes_and_assigns_it(
    client: Client, operator: Operator
) -> None:
    made = client.post("/tariffs/new/price/", HOME | {
        "starter": "kwh_idle",
        "energy_price": "3,25", "idle_per_minute": "1.5", "grace_minutes": "15", "idle_cap": "200",
        "is_night_free": "on",
    })  # fmt: skip
    tariff = only(Tariff)
    assert made.headers["Location"] == f"/tariffs/{tariff.public_id}/"
    draft = only(TariffVersion)
    parts = draft.document["elements"][0]["price_components"]
    assert [(p["type"], p["price"]) for p in parts] == [("ENERGY", 3.25), ("PARKING_TIME", 90)]

    client.post(
        f"/tariffs/{tariff.public_id}/publish/", {"digest": draft.digest, "reason": "First"}
    )
    station = make_station(operator=operator)
    client.post(
        f"/tariffs/{tariff.public_id}/assign/",
        {"station": station.public_id, "evse_number": "1", "connector_type": ""},
    )

    assert only(TariffVersion).state == VersionState.PUBLISHED
    assert only(TariffAssignment).evse_id == only(Evse, station=station).pk
    page = client.get(f"/tariffs/{tariff.public_id}/").content.decode()
    assert "In force" in page
    assert f"{station.name}, EVSE 1" in page


def test_the_week_grid_becomes_rules_and_comes_back_marked(
    client: Client, operator: Operator
) -> None:
    hours = [f"{day}-{hour}" for day in range(5) for hour in range(7, 19)]
    client.post("/tariffs/new/price/", HOME | {
        "starter": "time_of_day",
        "energy_price": "3", "second_price": "5", "hours": hours,
    })  # fmt: skip
    tariff = only(Tariff)

    document = only(TariffVersion).document
    page = client.get(f"/tariffs/{tariff.public_id}/draft/").content.decode()

    assert document["elements"][0]["restrictions"] == {
        "start_time": "07:00",
        "end_time": "19:00",
        "day_of_week": ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"],
    }
    assert page.count(" checked") == len(hours) + 1  # free at night


def test_the_preview_shows_warnings_and_stores_nothing(client: Client, operator: Operator) -> None:
    answer = client.post("/tariffs/preview/", HOME | {
        "starter": "kwh", "energy_price": "4", "start_fee": "5", "is_for_guests": "on",
    })  # fmt: skip
    wrong = client.post("/tariffs/preview/", HOME | {"starter": "kwh", "energy_price": "x"})

    assert "There may be no start fee" in answer.content.decode()
    assert "as soon as every field can be read" in wrong.content.decode()
    assert none_of(Tariff)


def test_rules_are_added_moved_and_saved_without_script(client: Client, operator: Operator) -> None:
    tariff = make_tariff(operator=operator)
    version = make_version(tariff, start=None)
    url = f"/tariffs/{tariff.public_id}/draft/?mode=rules"
    base = {"editor": "rules", "rules": "1", "r0-energy": "4.5", "r0-vat": "25", "floor": "0"}

    added = client.post(url, base | {"do": "add"}).content.decode()
    assert 'name="rules" value="2"' in added
    assert 'name="r1-energy" value="4.5"' in added

    client.post(url, base | {
        "rules": "2", "r1-energy": "4.5", "r1-vat": "25", "r0-energy": "2", "r0-max_kwh": "10",
        "r0-min_duration": "30", "seen": version.digest, "do": "save", "is_for_guests": "on",
    })  # fmt: skip

    elements = only(TariffVersion).document["elements"]
    assert elements[0]["restrictions"] == {"max_kwh": 10, "min_duration": 1800}
    assert [e["price_components"][0]["price"] for e in elements] == [2, 4.5]


def test_a_condition_that_never_holds_and_a_stale_draft_are_refused(
    client: Client, operator: Operator
) -> None:
    tariff = make_tariff(operator=operator)
    version = make_version(tariff, start=None)
    url = f"/tariffs/{tariff.public_id}/draft/?mode=rules"
    base = {"editor": "rules", "rules": "1", "r0-energy": "4", "floor": "0", "do": "save"}

    impossible = client.post(url, base | {"r0-min_kwh": "10", "r0-max_kwh": "5"})
    stale = client.post(url, base | {"seen": "0" * 64})

    assert "This condition can never hold." in impossible.content.decode()
    assert "Somebody else saved this draft meanwhile" in stale.content.decode()
    assert only(TariffVersion).digest == version.digest


OCPI = {
    "id": "12",
    "country_code": "DE",
    "party_id": "ALL",
    "currency": "EUR",
    "min_price": {"excl_vat": 0.5, "incl_vat": 0.6},
    "elements": [{"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 1}]}],
    "last_updated": "2018-12-05T12:01:09Z",
}


def test_ocpi_json_of_both_versions_comes_in_and_goes_out(
    client: Client, operator: Operator
) -> None:
    upload = SimpleUploadedFile("t.json", json.dumps(OCPI).encode())
    client.post("/tariffs/import/", {"name": "Partner", "file": upload})
    tariff = only(Tariff)

    new = client.get(f"/tariffs/{tariff.public_id}/json/").json()
    old = client.get(f"/tariffs/{tariff.public_id}/json/?ocpi=2.2.1").json()

    assert (tariff.currency, tariff.is_tax_included) == ("EUR", False)
    assert new["min_price"] == {"before_taxes": 0.5, "after_taxes": 0.6}
    assert new["tax_included"] == "NO"
    assert old["min_price"] == {"excl_vat": 0.5, "incl_vat": 0.6}
    assert (new["id"], new["country_code"]) == (tariff.public_id, operator.country_code)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"currency": "SEK",', "line 1, column"),
        (json.dumps(OCPI | {"ocpi_version": "2.1.1"}), "ocpi_version"),
        (json.dumps(OCPI | {"min_price": 0.5}), "min_price"),
        (json.dumps(OCPI | {"currency": "XXZ"}), "currency"),
        (json.dumps(OCPI | {"elements": [{"price_components": []}]}), "elements[0]"),
    ],
)
def test_bad_json_is_refused_with_the_place(
    client: Client, operator: Operator, text: str, said: str
) -> None:
    answer = client.post("/tariffs/import/", {"name": "Partner", "text": text})

    assert said in answer.content.decode()
    assert none_of(Tariff)


def test_readers_see_prices_and_change_nothing(client: Client, operator: Operator) -> None:
    tariff = make_tariff(operator=operator)
    make_version(tariff)
    client.force_login(make_person(operator=operator, role=Role.SUPPORT, language="en"))

    page = client.get(f"/tariffs/{tariff.public_id}/")
    refused = client.post(f"/tariffs/{tariff.public_id}/retire/", {"reason": "x"})

    assert page.status_code == 200
    assert f"/tariffs/{tariff.public_id}/retire/" not in page.content.decode()
    assert refused.status_code == 403
    assert only(Tariff).retired_at is None


def test_each_price_that_changes_by_the_clock_has_a_week_of_its_own(
    client: Client, operator: Operator
) -> None:
    def part(kind: str, price: float) -> dict[str, Any]:
        return {"price_components": [{"type": kind, "price": price, "vat": 25, "step_size": 1}]}

    day = {"restrictions": {"start_time": "07:00", "end_time": "22:00"}}
    tariff = make_tariff(operator=operator)
    make_version(
        tariff,
        {
            "currency": "SEK",
            "tax_included": "YES",
            "elements": [
                part("ENERGY", 4.5) | day,
                part("ENERGY", 3),
                part("PARKING_TIME", 90) | day,
                part("FLAT", 5),
            ],
        },
    )

    page = client.get(f"/tariffs/{tariff.public_id}/").content.decode()

    assert page.count('<table class="week">') == 2
    assert "Energy: which rule counts when" in page
    assert "Time after charging: which rule counts when" in page
    for price in ("SEK 4.50/kWh", "SEK 3.00/kWh", "SEK 1.50/min"):
        assert price in page, price
