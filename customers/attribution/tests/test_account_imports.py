"""Billing accounts from files: created, changed, with price group, terms and whom they pay for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from billing.accounts.models import BillingAccount, PriceGroupMembership
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from customers.companies.models import CompanyAccount
from customers.drivers.models import DriverAccount
from tests import importing
from tests.factories.billing import make_account, make_fee, make_membership, make_price_group
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver
from tests.importing import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def anna(operator: Operator, client: Client) -> Client:
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    return client


def upload(client: Client, content: str | bytes) -> Any:
    return importing.upload(client, "billing-accounts", content, "accounts.csv")


def commit(client: Client, page: Any) -> Any:
    return importing.commit(client, page, reason="taken over")


def test_accounts_come_in_with_group_terms_and_whom_they_pay_for(
    anna: Client, operator: Operator
) -> None:
    group = make_price_group(operator=operator, name="Members")
    company = make_company(operator=operator, name="Bolaget, Lund")
    driver = make_driver(operator=operator, email="dina@example.com")

    page = upload(
        anna,
        "kind;name;organisation_number;payment_terms_days;emails;credit_limit_amount;price_group;"
        "pays_for_companies;pays_for_drivers\n"
        "company;Eken;5567037485;20;a@example.com b@example.com;1500,50;Members;Bolaget, Lund;"
        "Dina@example.com\n",
    )
    commit(anna, page)

    (account,) = rows(BillingAccount)
    assert (account.kind, account.name, account.organisation_number) == (
        "company", "Eken", "556703-7485",
    )  # fmt: skip
    assert (account.payment_terms_days, str(account.credit_limit_amount)) == (20, "1500.50")
    assert account.emails == ["a@example.com", "b@example.com"]
    (membership,) = rows(PriceGroupMembership)
    assert (membership.price_group_id, membership.valid_from_on) == (group.pk, None)
    (of_company,), (of_driver,) = rows(CompanyAccount), rows(DriverAccount)
    assert (of_company.owner_id, of_company.account_id) == (company.pk, account.pk)
    assert (of_driver.owner_id, of_driver.valid_from_on) == (driver.pk, None)
    verbs = {entry.verb: entry.reason for entry in rows(AuditEntry)}
    assert verbs["account.create"] == verbs["company.account"] == "taken over"


def test_a_known_number_changes_the_account_and_its_group_from_a_day(
    anna: Client, operator: Operator
) -> None:
    account = make_account(operator=operator, name="Eken", organisation_number="556703-7485")
    make_membership(account, make_price_group(operator=operator, name="Old"))
    new = make_price_group(operator=operator, name="New")

    page = upload(
        anna,
        "name;organisation_number;price_group;price_group_from_on;status;status_reason\n"
        "Eken AB;556703-7485;New;2027-01-01;blocked;Bankrupt\n",
    )
    commit(anna, page)

    (changed,) = rows(BillingAccount)
    assert (changed.pk, changed.name) == (account.pk, "Eken AB")
    assert (changed.status, changed.status_reason) == ("blocked", "Bankrupt")
    old, later = rows(PriceGroupMembership)
    assert old.valid_until_on == date(2026, 12, 31)
    assert (later.price_group_id, later.valid_from_on) == (new.pk, date(2027, 1, 1))


def test_each_wrong_row_is_told_and_nothing_is_stored(anna: Client, operator: Operator) -> None:
    make_fee(make_account(operator=operator, name="With fees"))
    for _twice in range(2):
        make_account(operator=operator, name="Twin")
    make_company(operator=operator, name="Bolaget")
    before = [row.__dict__ | {"_state": 0} for row in rows(BillingAccount)]

    page = upload(
        anna,
        "name;organisation_number;currency;price_group;status;pays_for_companies\n"
        "A;123;;;;\n"
        "B;;XYZ;;;\n"
        "C;;;Nobody;;\n"
        "D;;;;blocked;\n"
        "E;;;;;Nobody\n"
        "F;;;;;Bolaget\n"
        "G;;;;;Bolaget\n"
        "Twin;;;;;\n"
        "With fees;;EUR;;;\n",
    )

    told = " ".join(page.content.decode().split())
    for reason in (
        "This is no organisation number of SE.",
        "This currency is not supported.",
        "There is no price group with this name or public id.",
        "Another status needs a reason.",
        "Nobody is not known.",
        "Line 7 names Bolaget too.",
        "More than one account has this.",
        "The account has fees in SEK.",
    ):
        assert reason in told, reason
    assert 'name="shown"' not in told
    assert [row.__dict__ | {"_state": 0} for row in rows(BillingAccount)] == before
    assert rows(CompanyAccount) == []


def test_an_export_of_accounts_comes_back_unchanged(anna: Client, operator: Operator) -> None:
    account = make_account(
        operator=operator, name="=Eken; å", kind="company", organisation_number="556703-7485",
        emails=["a@example.com", "b@example.com"], credit_limit_amount="100.00",
        invoice_grouping="driver",
        status="blocked", status_reason="Late",
    )  # fmt: skip
    make_membership(account, make_price_group(operator=operator, name="Members"))
    before = rows(BillingAccount)[0].__dict__ | {"_state": 0}
    exported = anna.get("/billing-accounts/?format=csv&columns=all")

    page = upload(anna, b"".join(exported.streaming_content))  # type: ignore[attr-defined]  # it streams

    assert "there is nothing to import" in page.content.decode(), page.content.decode()
    assert rows(BillingAccount)[0].__dict__ | {"_state": 0} == before


def test_others_may_not_import_accounts(operator: Operator) -> None:
    olga = Client()
    olga.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    foreign = make_account(operator=make_operator(), name="Foreign")
    uma = Client()
    uma.force_login(make_person(operator=operator, role=Role.OWNER))

    refused = upload(olga, "name\nMine\n")
    wrong = upload(uma, f"public_id,name\n{foreign.public_id},Mine\n")

    assert "Select a valid choice" in refused.content.decode()
    assert "There is nothing with this public id." in wrong.content.decode()
    assert [row.name for row in rows(BillingAccount)] == ["Foreign"]
