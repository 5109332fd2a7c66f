"""A month's basis: what it takes, how it is frozen, what comes later, and that it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from billing.rating.models import RatedSession, SessionBilling
from billing.sellers.contract_services import end_contract, set_contract
from billing.sellers.models import SiteContract
from billing.tariffs.models import TariffVersion
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.files.store import load
from core.tenancy.scopes import operator_scope
from customers.basis.due import load_basis
from customers.basis.models import BasisItem, BasisRow, ChargingBasis
from customers.basis.sending import freeze_due_bases, send_waiting
from customers.basis.services import change_layout, freeze_basis
from customers.drivers.models import Driver
from customers.residents.models import Resident
from stations.hardware.models import Station
from stations.sessions.models import Session
from stations.sites.models import Site
from tests.factories.billing import make_contract, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_bay, make_driver, make_resident, make_token
from tests.factories.rating import make_ended, make_priced_tariff, rate_all, stored
from tests.factories.stations import make_limited_member, make_site, make_station
from tests.factories.tariffs import make_assignment

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
NOW = datetime(2026, 12, 2, 8, tzinfo=UTC)


@pytest.fixture
def operator() -> Iterator[Operator]:
    made = make_operator()
    with operator_scope(made):
        yield made


@pytest.fixture
def site(operator: Operator) -> Site:
    made = make_site(operator=operator, name="Brf Solsidan")
    make_contract(made, form="not_invoiced", basis_email="forvaltare@example.com")
    return made


@pytest.fixture
def station(site: Site, version: TariffVersion) -> Station:
    make_assignment(version.tariff, site=site)
    return make_station(site=site, evses=2)


@pytest.fixture
def version(operator: Operator) -> TariffVersion:
    return make_priced_tariff(operator)  # 5 kr/kWh with 25 % VAT


@pytest.fixture
def ada(site: Site) -> Driver:
    driver = make_driver(operator=site.operator, name="Ada")
    make_token(operator=site.operator, uid="0A", driver=driver)
    bay = make_bay(site, name="P1")
    make_resident(site, name="Ada", apartment="1001", driver=driver, bay=bay)
    return driver


def charge(
    station: Station, *, driver: Driver | None = None, wh: int = 10_000, **more: Any
) -> Session:
    """An hour on 2 November, rated without any billing account."""
    snapshot = {"driver": driver.public_id, "purpose": "customer"} if driver else {}
    session = make_ended(
        station=station, wh=wh, token_snapshot=snapshot, id_token="0A" if driver else "", **more
    )
    rate_all()
    return session


def correct(session: Session, wh: int) -> None:
    Session.objects.filter(pk=session.pk).update(energy_wh=wh, intervals=stored([(0, 0), (60, wh)]))
    SessionBilling.objects.filter(session=session).update(is_due=True)
    rate_all()


def test_a_month_is_frozen_and_what_is_known_later_comes_as_a_correction(
    site: Site, station: Station, ada: Driver
) -> None:
    session = charge(station, driver=ada)
    charge(station)  # of nobody

    (basis,) = freeze_basis(site=site, month_on=NOVEMBER, now=NOW)
    correct(session, 8_000)
    SessionBilling.objects.filter(session=session).update(state="rated")
    later = load_basis(site, date(2026, 12, 31))

    row = BasisRow.objects.get()
    assert (row.name, row.apartment, row.bay, row.session_count) == ("Ada", "1001", "P1", 1)
    assert (row.energy_wh, row.net, row.tax, row.gross) == (10_000, 50, 0, 50)
    assert basis.gross == 50
    assert (basis.unknown_count, basis.is_taxed) == (1, False)
    assert (
        load(basis.file_path)
        == (
            "\ufeffObjektsnummer;Lägenhet;Plats;Namn;kWh;Laddningar;Belopp\r\n"
            ";1001;P1;Ada;10,000;1;50,00\r\n"
        ).encode()
    )
    ((resident, line, _items),) = later.lines("SEK")
    assert (resident.name, line.session_count) == ("Ada", 0)
    assert [line.gross, line.adjustment, line.energy_wh] == [-10, -10, -2_000]
    assert [one.unknown for one in later.unknown] == ["no_token"]
    for change in (
        lambda: ChargingBasis.objects.update(gross=1, net=1),
        lambda: ChargingBasis.objects.all().delete(),
        lambda: BasisRow.objects.update(gross=1, net=1),
        lambda: BasisItem.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    (december,) = freeze_basis(
        site=site, month_on=date(2026, 12, 1), now=datetime(2027, 1, 2, tzinfo=UTC)
    )
    assert [december.gross, december.session_count] == [-10, 0]
    assert not load_basis(site, date(2027, 1, 31)).known


def test_an_unknown_session_becomes_somebodys_by_the_register(
    site: Site, station: Station, ada: Driver
) -> None:
    evse = station.evses.order_by("number")[0]
    charge(station, evse=evse, evse_number=1)
    eve = make_driver(operator=site.operator, name="Eve")
    charge(station, driver=eve)

    before = load_basis(site, date(2026, 11, 30))
    bay = Resident.objects.get().bay
    assert bay is not None
    type(bay).objects.filter(pk=bay.pk).update(evse=evse)
    make_resident(site, name="Eve", driver=eve)
    after = load_basis(site, date(2026, 11, 30))

    assert sorted(str(one.unknown) for one in before.unknown) == [
        "driver_not_registered", "no_token",
    ]  # fmt: skip
    assert not before.known
    assert [line.name for _r, line, _i in after.lines("SEK")] == ["Eve", "Ada"]
    assert not after.unknown


def test_a_basis_is_refused_while_the_month_goes_on_or_a_price_is_awaited(
    site: Site, station: Station, ada: Driver
) -> None:
    session = charge(station, driver=ada)
    other = make_site(operator=site.operator)

    def code(**asked: Any) -> str:
        values: dict[str, Any] = {"site": site, "month_on": NOVEMBER, "now": NOW}
        with pytest.raises(RuleViolation) as refused:
            freeze_basis(**(values | asked))
        return refused.value.code

    assert code(now=datetime(2026, 11, 30, 22, tzinfo=UTC)) == "month_open"
    assert code(site=other) == "invoiced"
    SessionBilling.objects.filter(session=session).update(state="awaiting_price")
    assert code() == "price_missing"
    SessionBilling.objects.filter(session=session).update(state="rated")
    freeze_basis(site=site, month_on=NOVEMBER, now=NOW)
    assert code() == "frozen"
    assert code(month_on=date(2026, 10, 1)) == "frozen"
    assert ChargingBasis.objects.count() == 1


def test_nobody_invoices_days_that_a_basis_took(site: Site, station: Station, ada: Driver) -> None:
    charge(station, driver=ada)
    freeze_basis(site=site, month_on=NOVEMBER, now=NOW)
    seller = make_seller(operator=site.operator)

    for day in (None, date(2026, 11, 30)):
        with pytest.raises(RuleViolation, match="2026-11-30") as refused:
            set_contract(site=site, form="operator_sells", seller=seller, from_on=day)
        assert (refused.value.code, refused.value.field) == ("days_settled", "from_on")
        with pytest.raises(RuleViolation, match="2026-11-30"):
            end_contract(site=site, from_on=day)
    assert [(row.form, row.valid_until_on) for row in SiteContract.objects.all()] == [
        ("not_invoiced", None)
    ]
    set_contract(site=site, form="not_invoiced", from_on=NOVEMBER, basis_email="b@example.com")
    set_contract(site=site, form="operator_sells", seller=seller, from_on=date(2026, 12, 1))
    end_contract(site=site, from_on=date(2026, 12, 1))
    assert [row.valid_until_on for row in SiteContract.objects.order_by("valid_from_on")] == [
        date(2026, 11, 30), date(2026, 10, 31)
    ]  # fmt: skip


def test_the_calendar_freezes_once_and_the_file_is_sent_with_a_receipt(
    site: Site, station: Station, ada: Driver
) -> None:
    charge(station, driver=ada)
    change_layout(
        site=site, send_day=3, columns=[["name", "Namn"], ["gross", "Kr"]], encoding="cp1252"
    )

    early = freeze_due_bases(now=NOW)
    frozen = [freeze_due_bases(now=datetime(2026, 12, day, 8, tzinfo=UTC)) for day in (3, 4)]
    sent = [send_waiting(now=datetime(2026, 12, 4, 9, tzinfo=UTC)) for _n in range(2)]

    assert (early, frozen, sent) == (0, [1, 0], [1, 0])
    (message,) = mail.outbox
    assert message.to == ["forvaltare@example.com"]
    assert message.attachments[0][:2] == ("Brf Solsidan 2026-11.csv", "Namn;Kr\r\nAda;50,00\r\n")
    basis = ChargingBasis.objects.get()
    assert (basis.delivery, basis.sent_at is not None) == ("sent", True)
    assert AuditEntry.objects.get(verb="charging_basis.sent").after["sha256"] == basis.file_sha256


def test_a_board_reads_and_downloads_and_an_accountant_freezes_by_page_and_api(
    client: Client, site: Site, station: Station, ada: Driver
) -> None:
    charge(station, driver=ada)
    charge(station)
    operator, page = site.operator, f"/sites/{site.public_id}/charging-basis/"
    board = make_limited_member(site, operator=operator, role=Role.VIEWER)
    client.force_login(board)

    seen = client.get(f"{page}?month=2026-11").content.decode()
    panel = client.get(f"/sites/{site.public_id}/").content.decode()
    refused = client.post(f"{page}freeze/?month=2026-11", {})
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    shown = [
        client.get(f"{page}{name}").status_code for name in ("layout/", "freeze/?month=2026-11")
    ]
    layout = client.post(f"{page}layout/", {
        "file_format": "xlsx", "separator": ";", "decimal_sign": ",", "encoding": "utf-8",
        "place_name": "2", "heading_name": "Namn", "place_gross": "1", "text": "",
    })  # fmt: skip
    api = client.get(f"/api/v1{page.rstrip('/')}?month=2026-11").json()
    with time_machine.travel(NOW, tick=False):
        frozen = client.post(
            f"/api/v1{page.rstrip('/')}", {"month": "2026-11"}, content_type="application/json"
        )

    assert client.get(f"{page}?month=9999-12").status_code == 404
    assert client.get(f"/api/v1{page.rstrip('/')}?month=9999-12").status_code == 422
    assert f"/residents/?site={site.public_id}&amp;status=living" in panel
    assert shown == [200, 200]
    assert client.get(f"/charging-bases/{frozen.json()[0]['id']}/send/").status_code == 200
    assert "Ada" in seen
    assert "If the EVSE stands at one bay alone" in seen
    assert "Freeze and send" not in seen
    assert (refused.status_code, layout.status_code, frozen.status_code) == (403, 302, 201)
    assert [(row["name"], row["gross"]) for row in api["rows"]] == [("Ada", "50.0000")]
    assert [one["why"] for one in api["unknown"]] == ["no_token"]
    client.force_login(board)
    ref = frozen.json()[0]["id"]
    file = client.get(f"/charging-bases/{ref}/file/")
    assert file.content[:2] == b"PK"
    assert client.get(f"/charging-bases/{ref}/").status_code == 200
    assert (
        client.post(f"/charging-bases/{ref}/send/", {"to_email": "x@example.com"}).status_code
        == 403
    )


def test_sessions_where_nobody_invoices_need_no_account_and_others_do(
    site: Site, station: Station, version: TariffVersion, ada: Driver
) -> None:
    elsewhere = make_site(operator=site.operator)
    make_assignment(version.tariff, site=elsewhere)
    here = charge(station, driver=ada)
    there = charge(make_station(site=elsewhere), driver=ada)

    states = dict(SessionBilling.objects.values_list("session_id", "state"))

    assert states == {here.pk: "rated", there.pk: "held"}
    assert RatedSession.objects.get(session=here).gross == Decimal(50)
