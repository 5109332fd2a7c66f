"""Drivers and companies decide with their cards: status, validity, and limits of all levels."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.rating.models import SessionBilling
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import operator_scope
from customers.authorisation.local_list import CardSource
from customers.companies.models import Company, CompanyStatus
from customers.companies.services import set_company_status
from customers.drivers.models import Driver, DriverStatus
from customers.drivers.services import set_driver_status
from customers.limits.hours import parse_text
from stations.hardware.models import Station
from stations.ocpp.authorisation.protocol import AuthorisationRequest, Decision
from stations.ocpp.authorisation.service import decide
from stations.sessions.models import SessionState
from tests.factories.billing import make_account
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token
from tests.factories.rating import price_by_hand
from tests.factories.stations import make_session, make_site, make_station

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
CARD = "04A2B3C4"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def station(operator: Operator) -> Station:
    return make_station(operator=operator, evses=2)


@pytest.fixture
def company(operator: Operator) -> Company:
    return make_company(operator=operator, name="Lindens Bygg")


@pytest.fixture
def driver(operator: Operator, company: Company) -> Driver:
    made = make_driver(operator=operator, name="Dina", company=company, employee_number="17")
    make_token(operator=operator, uid=CARD, driver=made)
    return made


def ask(station: Station, **changes: Any) -> Decision:
    request = AuthorisationRequest(
        operator_id=station.operator_id,
        station_id=station.pk,
        site_id=station.site_id,
        evse_number=1,
        id_token=CARD,
        id_token_type="ISO14443",
        at=NOW,
        kind="start",
    )
    return decide(replace(request, **changes))


def change(row: Driver | Company, **values: Any) -> None:
    with operator_scope(row.operator):
        type(row).objects.filter(pk=row.pk).update(**values)


def test_the_snapshot_names_driver_and_company(
    station: Station, driver: Driver, company: Company
) -> None:
    decision = ask(station)

    assert decision.status == "Accepted"
    kept = decision.snapshot
    assert (kept["driver"], kept["driver_name"]) == (driver.public_id, "Dina")
    assert (kept["company"], kept["company_name"]) == (company.public_id, "Lindens Bygg")
    assert kept["employee_number"] == "17"
    assert "refusal" not in kept


def test_a_block_holds_from_the_next_authorisation(
    station: Station, driver: Driver, company: Company
) -> None:
    with operator_scope(driver.operator):
        set_driver_status(driver=driver, status=DriverStatus.BLOCKED, reason="left")
        assert ask(station).reason_code == "driver_blocked"
        set_driver_status(driver=driver, status=DriverStatus.ACTIVE, reason="back")
        assert ask(station).status == "Accepted"
        set_company_status(company=company, status=CompanyStatus.BLOCKED, reason="unpaid")

    refused = ask(station)
    assert (refused.status, refused.reason_code) == ("Blocked", "company_blocked")
    assert refused.snapshot["refusal"]["level"] == "company"


def test_days_of_validity_are_days_of_the_operators_zone(station: Station, driver: Driver) -> None:
    # 20 May 22:30 UTC is 21 May in Stockholm.
    late = datetime(2026, 5, 20, 22, 30, tzinfo=UTC)
    change(driver, valid_from_on=date(2026, 5, 20), valid_until_on=date(2026, 5, 20))

    assert ask(station).status == "Accepted"
    ended = ask(station, at=late)
    assert (ended.status, ended.reason_code) == ("Expired", "driver_ended")
    assert ask(station, at=NOW - timedelta(days=1)).reason_code == "driver_not_yet_valid"


def test_hours_are_those_of_the_sites_clock(station: Station, company: Company) -> None:
    make_token(operator=company.operator, uid=CARD, company=company)
    change(company, allowed_hours=parse_text("wed 14:00-15:00"))  # Stockholm is UTC+2 in May

    assert ask(station).status == "Accepted"
    assert ask(station, at=NOW - timedelta(minutes=1)).reason_code == "outside_hours"


def test_sites_of_every_level_must_allow(station: Station, driver: Driver) -> None:
    other = make_site(operator=station.operator)
    with operator_scope(station.operator):
        driver.allowed_sites.add(other)

    refused = ask(station)

    assert refused.reason_code == "site_not_allowed"
    assert refused.snapshot["refusal"] == {
        "code": "site_not_allowed",
        "level": "driver",
        "limit": None,
        "used": None,
    }


def test_all_cards_of_a_driver_count_together(station: Station, driver: Driver) -> None:
    change(driver, max_concurrent_sessions=1)
    make_session(
        station=make_station(site=station.site),
        id_token="ANOTHER",
        state=SessionState.ACTIVE,
        token_snapshot={"driver": driver.public_id},
        first_received_at=NOW,
    )

    assert ask(station).reason_code == "concurrent_sessions"
    assert ask(station, kind="authorize").status == "Accepted"


def test_a_companys_energy_is_that_of_all_its_drivers(station: Station, company: Company) -> None:
    make_token(operator=company.operator, uid=CARD, company=company)
    change(company, max_energy_wh_per_month=10_000)
    ended: dict[str, Any] = {"station": station, "state": SessionState.ENDED, "energy_wh": 6_000}
    ours = {"company": company.public_id}
    make_session(**ended, token_snapshot=ours, first_received_at=NOW - timedelta(days=2))
    make_session(**ended, token_snapshot=ours, first_received_at=NOW - timedelta(days=30))
    make_session(**ended, token_snapshot={"company": "co_x"}, first_received_at=NOW)
    assert ask(station).status == "Accepted"

    make_session(**ended, token_snapshot=ours, first_received_at=NOW - timedelta(days=1))

    refused = ask(station)
    assert refused.reason_code == "energy_limit"
    assert refused.snapshot["refusal"]["level"] == "company"
    assert (refused.snapshot["refusal"]["limit"], refused.snapshot["refusal"]["used"]) == (
        10_000,
        12_000,
    )


def test_a_limit_in_money_counts_prices_and_what_runs(
    station: Station, driver: Driver, client: Client
) -> None:
    change(driver, max_gross_per_month=Decimal("100.00"), limit_currency="SEK")
    ours = {"token_snapshot": {"driver": driver.public_id}, "first_received_at": NOW}
    ended: dict[str, Any] = {"station": station, "state": SessionState.ENDED, **ours}
    account = make_account(operator=station.operator)

    def costing(gross: str, state: str = "rated", currency: str = "SEK", **fields: Any) -> None:
        """A session with a price that was made by hand."""
        session = make_session(**(ended | fields))
        with operator_scope(station.operator):
            price_by_hand(session, account, Decimal(gross), state=state, currency=currency)

    costing("40")
    costing("500", state="waived")
    costing("500", currency="EUR")
    costing("500", first_received_at=NOW - timedelta(days=40))
    running = make_session(
        station=make_station(site=station.site), id_token="X", state=SessionState.ACTIVE, **ours
    )
    with operator_scope(station.operator):
        billing = SessionBilling.objects.create(
            operator=station.operator, session=running,
            running_gross=Decimal("59.99"), running_currency="SEK",
        )  # fmt: skip
    assert ask(station).status == "Accepted"

    with operator_scope(station.operator):
        SessionBilling.objects.filter(pk=billing.pk).update(running_gross=Decimal("60.50"))

    with CaptureQueriesContext(connection) as asked:
        refused = ask(station)
    assert (refused.status, refused.reason_code, len(asked)) == ("Blocked", "money_limit", 2)
    assert refused.snapshot["refusal"] == {
        "code": "money_limit", "level": "driver", "limit": "100.00", "used": "100.5000",
        "currency": "SEK",
    }  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        client.force_login(make_person(operator=station.operator, role=Role.SUPPORT))
        page = client.get(f"/drivers/{driver.public_id}/").content.decode()
        used = client.get(f"/api/v1/drivers/{driver.public_id}/use/").json()
    assert "100.50" in page
    assert (used["running_sessions"], used["gross"], used["currency"]) == (1, "100.5000", "SEK")


def test_an_authorisation_asks_the_database_twice_at_most(
    station: Station, driver: Driver, company: Company
) -> None:
    with CaptureQueriesContext(connection) as plain:
        ask(station)
    for row in (driver, company):
        change(
            row,
            max_concurrent_sessions=5,
            max_energy_wh_per_month=10**9,
            max_gross_per_month=Decimal(10**6),
            limit_currency="SEK",
            allowed_hours=parse_text("0-24"),
        )

    with CaptureQueriesContext(connection) as limited:
        assert ask(station).status == "Accepted"

    assert (len(plain), len(limited)) == (1, 2)


def test_the_local_list_leaves_out_cards_whose_owner_limits_or_refuses(
    station: Station, driver: Driver, company: Company
) -> None:
    make_token(operator=company.operator, uid="POOL", company=company)
    make_token(operator=company.operator, uid="NOBODYS")

    def listed(on: datetime = NOW) -> list[str]:
        with operator_scope(station.operator):
            entries = CardSource().entries(
                operator_id=station.operator_id,
                station_id=station.pk,
                site_id=station.site_id,
                at=on,
            )
            return [entry.id_token for entry in entries]

    assert listed() == [CARD, "NOBODYS", "POOL"]
    change(driver, valid_until_on=NOW.date())
    assert listed(NOW + timedelta(days=1)) == ["NOBODYS", "POOL"]
    change(driver, allowed_hours=parse_text("8-9"))
    assert listed() == ["NOBODYS", "POOL"]
    change(company, max_energy_wh_per_month=1)
    assert listed() == ["NOBODYS"]
    change(company, max_energy_wh_per_month=None, status="blocked")
    assert listed() == ["NOBODYS"]
