"""Loading the demo network: whole, quick, once, with files that only their owner reads."""

from __future__ import annotations

import json
import shutil
import stat
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Sum
from django.utils import timezone

from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount, PriceGroup
from billing.accounts.peppol import peppol_address
from billing.energy.models import CostDisclosure
from billing.rating.models import RatedSession, SessionBilling
from billing.review.models import Decision, Hold
from billing.review.services import rate_due
from billing.sellers.models import Seller, SiteContract
from billing.spot.models import SpotPrice
from billing.spot.selectors import spot_day
from core.accounts.apitokens import find_api_token
from core.accounts.models import Membership, Operator, User
from core.audit.models import AuditEntry
from core.months import first_day, month_before
from core.operators.numbers import vat_number
from core.tenancy.scopes import across_operators, operator_scope
from customers.basis.models import ChargingBasis
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.residents.models import FinalBill, Resident
from portal.demo.books.basing import freeze_bases
from portal.demo.books.deciding import decide_one
from portal.demo.books.moving import move_one
from portal.demo.install import install
from portal.demo.people import DEMO_PASSWORD
from portal.demo.seeding import SeedReport
from stations.configuration.models import ConfigurationTemplate
from stations.firmware.models import Campaign
from stations.hardware.completeness.elements import EVSE_ELEMENTS, SITE_ELEMENTS
from stations.hardware.completeness.selectors import evses_marked, sites_marked, with_gaps
from stations.hardware.models import Connector, DeviceVariable, Station, StationLink
from stations.hardware.passwords import check_password
from stations.incidents.models import Incident
from stations.maintenance.known_faults import known_faults
from stations.maintenance.models import WorkOrder
from stations.maintenance.plan_models import PlanVisit
from stations.maintenance.status_models import SiteStatusPage
from stations.maintenance.work_models import PartUsed
from stations.ocpp.models import LocalListSetting
from stations.sessions.models import Session
from stations.simulator.specs import read_fleet
from stations.sites.models import MembershipSite

SOME_WEEKS = timedelta(days=26)
URL = "http://127.0.0.1:8000"
WEBSOCKET_URL = "ws://127.0.0.1:9000/ocpp"


def again(var_dir: Path, url: str = URL) -> SeedReport | None:
    """Install with the demo's usual addresses."""
    return install(
        now=timezone.now(),
        var_dir=var_dir,
        url=url,
        websocket_url=WEBSOCKET_URL,
        length=SOME_WEEKS,
    )


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo's files go."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any, var_dir: Path) -> Any:
    """A database with the demo network; emptied of it again after the module."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("SET portal.maintenance = 'on'")
        report = again(var_dir)
        yield report
        _empty()


def _empty() -> None:
    """Truncate everything; append-only tables allow it in maintenance."""
    with connection.cursor() as cursor:
        tables = ", ".join(
            connection.ops.quote_name(name)
            for name in connection.introspection.table_names(cursor)
            if name.startswith(("core_", "stations_", "customers_", "billing_"))
        )
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("SET portal.maintenance = 'off'")


pytestmark = [pytest.mark.usefixtures("seeded", "db"), pytest.mark.xdist_group("demo")]


def test_every_quarter_has_a_price_that_is_marked_as_made_up(seeded: SeedReport) -> None:
    now = timezone.now()
    with across_operators("prices of the market are everybody's"):
        prices = SpotPrice.objects.filter(starts_at__gte=now - SOME_WEEKS, starts_at__lt=now)
        days = {day.missing == [] for day in (
            spot_day(operator_id=0, area=area, day=(now - back).date())
            for area in ("SE1", "SE4") for back in (timedelta(0), timedelta(20))
        )}  # fmt: skip
        sources = set(prices.values_list("source", flat=True))
        areas = set(prices.filter(price__lt=0).values_list("area", flat=True))

    assert days == {True}
    assert sources == {"demo"}
    assert {"SE1", "SE2"} <= areas
    assert seeded.rows["exchange_rates"] > 15


def test_history_is_loaded_whole(seeded: SeedReport) -> None:
    assert seeded.rows["sessions"] > 5_000
    assert seeded.rows["readings"] > 50_000
    assert seeded.rows["statuses"] > seeded.rows["sessions"]
    with across_operators("test"):
        assert Session.objects.count() == seeded.rows["sessions"]
        assert not Session.objects.filter(state="active").exists()
        assert not Session.objects.filter(stopped_at__gt=timezone.now()).exists()
        assert Session.objects.filter(is_held=True, state="end_missing").exists()
        assert {
            s["code"] for row in Session.objects.exclude(findings=[]) for s in row.findings
        } >= {
            "end_missing",
            "delivered_late",
        }


def test_partitions_hold_the_past_and_the_default_ones_stay_empty() -> None:
    with connection.cursor() as cursor:
        for table in ("meterreading", "statusjournal", "connectionjournal", "framejournal"):
            cursor.execute(f"SELECT count(*) FROM stations_{table}_default")
            assert cursor.fetchone() == (0,)


def test_links_stand_as_closed_by_ourselves_with_connectors_as_last_told() -> None:
    with across_operators("test"):
        assert StationLink.objects.count() == Station.objects.count()
        assert not StationLink.objects.filter(is_connected=True).exists()
        statuses = set(Connector.objects.values_list("status", flat=True))
    assert "available" in statuses
    assert "unknown" not in statuses


def test_a_second_run_changes_nothing_and_takes_less_than_a_second(var_dir: Path) -> None:
    before = (var_dir / "demo.json").read_bytes(), (var_dir / "demo-stations.json").read_bytes()
    with across_operators("test"):
        sessions = Session.objects.count()
    began = datetime.now(UTC)

    assert again(var_dir) is None

    assert datetime.now(UTC) - began < timedelta(seconds=1)
    with across_operators("test"):
        assert Session.objects.count() == sessions
    files = (var_dir / "demo.json").read_bytes(), (var_dir / "demo-stations.json").read_bytes()
    assert files == before


def test_files_are_private_and_their_secrets_work(var_dir: Path) -> None:
    logins = json.loads((var_dir / "demo.json").read_text())
    fleet = read_fleet(var_dir / "demo-stations.json")

    assert stat.S_IMODE((var_dir / "demo.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((var_dir / "demo-stations.json").stat().st_mode) == 0o600
    assert {login["role"] for login in logins["logins"]} >= {"owner", "control_room", "viewer"}
    olga = User.objects.get(email="olga@nordljus.example")
    assert olga.check_password(DEMO_PASSWORD)
    token = find_api_token(logins["api_token"])
    assert token is not None
    assert token.operator.slug == "nordljus"
    with across_operators("test"):
        station = Station.objects.get(identity=fleet[0].identity)
    password = (fleet[0].password or "").encode()
    assert check_password(password, station.password_digest, settings.STATION_KEY)


def test_lost_files_are_made_again_with_new_secrets(var_dir: Path, tmp_path: Path) -> None:
    old = {spec.identity: spec.password for spec in read_fleet(var_dir / "demo-stations.json")}

    assert again(tmp_path) is None

    fleet = read_fleet(tmp_path / "demo-stations.json")
    assert all(spec.password != old[spec.identity] for spec in fleet)
    with across_operators("test"):
        station = Station.objects.get(identity=fleet[0].identity)
    password = (fleet[0].password or "").encode()
    assert check_password(password, station.password_digest, settings.STATION_KEY)


def test_another_address_is_written_without_touching_the_rest(
    var_dir: Path, tmp_path: Path
) -> None:
    moved = Path(shutil.copytree(var_dir, tmp_path / "var"))
    before = json.loads((moved / "demo.json").read_text())

    again(moved, "http://127.0.0.1:8123")

    after = json.loads((moved / "demo.json").read_text())
    assert after == {**before, "url": "http://127.0.0.1:8123"}


def test_uma_belongs_to_the_other_operator_alone() -> None:
    with across_operators("test"):
        memberships = Membership.objects.filter(user__email="uma@vastkraft.example")
        assert [m.operator_id for m in memberships] == [Operator.objects.get(slug="vastkraft").pk]


def test_hanna_sees_one_site_with_its_costs(seeded: SeedReport) -> None:
    assert seeded.rows["energy_costs"] >= 1
    with across_operators("test"):
        hanna = Membership.objects.get(user__email="styrelsen@brf.example")
        (site,) = MembershipSite.objects.filter(membership=hanna).values_list("site", flat=True)
        assert (hanna.role, hanna.is_limited) == ("host", True)
        assert CostDisclosure.objects.filter(site=site, is_shown=True).exists()


def test_templates_and_what_differs_from_them(seeded: SeedReport) -> None:
    assert seeded.rows["templates"] == 2
    with across_operators("the test looks at all of them"):
        duo = ConfigurationTemplate.objects.get(name="Fjällvolt Duo")
        fitting = Station.objects.filter(operator=duo.operator, model__startswith="FV Duo")
        told = DeviceVariable.objects.filter(station__in=fitting, variable="LightIntensity")
        assert set(told.values_list("value", flat=True)) == {"80"}
        assert LocalListSetting.objects.get().is_enabled


def test_most_places_are_complete_and_a_few_have_gaps(seeded: SeedReport) -> None:
    with across_operators("the demo has two operators"):
        sites, evses = sites_marked(), evses_marked()
        site_gaps = with_gaps(sites, SITE_ELEMENTS).count()
        evse_gaps = with_gaps(evses, EVSE_ELEMENTS).count()

        assert 0 < site_gaps < sites.count() / 3
        assert 0 < evse_gaps < evses.count() / 3
        assert not Station.objects.filter(hardware_model=None).exists()


def test_every_company_and_driver_has_somebody_who_pays(seeded: Any) -> None:
    with across_operators("tests read rows of any operator"):
        # A host has one for the fees that it pays.
        hosts = Seller.objects.filter(is_host=True)
        accounts = BillingAccount.objects.exclude(name__in=hosts.values("name"))
        payers = accounts.count()
        unpaid = Driver.objects.filter(company=None, account_links=None).count()

        assert Company.objects.filter(account_links=None).count() == unpaid == 0
        assert payers == Company.objects.count() + Driver.objects.filter(company=None).count()
        assert PriceGroup.objects.count() == 6
        for account in accounts.exclude(vat_number=""):
            assert vat_number("SE", account.vat_number) == account.vat_number
            assert peppol_address(account.peppol_address) == account.peppol_address
        assert set(Fee.objects.values_list("kind", flat=True).distinct().order_by()) == {
            "activation", "network_access", "subscription",
        }  # fmt: skip


def test_every_past_session_is_priced_or_held_and_one_corrected(
    seeded: SeedReport,
) -> None:
    with across_operators("what the worker does after the start"):
        rate_due(now=timezone.now(), batches=1_000)
    with across_operators("a test reads"):
        states = dict(
            SessionBilling.objects.order_by().values_list("state").annotate(count=Count("pk"))
        )
        past = Session.objects.exclude(state="active").count()
        reasons = set(Hold.objects.filter(closed_at=None).values_list("code", flat=True))
        revenue = RatedSession.objects.filter(is_current=True).aggregate(sum=Sum("gross"))["sum"]

    assert sum(states.values()) == past > 0
    assert set(states) <= {"rated", "held", "free"}
    assert states["rated"] > 0.9 * past - states.get("free", 0)
    assert "register_reset" in reasons
    assert "tariff_missing" not in reasons
    assert revenue > 0

    _anna_corrects_one_of_a_corrupted_meter()


def _anna_corrects_one_of_a_corrupted_meter() -> None:
    nordljus = Operator.objects.get(slug="nordljus")
    with operator_scope(nordljus):
        assert decide_one(nordljus) is True
        assert decide_one(nordljus) is False
        decision = Decision.objects.select_related("billing__session").get()
        entry = AuditEntry.objects.get(verb="review.correct")

    assert (decision.state, decision.billing.state) == ("done", "rated")
    assert entry.actor_label == "Anna Ahlgren <anna@nordljus.example>"
    assert entry.reason == decision.reason
    assert 0 < Decimal(decision.correction["energy_wh"]) < 150_000
    assert decision.billing.session.register_wh > 4_000_000


def test_an_association_bills_its_residents_itself(seeded: SeedReport) -> None:
    month = month_before(first_day(timezone.now().date()))
    with across_operators("test"):
        contracts = list(
            SiteContract.objects.filter(form="not_invoiced").select_related("operator")
        )
        residents = Resident.objects.exclude(driver=None).exclude(bay=None)
        assert seeded.rows["residents"] == residents.count() >= 8
        assert residents.filter(valid_until_on__isnull=False).exists()
        assert set(residents.values_list("site", flat=True)) >= {one.site_id for one in contracts}
        payers = residents.filter(account__isnull=False)
        assert payers.exists()
        assert not payers.filter(site__in=[contracts[0].site_id]).exists()
        assert not payers.filter(valid_until_on__isnull=False).exists()
    assert len(contracts) == 1
    for contract in contracts:
        with operator_scope(contract.operator):
            assert freeze_bases(month, at=timezone.now())
            assert not freeze_bases(month, at=timezone.now())
            basis = ChargingBasis.objects.get(site=contract.site_id)
            assert (basis.month_on, basis.delivery) == (month, "waiting")


def test_a_resident_whom_the_operator_invoices_moves_out_once(seeded: SeedReport) -> None:
    today = timezone.now().date()
    nordljus = Operator.objects.get(slug="nordljus")
    with operator_scope(nordljus):
        assert move_one(today)
        assert not move_one(today)
        moved = Resident.objects.get(final_bill=FinalBill.DUE)
    assert moved.account_id is not None
    assert moved.valid_until_on == today - timedelta(days=2)


def test_the_network_was_kept_up(seeded: SeedReport) -> None:
    with across_operators("tests look at everything"):
        nordljus = WorkOrder.objects.filter(operator__slug="nordljus")
        by_state = dict(nordljus.order_by().values_list("state").annotate(Count("pk")))
        done = nordljus.filter(state="closed")
        how = dict(
            Incident.objects.filter(operator__slug="nordljus", state="resolved")
            .order_by()
            .values_list("resolution")
            .annotate(Count("pk"))
        )
        campaigns = set(Campaign.objects.values_list("operator__slug", "state"))
        [page] = SiteStatusPage.objects.filter(is_public=True, operator__slug="nordljus")
        with operator_scope(page.operator):
            faults = known_faults(page.site)

        assert {"new", "scheduled", "on_site", "waiting_part", "closed"} <= set(by_state)
        assert how["remedy"] >= 2
        assert how["work_order"] == done.count() >= 3
        assert not done.filter(times=None).exists()
        assert PartUsed.objects.filter(order__in=done).exists()
        assert PlanVisit.objects.filter(operator__slug="nordljus").exists()
        assert campaigns >= {("nordljus", "done"), ("nordljus", "halted")}
        assert any(one.evse_id for one in faults)
        assert not Incident.objects.filter(restored_at__lt=F("first_symptom_at")).exists()
