"""Pages, API and files of residents: who may, who is limited, and what a file changes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import operator_scope
from customers.drivers.models import Driver
from customers.residents.last_month import with_last_month
from customers.residents.models import Bay, Resident
from customers.tokens.models import IdToken
from tests.factories.billing import make_account
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_bay, make_driver, make_resident, make_token
from tests.factories.rating import price_by_hand
from tests.factories.stations import make_limited_member, make_session, make_site, make_station
from tests.importing import commit, kinds, rows, text, upload

pytestmark = pytest.mark.django_db
HEAD = "site;object_number;apartment;bay;name;email;valid_from_on;valid_until_on;tokens;account"


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def anna(operator: Operator, client: Client) -> Client:
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    return client


def test_the_list_says_what_each_resident_charged_for_last_month(operator: Operator) -> None:
    station = make_station(operator=operator)
    with operator_scope(operator):
        evse = station.evses.get()
    driver = make_driver(operator=operator)
    own = make_resident(station.site, name="Ada", driver=driver, valid_from_on="2026-10-10")
    at_bay = make_resident(station.site, name="Bo", bay=make_bay(station.site, evse=evse))
    idle = make_resident(station.site, name="Cia")
    theirs = (("2026-09-30", 1), ("2026-10-09", 2), ("2026-10-10", 4), ("2026-10-31", 8))
    nobodys = (("2026-10-31", 16), ("2026-11-01", 32))
    for owner, day, gross in [(True, *one) for one in theirs] + [(False, *one) for one in nobodys]:
        session = make_session(
            station=station, state="ended", evse=evse,
            started_at=datetime.fromisoformat(f"{day}T10:00:00+00:00"),
            token_snapshot={"driver": driver.public_id} if owner else {},
        )  # fmt: skip
        with operator_scope(operator):
            price_by_hand(session, make_account(operator=operator), Decimal(gross))

    with operator_scope(operator):
        listed: Any = with_last_month(Resident.objects.all(), date(2026, 11, 28))
        found = {
            pk: amount for pk, *amount in listed.values_list("pk", "month_gross", "month_currency")
        }

    assert found == {
        own.pk: [Decimal(12), "SEK"], at_bay.pk: [Decimal(16), "SEK"], idle.pk: [None, None],
    }  # fmt: skip


def test_a_board_sees_its_own_site_alone_and_changes_nothing(
    client: Client, operator: Operator
) -> None:
    own, other = (make_site(operator=operator, name=name) for name in ("Brf A", "Brf B"))
    driver = make_driver(operator=operator)
    make_token(operator=operator, uid="04C0FFEE", driver=driver)
    ada = make_resident(own, name="Ada", bay=make_bay(own, name="P1"), driver=driver)
    eve = make_resident(other, name="Zoltan")
    client.force_login(make_limited_member(own, operator=operator, role=Role.VIEWER))

    listed = client.get("/residents/").content.decode()
    shown = client.get(f"/residents/{ada.public_id}/")
    api = client.get("/api/v1/residents").json()
    sheet: Any = client.get("/residents/?format=csv&columns=all")
    file = b"".join(sheet.streaming_content).decode()

    assert "Ada" in file
    assert "04C0FFEE" not in file
    assert "Ada" in listed
    assert "Zoltan" not in listed
    assert shown.status_code == 200
    assert client.get(f"/residents/{eve.public_id}/").status_code == 404
    assert [one["name"] for one in api["results"]] == ["Ada"]
    for url in ("edit", "move-out"):
        answer = client.post(f"/residents/{ada.public_id}/{url}/", {"last_on": "2026-11-01"})
        assert answer.status_code == 403
    assert {one.valid_until_on for one in rows(Resident)} == {None}


def test_a_limited_supporter_moves_people_of_the_own_site_alone(
    client: Client, operator: Operator
) -> None:
    own, other = (make_site(operator=operator) for _n in range(2))
    client.force_login(make_limited_member(own, operator=operator, role=Role.SUPPORT))
    body = {"name": "Ada", "bay": "P1", "valid_from_on": "2026-11-01"}

    foreign = client.post(
        "/api/v1/residents", body | {"site": other.public_id}, content_type="application/json"
    )
    made = client.post(
        "/api/v1/residents", body | {"site": own.public_id}, content_type="application/json"
    )
    twice = client.post(
        "/api/v1/residents",
        body | {"site": own.public_id, "name": "Bo"},
        content_type="application/json",
    )
    out = client.post(
        f"/api/v1/residents/{made.json()['id']}/move-out",
        {"last_on": "2026-11-30"},
        content_type="application/json",
    )

    assert (foreign.status_code, made.status_code, twice.status_code) == (422, 201, 409)
    assert out.json()["valid_until_on"] == "2026-11-30"
    assert [(one.name, one.site_id) for one in rows(Resident)] == [("Ada", own.pk)]
    assert [one.site_id for one in rows(Bay)] == [own.pk]


def test_the_page_takes_who_moves_in_and_says_why_not(anna: Client, operator: Operator) -> None:
    site = make_site(operator=operator, name="Brf A")
    make_resident(site, name="Ada", bay=make_bay(site, name="P1"))
    values = {"site": site.pk, "bay": "P1", "name": "Bo", "valid_from_on": "2026-11-01"}

    refused = anna.post("/residents/new/", values)
    made = anna.post("/residents/new/", values | {"bay": "P2", "tokens": "0A; 0B"}, follow=True)

    assert "Ada has bay P1 until further notice." in refused.content.decode()
    assert "The resident has been added." in made.content.decode()
    assert [one.uid for one in rows(IdToken)] == ["0A", "0B"]
    assert [one.name for one in rows(Driver)] == ["Bo"]


def test_a_file_moves_one_out_and_the_next_in_or_names_the_bad_rows(
    anna: Client, operator: Operator
) -> None:
    site = make_site(operator=operator, name="Brf A")
    ada = make_resident(site, name="Ada", apartment="1001", bay=make_bay(site, name="P1"))
    account = make_account(operator=operator, name="Bo Ek")
    out = "Brf A;;1001;P1;Ada;;;2026-10-31;;"
    bo = "Brf A;17;1001;P1;Bo Ek;bo@example.com;2026-11-01;;0A 0B;Bo Ek"

    wrong = upload(
        anna,
        "residents",
        f"{HEAD}\n{bo}\n{out}\nBrf X;;;;Eve;;;;;\nBrf A;;;;Eli;;2026-02-01;2026-01-01;;\n",
    )
    assert kinds(wrong) == {"wrong": 3, "change": 1}, text(wrong)
    for words in (
        "Ada has bay P1 until further notice.",
        "There is no site with this name or public id.",
        "The last day comes before the first.",
    ):
        assert words in text(wrong)
    assert [one.name for one in rows(Resident)] == ["Ada"]

    page = upload(anna, "residents", f"{HEAD}\n{out}\n{bo}\n")
    assert kinds(page) == {"create": 1, "change": 1}, text(page)
    commit(anna, page)

    gone, found = rows(Resident)
    assert (gone.pk, gone.valid_until_on) == (ada.pk, date(2026, 10, 31))
    with operator_scope(operator):
        assert (found.bay.name, found.account, found.driver.name) == ("P1", account, "Bo Ek")
    assert [one.driver_id for one in rows(IdToken)] == [found.driver_id] * 2


def test_who_may_not_say_who_pays_does_not_say_it_by_a_file(
    client: Client, operator: Operator
) -> None:
    make_site(operator=operator, name="Brf A")
    make_account(operator=operator, name="Bo Ek")
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))

    page = upload(client, "residents", "site;name;account\nBrf A;Bo;Bo Ek\n")
    commit(client, page)

    assert "These columns are not imported: account." in text(page)
    assert [(one.name, one.account_id) for one in rows(Resident)] == [("Bo", None)]


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_export_comes_back_unchanged(anna: Client, operator: Operator, extension: str) -> None:
    for n in range(2):
        site = make_site(operator=operator, name=f"=Site; {n}")
        driver = make_driver(operator=operator, name=f"Driver {n}")
        make_token(operator=operator, uid=f"0412345{n}", driver=driver)
        make_resident(
            site, name=f"+Ada {n}", apartment="007", object_number="0015", driver=driver,
            bay=make_bay(site, name="-1"), account=make_account(operator=operator),
            valid_from_on=date(2026, 1, 1), valid_until_on=date(2026, 2, 1) if n else None,
        )  # fmt: skip
    exported = anna.get(f"/residents/?format={extension}&columns=all")
    content = b"".join(exported.streaming_content)  # type: ignore[attr-defined]  # it streams

    page = upload(anna, "residents", content, f"x.{extension}")

    assert kinds(page) == {"unchanged": 2}, text(page)[:4000]
