"""Imports of sites, stations and tokens: preview, all or nothing, and back from an export."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.imports.models import ImportRun
from core.tenancy.scopes import across_operators, operator_scope
from customers.drivers.models import Driver
from customers.tokens.models import IdToken
from stations.hardware.evses import change_connector, change_evse
from stations.hardware.models import Evse, Station
from stations.hardware.passwords import check_password
from stations.sites.models import Site
from stations.sites.services import change_site
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token
from tests.factories.stations import make_evse, make_site, make_station

pytestmark = pytest.mark.django_db
KEY = "a-password-of-a-station"
METER_KEY = (
    ec.derive_private_key(7, ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
)


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def olga(operator: Operator, client: Client) -> Client:
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    return client


def upload(client: Client, kind: str, content: str | bytes, name: str = "rows.csv") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, raw)
    return client.post("/imports/new/", {"kind": kind, "file": file}, follow=True)


def address(page: Any) -> str:
    return str(page.redirect_chain[-1][0])


def text(page: Any) -> str:
    return " ".join(page.content.decode().split())


def commit(client: Client, page: Any, **data: str) -> Any:
    shown = re.search(r'name="shown" value="([0-9a-f]+)"', page.content.decode())
    assert shown, text(page)
    return client.post(address(page), {"shown": shown[1], **data}, follow=True)


def rows(model: type[models.Model]) -> list[Any]:
    with across_operators("the test looks at all of them"):
        return list(model._default_manager.order_by("pk"))


def kinds(client: Client, page: Any) -> dict[str, int]:
    found = re.findall(r'href="\?kind=(\w+)".*?</svg>.*?</span> (\d+)</span>', text(page))
    return {kind: int(count) for kind, count in found}


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
    assert kinds(olga, again) == {"unchanged": 1}


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
    assert kinds(olga, page) == {"wrong": 6, "create": 1}
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


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["sites", "stations", "tokens", "drivers"])
def test_an_export_comes_back_unchanged(
    olga: Client, operator: Operator, kind: str, extension: str
) -> None:
    for n in range(3):
        site = make_site(
            operator=operator, name=f"=Site; \"{n}\", å", latitude="59.123456", longitude="-0.5",
            address="-1", power_limit_w=110_000, commissioned_on="2026-01-01",
        )  # fmt: skip
        station = make_station(site=site, evses=2, serial_number="007", model="+X\n2")
        state_everything(site, station)
        make_evse(station=station, number=5, public_id=None)
        driver = make_driver(
            operator=operator, name=f"Dina {n}", email=f"dina{n}@example.com",
            phone="070-123 45 67", phone_normalised="+46701234567", vehicles=("ABC123", "ABC12D"),
            company=make_company(operator=operator), employee_number="007",
            status="blocked" if n else "active", valid_until_on="2026-01-01",
        )  # fmt: skip
        token = make_token(
            operator=operator, uid=f"0412345{n}", label="@home", driver=driver,
            printed_number="0001", expires_at=timezone.now(), max_concurrent_sessions=n,
        )  # fmt: skip
        with across_operators("the test makes rows"):
            token.allowed_sites.add(site)
    before = [row.__dict__ for model in (Site, Station, IdToken, Driver) for row in rows(model)]
    exported = olga.get(f"/{kind}/?format={extension}&columns=all")
    content = b"".join(exported.streaming_content)  # type: ignore[attr-defined]

    page = upload(olga, kind, content, f"x.{extension}")

    assert kinds(olga, page) == {"unchanged": 3}, text(page)[:4000]
    assert "there is nothing to import" in text(page)
    after = [row.__dict__ for model in (Site, Station, IdToken, Driver) for row in rows(model)]
    assert [{**r, "_state": 0} for r in after] == [{**r, "_state": 0} for r in before]


def state_everything(site: Site, station: Station) -> None:
    hours = {"regular_hours": [{"weekday": 1, "period_begin": "07:00", "period_end": "24:00"}]}
    hours |= {"public_holidays": [], "exceptions": [{"on": "2026-12-24", "note": "Eve; late"}]}
    with operator_scope(site.operator):
        change_site(
            site=site, public_access="part_time", access_reason="Guests | 8–18",
            access_type="customers", parking_type="PARKING_LOT", directions="Left,\n then right",
            opening_hours=hours, operator_phone="+46 8", owner_email="o@example.com",
            accessible_spaces=2, is_renewable="yes", renewable_note="-",
        )  # fmt: skip
        first, second = station.evses.order_by("number")
        change_evse(
            evse=first, max_power_w=22_000, payment_ways=["app", "rfid"], parking_note="a|b",
            vehicle_types=["car"], meter_make="-", meter_serial="007", meter_mid_year=2024,
            meter_class="B", grant_state="granted", grant_ends_on="2030-01-01", access_reason="x",
        )  # fmt: skip
        change_evse(
            evse=second, max_power_w=22_000, meter_class="B", meter_public_key=METER_KEY.hex()
        )
        change_connector(
            connector=first.connectors.get(), connector_type="IEC_62196_T2", is_tethered=True
        )


def test_what_is_stated_of_sites_evses_and_connectors_comes_in(
    olga: Client, operator: Operator
) -> None:
    station = make_station(operator=operator, identity="CP-1", evses=2)
    two = make_station(operator=operator, identity="CP-2", evses=1)
    head = "identity,meter_serial,meter_class,evse_payment_ways,grant_ends_on,connector_type"

    page = upload(olga, "stations", f"{head}\nCP-1,M-1 | M-2,B,app rfid | -,2030-01-01,CHADEMO\n")
    assert kinds(olga, page) == {"change": 1}, text(page)
    commit(olga, page, reason="Inventory")
    wrong = upload(
        olga, "stations", f"{head}\nCP-2,M-1 | M-2,B,app,2030-01-01,CHADEMO\nCP-1,,,,,-\n"
    )
    site = upload(olga, "sites", "name,opening_hours,public_access\nNorr,1-9 7-8,everyone\n")

    with across_operators("the test looks at all of them"):
        found = [
            (one.meter_serial, one.meter_class, one.payment_ways, str(one.grant_ends_on),
             one.connectors.get().connector_type)
            for one in station.evses.order_by("number")
        ]  # fmt: skip
        assert two.evses.get().meter_serial == ""
    assert found == [
        ("M-1", "B", ["app", "rfid"], "2030-01-01", "CHADEMO"),
        ("M-2", "B", [], "2030-01-01", "CHADEMO"),
    ]
    assert "There are 2 values for 1." in text(wrong)
    assert "This cannot be empty." in text(wrong)
    assert "Write 24/7, or weekdays from 1 (Monday) to 7" in text(site)
    assert "This is none of the allowed values." in text(site)
    entries = [(e.verb, e.reason) for e in rows(AuditEntry)]
    assert entries[:4] == [("evse.change", "Inventory"), ("connector.change", "Inventory")] * 2


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
        values = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.values)  # type: ignore[union-attr]

        page = upload(olga, kind, raw)

        assert "wrong" not in kinds(olga, page), text(page)
        assert values[0][0] in ("public_id", "uid")
        assert "wrong" not in kinds(olga, upload(olga, kind, sheet, "t.xlsx"))
