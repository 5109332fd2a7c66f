"""The number of queries of a page does not depend on the number of rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import ActorKind, AuditEntry
from core.tenancy.scopes import across_operators
from customers.support.answer_models import CannedAnswer
from customers.support.models import SupportCase
from stations.commands.models import Command, CommandOrigin
from stations.configuration.models import ConfigurationTemplate, DesiredValue
from stations.hardware.models import Station
from stations.maintenance.warranty_models import StationWarranty, WarrantyClaim
from stations.ocpp.models import AuthorisationAttempt, FrameJournal, Knock, LocalList
from stations.sites.models import Site
from tests.factories.billing import (
    make_account,
    make_contract,
    make_fee,
    make_membership,
    make_price_group,
    make_seller,
)
from tests.factories.cards import card_rows
from tests.factories.core import make_api_token, make_delivery, make_operator, make_person, number
from tests.factories.customers import (
    make_basis,
    make_bay,
    make_company,
    make_driver,
    make_resident,
    make_token,
)
from tests.factories.energy import make_energy_cost
from tests.factories.firmware import make_campaign, make_log
from tests.factories.incidents import make_incident
from tests.factories.incidents import make_run as make_remedy_run
from tests.factories.invoices import make_draft, make_issued, make_manual_item, make_run
from tests.factories.maintenance import make_order, make_partner, make_plan
from tests.factories.rating import make_held
from tests.factories.stations import (
    make_limited_member,
    make_session,
    make_site,
    make_station,
)
from tests.factories.tariffs import make_assignment, make_notice, make_tariff, make_version
from tests.factories.uptime import make_cause, make_outage

pytestmark = pytest.mark.django_db

PATHS = {
    "/": 36,
    "/attention/": 25,
    "/home/attention/": 25,
    "/reports/energy/?by=station": 6,
    "/reports/utilisation/": 8,
    "/reports/stations/": 7,
    "/home/tiles/": 7,
    "/home/places/": 6,
    "/sites/": 8,
    "/stations/": 9,
    "/evses/": 9,
    "/sessions/": 9,
    "/commands/": 8,
    "/tokens/": 9,
    "/support/cases/": 8,
    "/support/": 5,
    "/canned-answers/": 8,
    "/companies/": 9,
    "/drivers/": 11,
    "/vehicles/": 10,
    "/demand/": 12,
    "/network-use/": 14,
    "/residents/": 10,
    "/bays/": 9,
    "/charging-bases/": 10,
    "/knocks/": 8,
    "/audit/": 8,
    "/journal/": 9,
    "/authorisations/": 8,
    "/members/": 8,
    "/invitations/": 7,
    "/search/?q=station": 20,
    "/search/rows/?q=site": 19,
    "/api-tokens/": 8,
    "/configuration/": 10,
    "/templates/": 8,
    "/local-lists/": 9,
    "/webhooks/": 8,
    "/webhook-deliveries/": 8,
    "/spot/": 6,
    "/spot/prices/": 7,
    "/spot/rates/": 7,
    "/spot/imports/": 7,
    "/billing-accounts/": 9,
    "/rated-sessions/": 9,
    "/review/": 11,
    "/revenue/?by=station": 8,
    "/price-groups/": 8,
    "/fees/": 9,
    "/sellers/": 8,
    "/statements/": 9,
    "/statement-items/": 9,
    "/payout-batches/": 7,
    "/invoice-deliveries/": 7,
    "/invoices/": 11,
    "/billing-runs/": 9,
    "/manual-items/": 9,
    "/site-contracts/": 10,
    "/tariffs/": 8,
    "/tariff-assignments/": 11,
    "/price-notices/": 9,
    "/price-notice-letters/": 10,
    "/incidents/": 11,
    "/control-room/": 14,
    "/healing/": 26,
    "/remedy-runs/": 11,
    "/uptime/?by=evse": 20,
    "/uptime/ev-chart/": 11,
    "/outages/": 11,
    "/firmware/": 6,
    "/firmware/files/": 9,
    "/firmware-campaigns/": 9,
    "/station-logs/": 9,
    "/work-orders/": 11,
    "/work-orders/board/": 6,
    "/field/": 8,
    "/maintenance-plans/": 9,
    "/warranties/": 11,
    "/warranty-claims/": 12,
    "/maintenance-plans/calendar/": 9,
    "/outage-causes/": 11,
    "/energy-costs/": 9,
    "/energy-balance/": 9,
    "/why-tariff/": 4,
}


def grow(operator: Operator, count: int) -> None:
    now = timezone.now()
    for _n in range(count):
        n = number()
        site = make_site(operator=operator, latitude=59, longitude=18)
        station: Station = make_station(site=site, evses=2)
        session = make_session(station=station, started_at=now - timedelta(minutes=n % 50))
        make_held(session, make_account(operator=operator), f"Held {n}")
        _station_rows(station)
        driver = make_driver(
            operator=operator,
            company=make_company(operator=operator),
            vehicles=(f"ABC{n:03d}"[:7],),
        )
        make_basis(make_resident(site, bay=make_bay(site), driver=driver), f"Basis {n}")
        make_token(operator=operator, driver=driver)
        make_api_token(operator=operator)
        make_limited_member(site, operator=operator)
        make_delivery(operator=operator)
        _billing(operator, site)
        Knock.objects.create(identity=f"K{n}", reason="unknown_station")
        with across_operators("tests make rows of any operator"):
            Command.objects.create(
                operator=operator,
                station=station,
                public_id=f"cmd_{n}",
                origin=CommandOrigin.API,
                action="Reset",
                expires_at=now,
            )
            SupportCase.objects.create(
                operator=operator,
                public_id=f"case_{n}",
                station=station,
                driver=driver,
                opened_by_label="x",
            )
            AuditEntry.objects.create(
                operator=operator, actor_kind=ActorKind.SYSTEM, verb="x", object_label="y"
            )
            LocalList.objects.create(operator=operator, station=station)
            template = ConfigurationTemplate.objects.create(
                operator=operator, name=f"T{n}", ocpp_version="1.6"
            )
            DesiredValue.objects.create(
                operator=operator,
                station=station,
                key="K",
                origin="template",
                template=template,
                state="drift",
            )
            AuthorisationAttempt.objects.create(
                operator=operator, station=station, at=now, kind="start", id_token="X"
            )
        _frame(operator, station, n)


def _station_rows(station: Station) -> None:
    make_outage(station)
    make_remedy_run(incident := make_incident(station))
    make_order(station, incident=incident)
    make_plan(station)
    make_cause(station)
    make_campaign(station)
    make_log(station)
    _warranty(station)


def _warranty(station: Station) -> None:
    own = {"operator": station.operator, "station": station}
    supplier, n = make_partner(station.operator, is_supplier=True), number()
    with across_operators("tests make rows of any operator"):
        StationWarranty.objects.create(**own, supplier=supplier, ends_on="2099-12-31")
        WarrantyClaim.objects.create(
            **own, public_id=f"wc_{n}", number=n, supplier=supplier, failed_on="2026-01-31",
            warranty_ends_on="2099-12-31", currency="SEK", made_by="Olga",
        )  # fmt: skip
        CannedAnswer.objects.create(
            operator=station.operator, public_id=f"ans_{n}", name=f"Answer {n}", text_en="Hi"
        )


def _billing(operator: Operator, site: Site) -> None:
    account = make_account(operator=operator)
    make_membership(account, make_price_group(operator=operator))
    make_fee(account)
    seller = make_seller(operator=operator)
    make_contract(site, seller=seller)
    make_energy_cost(site)
    make_draft(seller, account, run=make_run(seller))
    make_manual_item(seller, account)
    card_rows(seller, account, make_issued(seller, account), "Card")
    tariff = make_tariff(operator=operator)
    make_version(tariff)
    make_assignment(tariff, site=site)
    make_notice(tariff, account)


def _frame(operator: Operator, station: Station, n: int) -> None:
    FrameJournal.objects.bulk_create(
        [
            FrameJournal(
                id=n,
                received_at=timezone.now(),
                operator_id=operator.pk,
                station_id=station.pk,
                direction="in",
            )
        ]
    )


def counted(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_the_number_of_queries_is_the_same_for_5_and_50_rows(client: Client) -> None:
    operator = make_operator()
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    grow(operator, 5)
    for path in PATHS:  # what a process keeps once it was asked for is asked for here
        client.get(path)
    few = {path: counted(client, path) for path in PATHS}

    grow(operator, 45)

    assert {path: counted(client, path) for path in PATHS} == few
    assert {path: n for path, n in few.items() if n > PATHS[path]} == {}


def test_the_station_page_asks_the_same_for_2_and_40_evses(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    operator = make_operator()
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    small, large = (make_station(operator=operator, evses=n) for n in (2, 40))
    client.get(f"/stations/{small.public_id}/")

    with django_assert_max_num_queries(14) as few:
        client.get(f"/stations/{small.public_id}/")
    with django_assert_num_queries(len(few)):
        client.get(f"/stations/{large.public_id}/")
