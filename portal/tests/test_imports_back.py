"""Imports of what exports hold: unchanged as it is, and what is stated of places in files."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from customers.drivers.models import Driver, Vehicle
from customers.tokens.models import IdToken
from stations.hardware.evse_columns import BY_NAME
from stations.hardware.evses import change_connector, change_evse
from stations.hardware.models import Connector, Station
from stations.sites.models import Site
from stations.sites.services import change_site
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token, make_vehicle
from tests.factories.stations import make_evse, make_site, make_station
from tests.importing import commit, kinds, rows, text, upload

pytestmark = pytest.mark.django_db
METER_KEY = (
    ec.derive_private_key(7, ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
)


_MODELS = (Site, Station, IdToken, Driver, Vehicle)


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def olga(operator: Operator, client: Client) -> Client:
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    return client


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["sites", "stations", "tokens", "drivers", "vehicles"])
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
            phone="070-123 45 67", phone_normalised="+46701234567", vehicles=(f"ABC12{n}",),
            company=make_company(operator=operator), employee_number="007",
            status="blocked" if n else "active", valid_until_on="2026-01-01",
        )  # fmt: skip
        car = make_vehicle(
            operator=operator, registration_number=f"DEF45{n}", driver=driver, use="service",
            company=driver.company, make="=Volvo", cost_centre="0100", valid_until_on="2026-01-01",
        )  # fmt: skip
        token = make_token(
            operator=operator, uid=f"0412345{n}", label="@home", driver=driver, vehicle=car,
            printed_number="0001", expires_at=timezone.now(), max_concurrent_sessions=n,
        )  # fmt: skip
        with across_operators("the test makes rows"):
            token.allowed_sites.add(site)
    before = [row.__dict__ for model in _MODELS for row in rows(model)]
    exported = olga.get(f"/{kind}/?format={extension}&columns=all")
    content = b"".join(exported.streaming_content)  # type: ignore[attr-defined]  # it streams

    page = upload(olga, kind, content, f"x.{extension}")

    assert kinds(page) == {"unchanged": 6 if kind == "vehicles" else 3}, text(page)[:4000]
    assert "there is nothing to import" in text(page)
    after = [row.__dict__ for model in _MODELS for row in rows(model)]
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
    assert kinds(page) == {"change": 1}, text(page)
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


def test_a_second_connector_comes_in_and_every_wrong_cell_of_a_row_is_named(
    olga: Client, operator: Operator
) -> None:
    station = make_station(operator=operator, identity="CP-1", evses=2)
    head = "identity,evse_phases,meter_mid_year,connector_type,connector_is_tethered"

    wrong = upload(olga, "stations", f"{head}\nCP-1,9,1812,CHADEMO + X,true\n")
    with across_operators("the test looks at all of them"):
        assert Connector.objects.count() == 2
    types = "IEC_62196_T2 | CHADEMO + IEC_62196_T2_COMBO"
    page = upload(olga, "stations", f"{head}\nCP-1,3,2020,{types},false | true + false\n")
    commit(olga, page, reason="Second cable")

    with across_operators("the test looks at all of them"):
        found = Connector.objects.filter(evse__station=station).order_by("evse__number", "number")
        made = list(found.values_list("evse__number", "number", "connector_type", "is_tethered"))
    assert made == [
        (1, 1, "IEC_62196_T2", False),
        (2, 1, "CHADEMO", True),
        (2, 2, "IEC_62196_T2_COMBO", False),
    ]
    told = text(wrong)
    for cell in ("evse_phases", "meter_mid_year", "connector_type"):
        assert cell in told or str(BY_NAME[cell].title) in told, told
    assert told.count("This is none of the allowed values.") == 1
    exported = olga.get("/stations/", {"format": "csv"})
    again = b"".join(exported.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # it streams
    assert kinds(upload(olga, "stations", again)) == {"unchanged": 1}
