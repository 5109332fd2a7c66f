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
from customers.support.models import SupportCase
from stations.commands.models import Command, CommandOrigin
from stations.configuration.models import ConfigurationTemplate, DesiredValue
from stations.hardware.models import Station
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
from tests.factories.invoices import make_draft, make_manual_item, make_run
from tests.factories.rating import make_held
from tests.factories.stations import (
    make_limited_member,
    make_session,
    make_site,
    make_station,
)
from tests.factories.tariffs import make_assignment, make_notice, make_tariff, make_version

pytestmark = pytest.mark.django_db

PATHS = {
    "/": 24,
    "/attention/": 14,
    "/home/attention/": 12,
    "/reports/energy/?by=station": 8,
    "/reports/utilisation/": 9,
    "/reports/stations/": 8,
    "/home/tiles/": 9,
    "/home/places/": 8,
    "/sites/": 8,
    "/stations/": 9,
    "/evses/": 11,
    "/sessions/": 11,
    "/commands/": 10,
    "/tokens/": 11,
    "/support/cases/": 11,
    "/support/": 8,
    "/companies/": 9,
    "/drivers/": 11,
    "/residents/": 12,
    "/bays/": 10,
    "/charging-bases/": 11,
    "/knocks/": 10,
    "/audit/": 10,
    "/journal/": 10,
    "/authorisations/": 10,
    "/members/": 10,
    "/invitations/": 10,
    "/search/?q=station": 17,
    "/search/rows/?q=site": 16,
    "/api-tokens/": 10,
    "/configuration/": 12,
    "/templates/": 10,
    "/local-lists/": 9,
    "/webhooks/": 10,
    "/webhook-deliveries/": 10,
    "/spot/": 6,
    "/spot/prices/": 10,
    "/spot/rates/": 10,
    "/spot/imports/": 10,
    "/billing-accounts/": 11,
    "/rated-sessions/": 11,
    "/review/": 14,
    "/revenue/?by=station": 11,
    "/price-groups/": 10,
    "/fees/": 11,
    "/sellers/": 10,
    "/statements/": 11,
    "/statement-items/": 11,
    "/payout-batches/": 10,
    "/invoice-deliveries/": 10,
    "/invoices/": 12,
    "/billing-runs/": 12,
    "/manual-items/": 12,
    "/site-contracts/": 11,
    "/tariffs/": 10,
    "/tariff-assignments/": 13,
    "/price-notices/": 11,
    "/price-notice-letters/": 12,
    "/energy-costs/": 11,
    "/energy-balance/": 12,
    "/why-tariff/": 7,
}


def grow(operator: Operator, count: int) -> None:
    now = timezone.now()
    for _n in range(count):
        n = number()
        site = make_site(operator=operator, latitude=59, longitude=18)
        station: Station = make_station(site=site, evses=2)
        session = make_session(station=station, started_at=now - timedelta(minutes=n % 50))
        make_held(session, make_account(operator=operator), f"Held {n}")
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


def _billing(operator: Operator, site: Site) -> None:
    account = make_account(operator=operator)
    make_membership(account, make_price_group(operator=operator))
    make_fee(account)
    seller = make_seller(operator=operator)
    make_contract(site, seller=seller)
    make_energy_cost(site)
    make_draft(seller, account, run=make_run(seller))
    make_manual_item(seller, account)
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
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_the_number_of_queries_is_the_same_for_5_and_50_rows(client: Client) -> None:
    operator = make_operator()
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    grow(operator, 5)
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
