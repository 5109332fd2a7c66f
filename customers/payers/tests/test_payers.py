"""Who pays for drivers and companies: dated, audited, and asked before a card is accepted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from billing.accounts.models import BillingAccount
from core.accounts.models import Operator
from core.accounts.permissions import Permission, Role
from core.tenancy.scopes import operator_scope
from customers.authorisation.cards import judge
from customers.authorisation.local_list import CardSource
from customers.authorisation.lookup import find_known_token
from customers.companies.models import CompanyAccount
from customers.drivers.models import Driver, DriverAccount
from stations.ocpp.authorisation.protocol import AuthorisationRequest
from tests.factories.api import api_client
from tests.factories.billing import make_account
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def test_an_account_pays_from_a_day_on(operator: Operator) -> None:
    client = api_client(operator)
    first, second = make_account(operator=operator), make_account(operator=operator)

    made = client.post("/api/v1/drivers", {"name": "Dina", "account": first.public_id})
    url = f"/api/v1/drivers/{made.json()['id']}/accounts"
    moved = client.post(
        url, {"account": second.public_id, "from_on": "2026-07-01", "reason": "new job"}
    )
    again = client.post(url, {"account": second.public_id, "from_on": "2026-08-01"})
    ended = client.post(url, {"account": None, "from_on": "2026-10-01"})

    assert (moved.status_code, again.status_code, ended.status_code) == (201, 409, 201)
    assert [
        (row["account"], row["valid_from_on"], row["valid_until_on"]) for row in ended.json()
    ] == [
        (second.public_id, "2026-07-01", "2026-09-30"),
        (first.public_id, None, "2026-06-30"),
    ]


def test_who_may_not_change_accounts_says_not_who_pays(operator: Operator) -> None:
    account = make_account(operator=operator)
    client = api_client(operator, permissions=[Permission.DRIVER_EDIT])

    refused = client.post("/api/v1/drivers", {"name": "Dina", "account": account.public_id})

    assert refused.status_code == 403
    with operator_scope(operator):
        assert not Driver.objects.exists()


def test_the_database_keeps_accounts_apart_and_inside_the_operator(operator: Operator) -> None:
    driver, account = make_driver(operator=operator), make_account(operator=operator)
    foreign = make_account(operator=make_operator())
    with operator_scope(operator):
        DriverAccount.objects.create(operator=operator, owner=driver, account=account)

        with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
            DriverAccount.objects.create(
                operator=operator, owner=driver, account=account, valid_from_on=date(2026, 1, 1)
            )
        with pytest.raises(IntegrityError, match="another operator"), transaction.atomic():
            CompanyAccount.objects.create(
                operator=operator, owner=make_company(operator=operator), account=foreign
            )


def test_a_person_sets_who_pays_on_the_page_of_a_company(
    client: Client, operator: Operator
) -> None:
    company = make_company(operator=operator)
    account = make_account(operator=operator, name="Linden AB")
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    url = f"/companies/{company.public_id}/"

    wrong = client.post(f"{url}account/", {"account": "nobody"})
    done = client.post(f"{url}account/", {"account": "linden ab"})

    assert "No account, or more than one" in wrong.content.decode()
    assert done.status_code == 302
    assert account.public_id in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("blocked", "refusal"),
    [
        ("driver", "account_blocked"),
        ("company", None),  # the driver's own account comes first
        ("former", None),
    ],
)
def test_cards_of_a_blocked_account_are_refused(
    operator: Operator, blocked: str, refusal: str | None
) -> None:
    company = make_company(operator=operator)
    driver = make_driver(operator=operator, company=company)
    token = make_token(operator=operator, driver=driver)
    station = make_station(operator=operator)
    today = datetime.now(UTC).date()
    accounts = {name: make_account(operator=operator) for name in ("driver", "company", "former")}
    with operator_scope(operator):
        CompanyAccount.objects.create(operator=operator, owner=company, account=accounts["company"])
        DriverAccount.objects.create(
            operator=operator,
            owner=driver,
            account=accounts["driver"],
            valid_from_on=today - timedelta(days=2),
        )
        DriverAccount.objects.create(
            operator=operator, owner=driver, account=accounts["former"],
            valid_until_on=today - timedelta(days=3),
        )  # fmt: skip
        BillingAccount.objects.filter(pk=accounts[blocked].pk).update(
            status="blocked", status_reason="unpaid"
        )
        at = datetime.now(UTC)

        known = find_known_token(operator.pk, token.uid, station.site_id)
        assert known is not None
        request = AuthorisationRequest(
            operator_id=operator.pk, station_id=station.pk, site_id=station.site_id,
            id_token=token.uid, kind="start", evse_number=1, id_token_type="ISO14443", at=at,
        )  # fmt: skip
        said = judge(known, request)
        listed = [
            entry.id_token
            for entry in CardSource().entries(
                operator_id=operator.pk, station_id=station.pk, site_id=station.site_id, at=at
            )
        ]

    assert (said.code if said else None) == refusal
    assert listed == ([] if refusal else [token.uid])
