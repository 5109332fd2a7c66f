"""Imports of sites, stations and tokens: preview, all or nothing, and back from an export."""

from __future__ import annotations

import base64
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.imports.models import ImportRun
from core.tenancy.scopes import across_operators
from customers.drivers.models import Driver
from customers.tokens.models import IdToken
from stations.hardware.models import Evse, Station
from stations.hardware.passwords import check_password
from stations.sites.models import Site
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company
from tests.factories.stations import make_site, make_station
from tests.importing import address, commit, kinds, rows, text, upload

pytestmark = pytest.mark.django_db
KEY = "a-password-of-a-station"


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def olga(operator: Operator, client: Client) -> Client:
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    return client


def test_sites_stations_and_tokens_come_in_with_everything_audited(
    olga: Client, operator: Operator
) -> None:
    sites = upload(olga, "sites", "name;city;latitude;longitude\nNorr;Umeå;63,8258;20,2630\n")
    commit(olga, sites)
    stations = upload(
        olga, "stations",
        f"identity;site;password;evse_ids;serial_number\nCP-1;Norr;{KEY};SE*ABC*E1*1 -;007\n",
    )  # fmt: skip
    commit(olga, stations, reason="taken over")
    tokens = upload(olga, "tokens", "uid;label;status\n04:a1:b2:c3;Car 1;Spärrad\n04A1B2C4;;\n")
    assert "This is none of the allowed values." in text(tokens)
    tokens = upload(olga, "tokens", "uid;label;status\n04:a1:b2:c3;Car 1;blocked\n04A1B2C4;;\n")
    done = commit(olga, tokens)

    (site,), (station,) = rows(Site), rows(Station)
    assert (site.name, site.city, str(site.latitude)) == ("Norr", "Umeå", "63.825800")
    assert (station.site_id, station.name, station.serial_number) == (site.pk, "CP-1", "007")
    assert [(e.number, e.public_id) for e in rows(Evse)] == [(1, "SE*ABC*E1*1"), (2, None)]
    assert [(t.uid, t.label, t.status) for t in rows(IdToken)] == [
        ("04A1B2C3", "Car 1", "blocked"), ("04A1B2C4", "", "active"),
    ]  # fmt: skip
    assert "04A1B2C4" in text(done)
    entries = [e for e in rows(AuditEntry) if e.object_type.startswith("stations.station")]
    assert {(e.verb, e.reason) for e in entries} >= {("station.set_password", "taken over")}
    assert len({e.request_id for e in entries}) == 1


def test_drivers_come_in_and_tokens_find_them(olga: Client, operator: Operator) -> None:
    company = make_company(operator=operator, name="Bolaget")
    bad = upload(olga, "drivers", "name;phone;vehicles;company\nDina;hello;;\nB;;?;\nC;;;None\n")
    for reason in ("no phone number", "no registration number", "no company with this name"):
        assert reason in text(bad), reason
    content = (
        "name;email;phone;company;vehicles;status;valid_from_on;valid_until_on\n"
        "Dina;dina@example.com;070-123 45 67;Bolaget;abc 123;blocked;;\n"
    )
    page = upload(olga, "drivers", content.replace("abc 123", '"abc123, def456"'))
    commit(olga, page)
    commit(olga, upload(olga, "tokens", "uid;driver_id\n04A1B2C3;Dina@Example.com\n"))
    again = upload(olga, "drivers", content.replace("abc 123", "ABC123,DEF456"))

    (driver,), (token,) = rows(Driver), rows(IdToken)
    assert (driver.company_id, driver.status, driver.phone_normalised) == (
        company.pk, "blocked", "+46701234567",
    )  # fmt: skip
    assert token.driver_id == driver.pk
    assert kinds(again) == {"unchanged": 1}


def test_a_password_is_hashed_at_once_and_never_kept_or_shown(
    olga: Client, operator: Operator, settings: Any
) -> None:
    make_site(operator=operator, name="Norr")

    page = upload(olga, "stations", f"identity,site,password\nCP-1,Norr,{KEY}\nCP-2,Norr,weak\n")
    original = olga.get(f"{address(page)}original/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sheet::text, original FROM core_importrun")
        sheet, kept = cursor.fetchone()

    assert KEY not in sheet + bytes(kept).decode() + page.content.decode() + original
    assert "weak" not in sheet + bytes(kept).decode()
    assert "CP-1,Norr,••••••" in original
    commit(olga, page)
    strong, weak = rows(Station)
    assert check_password(KEY.encode(), strong.password_digest, settings.STATION_KEY)
    assert check_password(b"weak", weak.password_digest, settings.STATION_KEY)
    assert KEY not in str([e.after for e in rows(AuditEntry)])


def test_every_bad_row_is_named_and_nothing_is_imported(olga: Client, operator: Operator) -> None:
    make_station(operator=make_operator(), identity="TAKEN")
    make_site(operator=operator, name="Norr")
    page = upload(
        olga, "stations",
        "identity;site;security_profile;commissioned_on;hands_off\n"
        "CP-1;Norr;1;2026-01-01;true\n"
        "CP-2;Söder;9;yesterday;perhaps\n"
        "taken;Norr;1;;\n"
        "cp-1;Norr;1;;\n"
        ";Norr;1;;\n"
        "a/b;Norr;1;;\n"
        "CP-3;Norr;1\n",
    )  # fmt: skip

    shown = text(page)
    for reason in (
        "This is none of the allowed values.", "This is no date.", "This is neither yes nor no.",
        "This identity is not available.", "Line 2 is about the same.",
        "A new row needs a value here.", "This cannot be a socket identity.",
        "The row has 3 cells, the header has 5.",
    ):  # fmt: skip
        assert reason in shown, reason
    assert kinds(page) == {"wrong": 6, "create": 1}
    errors = olga.get(f"{address(page)}errors/").content.decode("utf-8-sig").splitlines()
    assert errors[0] == "line,column,value,reason,cure"
    assert {line.split(",")[0] for line in errors[1:]} == {"3", "4", "5", "6", "7", "8"}
    olga.post(address(page), {"shown": "x"})
    assert [s.identity for s in rows(Station)] == ["TAKEN"]


def test_unknown_columns_are_named_and_read_only_ones_passed_over(
    olga: Client, operator: Operator
) -> None:
    unknown = upload(olga, "sites", "name,colour\nNorr,red\n")
    known = upload(olga, "sites", "name,station_count\nNorr,7\n")

    assert "There is no such column." in text(unknown)
    assert "colour" in text(unknown)
    assert "These columns are not imported: station_count." in text(known)


def test_what_is_changed_in_an_export_is_shown_before_and_after(
    olga: Client, operator: Operator
) -> None:
    station = make_station(operator=operator, identity="CP-1", name="Old", model="X1")
    content = f"public_id,identity,name,model\n{station.public_id},CP-1,New,\n"

    page = upload(olga, "stations", content)

    assert "<del>Old</del>" in text(page)
    assert "<ins>New</ins>" in text(page)
    commit(olga, page)
    (changed,) = rows(Station)
    assert (changed.name, changed.model, changed.pk) == ("New", "", station.pk)


def test_rows_that_changed_since_the_preview_stop_the_import(
    olga: Client, operator: Operator
) -> None:
    site = make_site(operator=operator, name="Norr", city="Umeå")
    page = upload(olga, "sites", "name,city\nNorr,Luleå\n")
    with across_operators("somebody else changes it"):
        Site.objects.filter(pk=site.pk).update(city="Kiruna")

    again = commit(olga, page)

    assert "rows have changed since the preview" in text(again)
    assert rows(Site)[0].city == "Kiruna"


def test_a_failure_in_the_last_row_undoes_the_first(
    olga: Client, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(olga, "sites", "name\nFirst\nSecond\n")
    real = Site.full_clean

    def fails(site: Site, *args: Any, **kwargs: Any) -> None:
        real(site, *args, **kwargs)
        if site.name == "Second":
            raise site.unique_error_message(Site, ("operator", "name"))

    monkeypatch.setattr(Site, "full_clean", fails)

    refused = commit(olga, page)

    assert "Nothing was imported" in text(refused)
    assert rows(Site) == []
    assert [e.verb for e in rows(AuditEntry)] == []
    assert rows(ImportRun)[0].state == "draft"


def test_a_file_is_imported_once_or_discarded(olga: Client) -> None:
    page = upload(olga, "sites", "name\nNorr\n")
    commit(olga, page)
    again = commit(olga, page)
    other = upload(olga, "sites", "name\nSöder\n")
    olga.post(f"{address(other)}discard/")

    assert "This file was imported or discarded before." in text(again)
    assert [s.name for s in rows(Site)] == ["Norr"]
    assert [r.state for r in rows(ImportRun)] == ["done", "discarded"]
    assert rows(ImportRun)[1].sheet == {}


def test_the_number_of_queries_of_a_preview_does_not_grow(olga: Client, operator: Operator) -> None:
    make_site(operator=operator, name="Norr")
    counts = []
    for total in (3, 60):
        lines = "".join(f"CP-{n};Norr;SE*ABC*E{n}*1\n" for n in range(total))
        page = upload(olga, "stations", "identity;site;evse_ids\n" + lines)
        with CaptureQueriesContext(connection) as queries:
            olga.get(address(page))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 14


def test_roles_and_operators_are_kept_apart(operator: Operator) -> None:
    def client(role: Role, of: Operator = operator) -> Client:
        made = Client()
        made.force_login(make_person(operator=of, role=role))
        return made

    sixten, tore, uma = (
        client(Role.SUPPORT),
        client(Role.TECHNICIAN),
        client(Role.OWNER, make_operator()),
    )
    page = upload(client(Role.OWNER), "sites", "name\nNorr\n")
    foreign = make_site(operator=make_operator(), name="Foreign")

    assert tore.get("/imports/new/").status_code == 403
    assert "Select a valid choice" in text(upload(sixten, "sites", "name\nX\n"))
    assert sixten.get(address(page)).status_code == 403
    assert uma.get(address(page)).status_code == 404
    assert uma.post(address(page), {"shown": "x"}).status_code == 404
    wrong = upload(uma, "sites", f"public_id,name\n{foreign.public_id},Mine\n")
    assert "There is nothing with this public id." in text(wrong)
    assert [s.name for s in rows(Site)] == ["Foreign"]


def test_the_api_sends_looks_and_takes_over(operator: Operator) -> None:
    client = api_client(operator)
    content = base64.b64encode("name;city\nNorr;Umeå\n".encode()).decode()

    sent = client.post("/api/v1/imports", {"kind": "sites", "content": content})
    run = sent.json()
    stale = client.post(f"/api/v1/imports/{run['id']}/commit", {"digest": "0"})
    done = client.post(f"/api/v1/imports/{run['id']}/commit", {"digest": run["digest"]})

    assert (sent.status_code, run["is_good"], run["rows"][0]["kind"]) == (201, True, "create")
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "stale")
    assert (done.status_code, done.json()["created_count"]) == (200, 1)
    assert [s.city for s in rows(Site)] == ["Umeå"]
    wrong = client.post("/api/v1/imports", {"kind": "sites", "content": "%"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "content")
    powerless = api_client(operator, permissions=["import.use"])
    refused = powerless.post("/api/v1/imports", {"kind": "sites", "content": content})
    assert refused.status_code == 403


def test_templates_import_as_they_are(olga: Client, operator: Operator) -> None:
    make_site(operator=operator, name="Norrtull garage")
    for kind in ("sites", "stations", "drivers", "tokens"):
        raw = olga.get(f"/imports/template/?kind={kind}").content
        sheet = olga.get(f"/imports/template/?kind={kind}&format=xlsx").content
        values = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.values)  # type: ignore[union-attr]  # it has a sheet

        page = upload(olga, kind, raw)

        assert "wrong" not in kinds(page), text(page)
        assert values[0][0] in ("public_id", "uid")
        assert "wrong" not in kinds(upload(olga, kind, sheet, "t.xlsx"))
