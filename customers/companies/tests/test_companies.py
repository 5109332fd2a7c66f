"""Companies: numbers are checked, changes are audited, pages and API do the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from customers.companies.models import Company
from customers.companies.organisation_number import compact, shown
from customers.companies.services import change_company
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company
from tests.factories.stations import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def verbs(operator: Operator) -> list[str]:
    with operator_scope(operator):
        return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("number", "country", "kept"),
    [
        ("556703-7485", "SE", "5567037485"),
        ("5567037486", "SE", None),
        ("988 077 917", "NO", "988077917"),
        ("988077918", "NO", None),
        ("ab 12.34-5", "XX", "AB12345"),
        ("x", "XX", None),
    ],
)
def test_a_number_is_checked_by_the_rules_of_its_country(
    number: str, country: str, kept: str | None
) -> None:
    assert compact(number, country) == kept


def test_a_number_is_shown_as_its_country_writes_it() -> None:
    assert shown("5567037485", "SE") == "556703-7485"


def test_the_api_creates_changes_and_blocks_with_reasons(operator: Operator) -> None:
    client = api_client(operator)
    site = make_site(operator=operator)

    made = client.post(
        "/api/v1/companies/",
        {
            "name": "Lindens Bygg",
            "organisation_number": "556703-7485",
            "allowed_sites": [site.public_id],
            "allowed_hours": [{"days": [1, 2], "from": "7:00", "to": "18:00"}],
        },
    )
    assert made.status_code == 201, made.content
    url = f"/api/v1/companies/{made.json()['id']}"
    changed = client.patch(url, {"max_energy_wh_per_month": 5000, "reason": "agreed"})
    blocked = client.post(f"{url}/status", {"status": "blocked", "reason": "unpaid"})

    body = changed.json()
    assert body["organisation_number"] == "5567037485"
    assert body["allowed_sites"] == [site.public_id]
    assert body["allowed_hours"] == [{"days": [1, 2], "from": "07:00", "to": "18:00"}]
    assert body["max_energy_wh_per_month"] == 5000
    budget = client.patch(url, {"max_gross_per_month": "1500.50"}).json()
    assert (budget["max_gross_per_month"], budget["limit_currency"]) == ("1500.50", "SEK")
    assert client.patch(url, {"limit_currency": "XXX"}).status_code == 422
    assert (blocked.json()["status"], blocked.json()["status_reason"]) == ("blocked", "unpaid")
    assert client.post(f"{url}/status", {"status": "blocked", "reason": "x"}).status_code == 409
    assert verbs(operator)[-4:] == [
        "company.create", "company.change", "company.block", "company.change",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "A", "organisation_number": "123"}, "organisation_number"),
        ({"name": "Taken"}, None),
        ({"name": "A", "contact_email": "x"}, "contact_email"),
        ({"name": "A", "allowed_sites": ["site_x"]}, "allowed_sites"),
        (
            {"name": "A", "allowed_hours": [{"days": [9], "from": "1:00", "to": "2:00"}]},
            "allowed_hours",
        ),
        (
            {"name": "A", "allowed_hours": [{"days": [1], "from": "2:00", "to": "2:00"}]},
            "allowed_hours",
        ),
        ({}, "name"),
    ],
)
def test_bad_values_are_named_and_nothing_is_stored(
    operator: Operator, body: dict[str, object], field: str | None
) -> None:
    make_company(operator=operator, name="Taken")

    answer = api_client(operator).post("/api/v1/companies/", body)

    assert answer.status_code == 422
    assert answer.json()["error"].get("field") == field
    with operator_scope(operator):
        assert Company.objects.count() == 1


def test_a_site_of_another_operator_is_unknown(operator: Operator) -> None:
    foreign = make_site()

    answer = api_client(operator).post(
        "/api/v1/companies/", {"name": "A", "allowed_sites": [foreign.public_id]}
    )

    assert answer.status_code == 422


def test_a_person_creates_edits_and_blocks_a_company(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    values = {
        "name": "Västfrakt",
        "country_code": "se",
        "organisation_number": "556703-7485",
        "max_energy_wh_per_month": "250",
        "allowed_hours": "mån-fre 6-18",
    }

    assert client.post("/companies/new/", values).status_code == 302
    with operator_scope(operator):
        company = Company.objects.get()
    url = f"/companies/{company.public_id}/"
    assert company.max_energy_wh_per_month == 250_000
    page = client.get(f"{url}edit/").content.decode()
    assert 'value="250"' in page
    assert "mon-fri 06:00-18:00" in page
    assert client.post(f"{url}status/", {"reason": "unpaid invoice"}).status_code == 302
    shown_page = client.get(url).content.decode()
    assert "Blocked: unpaid invoice" in shown_page
    assert "556703-7485" in shown_page
    assert "Västfrakt" in client.get("/companies/", {"q": "5567"}).content.decode()


def test_a_form_names_what_is_wrong(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.OWNER))

    page = client.post(
        "/companies/new/",
        {"name": "A", "country_code": "SE", "organisation_number": "1", "allowed_hours": "never"},
    ).content.decode()
    assert "Write hours as mon-fri 07:00-18:00." in page

    page = client.post(
        "/companies/new/", {"name": "A", "country_code": "SE", "organisation_number": "1"}
    ).content.decode()
    assert "This is no organisation number of SE." in page
    with operator_scope(operator):
        assert not Company.objects.exists()


def test_the_currency_of_a_budget_is_kept_until_the_operator_s_is_chosen(
    operator: Operator,
) -> None:
    company = make_company(operator=operator)
    with operator_scope(operator):
        change_company(company=company, max_gross_per_month=Decimal(500), limit_currency="NOK")
        change_company(company=company, max_gross_per_month=Decimal(900))
        assert company.limit_currency == "NOK"
        change_company(company=company, limit_currency="")

    assert (company.max_gross_per_month, company.limit_currency) == (Decimal(900), "SEK")
