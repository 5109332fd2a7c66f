"""Sellers and site contracts: pages, API, and who sells where."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.sellers.models import Seller, SiteContract
from billing.sellers.selectors import seller_of, sellers_during
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.operators.creation import create_operator
from core.tenancy.scopes import operator_scope
from tests.factories.api import api_client
from tests.factories.billing import make_contract, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def test_a_new_operator_has_a_default_seller_with_its_series() -> None:
    made = create_operator(
        name="Norrsken AB", slug="norrsken", country_code="SE", party_id="NOR",
        owner_email="owner@norrsken.example",
    )  # fmt: skip

    with operator_scope(made.operator):
        seller = Seller.objects.get()
        purposes = list(seller.series.order_by("id").values_list("purpose", "is_active"))
    assert (seller.name, seller.is_default) == ("Norrsken AB", True)
    assert purposes == [("invoice", True), ("credit_note", True), ("self_billing", True)]


def test_the_api_makes_changes_and_numbers_a_seller(operator: Operator) -> None:
    client = api_client(operator)
    made = client.post(
        "/api/v1/sellers",
        {
            "name": "Laddnät Syd AB",
            "organisation_number": "5567037485",
            "vat_number": "556703748501",
            "bankgiro": "50501055",
            "plusgiro": "2865434",
            "iban": "SE4550000000058398257466",
            "swish": "1231181189",
            "colour": "#1A4D8F",
        },
    )
    assert made.status_code == 201, made.content
    url = f"/api/v1/sellers/{made.json()['id']}"
    changed = client.patch(url, {"late_interest_percent": "8.00"})
    series = client.post(
        f"{url}/series", {"purpose": "invoice", "code": "F", "pattern": "{series}{yy}{number}"}
    )

    body = changed.json()
    assert (body["organisation_number"], body["vat_number"]) == ("556703-7485", "SE556703748501")
    assert (body["bankgiro"], body["plusgiro"], body["swish"]) == (
        "5050-1055", "28 65 43-4", "123 118 11 89",
    )  # fmt: skip
    assert (body["colour"], body["is_default"]) == ("#1a4d8f", True)
    assert series.status_code == 422
    assert series.json()["error"]["field"] == "pattern"
    again = client.post(
        f"{url}/series", {"purpose": "invoice", "code": "F", "pattern": "{series}{yy}-{number:4}"}
    )
    assert again.json()[0]["next_number"].startswith("F")
    with operator_scope(operator):
        verbs = [one.verb for one in AuditEntry.objects.order_by("pk")]
    assert verbs[-3:] == ["seller.create", "seller.change", "series.set"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"organisation_number": "5567037486"}, "organisation_number"),
        ({"bankgiro": "5050-1056"}, "bankgiro"),
        ({"plusgiro": "28 65 43-5"}, "plusgiro"),
        ({"iban": "SE4550000000058398257467"}, "iban"),
        ({"swish": "0701234567"}, "swish"),
        ({"colour": "blue"}, "colour"),
        ({"name": " "}, "name"),
        ({"is_vat_registered": False, "vat_number": "SE556703748501"}, "vat_number"),
    ],
)
def test_wrong_values_are_named_and_nothing_is_stored(
    operator: Operator, body: dict[str, object], field: str
) -> None:
    answer = api_client(operator).post("/api/v1/sellers", {"name": "A"} | body)

    assert answer.status_code == 422, answer.content
    assert answer.json()["error"].get("field") == field
    with operator_scope(operator):
        assert not Seller.objects.exists()


def test_who_sells_at_many_sites_on_a_day_is_read_in_two_queries(operator: Operator) -> None:
    default = make_seller(operator=operator)
    host = make_seller(operator=operator, is_host=True)
    other = make_seller(operator=operator)
    sites = [make_site(operator=operator) for _n in range(4)]
    march = {"valid_from_on": date(2026, 3, 1), "valid_until_on": date(2026, 3, 31)}
    make_contract(sites[0], form="host_sells", seller=host, host=host, **march)
    make_contract(sites[0], seller=other, valid_from_on=date(2026, 4, 1))
    make_contract(sites[1], form="not_invoiced", basis_email="hyra@example.com")
    keys = [site.pk for site in sites]

    with (
        operator_scope(operator),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        on_a_day = seller_of(keys, date(2026, 3, 31))
    with operator_scope(operator):
        spring = sellers_during(keys, date(2026, 3, 1), date(2026, 4, 30))

    assert len(queries) == 2
    assert [on_a_day[key].seller for key in keys] == [host, None, default, default]
    assert [on_a_day[key].is_invoiced for key in keys] == [True, False, True, True]
    assert spring.at(keys[0], date(2026, 2, 28)).seller == default
    assert spring.at(keys[0], date(2026, 4, 1)).seller == other
    assert spring.at(None, date(2026, 4, 1)).seller == default


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": "host_sells"},
        {"form": "operator_sells", "seller": None},
        {"form": "not_invoiced"},
        {"host_is_vat_registered": True},
        {"valid_until_on": date(2026, 3, 1)},
    ],
)
def test_the_database_refuses_contracts_that_cannot_be(
    operator: Operator, wrong: dict[str, object]
) -> None:
    seller = make_seller(operator=operator)
    site = make_site(operator=operator)
    make_contract(site, seller=seller, valid_from_on=date(2026, 3, 1))
    wrong = {"valid_until_on": date(2026, 2, 1)} | wrong

    with pytest.raises(IntegrityError), transaction.atomic():
        make_contract(site, **({"seller": seller} | wrong))


def test_an_accountant_enters_a_contract_and_support_may_only_look(operator: Operator) -> None:
    host = make_seller(operator=operator, is_host=True)
    site = make_site(operator=operator)
    page = f"/sites/{site.public_id}/contract/"
    anna, sven = Client(), Client()
    anna.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    sven.force_login(make_person(operator=operator, role=Role.SUPPORT))
    entry = {
        "form": "host_sells", "host": host.public_id, "from_on": "2026-03-01",
        "host_is_vat_registered": "on", "self_billing_agreed_on": "2026-02-11",
    }  # fmt: skip

    refused = sven.post(f"{page}change/", entry)
    missing = anna.post(f"{page}change/", entry | {"host": ""})
    with operator_scope(operator):
        assert not SiteContract.objects.exists()
    done = anna.post(f"{page}change/", entry)

    assert (refused.status_code, missing.status_code, done.status_code) == (403, 200, 302)
    assert host.name in sven.get(page).content.decode()
    of_site = sven.get(f"/sites/{site.public_id}/").content.decode()
    assert f'href="{page}"' in of_site
    assert f'href="/sellers/{host.public_id}/"' in of_site
    with operator_scope(operator):
        contract = SiteContract.objects.select_related("seller").get()
        assert AuditEntry.objects.get(verb="site.set_contract").object_id == str(site.pk)
    assert (contract.seller, contract.minimum_payout_amount) == (host, 500)
