"""The pages and calls of the books: who may, what they say, what they change."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from billing.accounting.book_models import AccountUse, ChartAccount
from billing.accounting.books import chart_of
from billing.accounting.chart import Use
from billing.accounting.models import JournalEntry
from billing.accounting.posting_services import post_due
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from tests.factories.accounting import book_rows
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.invoices import make_issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def rows(operator: Operator) -> dict[str, Any]:
    return book_rows(make_seller(operator=operator), "Underlag 1")


def test_the_accountant_sees_every_page_and_others_none(
    client: Client, operator: Operator, rows: dict[str, Any]
) -> None:
    paths = [
        "/books/",
        "/journal-entries/?ledger=15&invoice=&kind=invoice",
        f"/journal-entries/{rows['journal-entries'].public_id}/",
        "/chart-accounts/",
        "/account-map/",
        f"/account-map/{rows['account-map'].public_id}/",
        "/periods/",
        f"/periods/{rows['periods'].public_id}/",
        "/books/close/?month=2026-10",
    ]
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    for path in paths:
        assert client.get(path).status_code == 200, path
    assert client.get("/journal-entries/?format=csv").status_code == 200
    assert (
        '<option value="2026-09" selected>' in client.get("/books/?month=2026-09").content.decode()
    )
    for month in ("2026-13", "9999-12", "x"):
        assert client.get(f"/books/?month={month}").status_code == 404
        assert client.post(f"/books/close/?month={month}").status_code == 404
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    for path in paths:
        assert client.get(path).status_code == 403, path


def test_an_entry_leads_to_the_invoice_that_it_books(client: Client, operator: Operator) -> None:
    seller = make_seller(operator=operator)
    invoice = make_issued(seller, make_account(operator=operator))
    with operator_scope(operator):
        post_due()
        entry = JournalEntry.objects.get(source_kind="invoice", source_id=invoice.pk)
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))

    page = client.get(f"/journal-entries/{entry.public_id}/").content.decode()

    assert f'href="/invoices/{invoice.public_id}/"' in page


def test_the_map_changes_whole_or_not_at_all(operator: Operator, rows: dict[str, Any]) -> None:
    seller, api = rows["account-map"], api_client(operator)
    url = f"/api/v1/account-maps/{seller.public_id}"

    refused = api.patch(
        url, {"uses": [{"use": "bank", "account": "1940"}, {"use": "cards", "account": "1930"}]}
    )
    assert refused.status_code == 422
    taken = api.post(f"{url}/tax-rules", {"rate": "25", "country": "SE", "account": "2621"})
    assert taken.status_code in (409, 422)
    assert api.delete(f"/api/v1/chart-accounts/{_id(operator, '1510')}").status_code == 409
    with operator_scope(operator):
        assert chart_of(seller).account(Use.BANK) == "1930"
        assert not AuditEntry.objects.filter(verb="account_map.change").exists()

    made = api.post(
        "/api/v1/chart-accounts", {"seller": seller.public_id, "number": "1940", "name": "Bank"}
    )
    assert made.status_code == 201, made.content
    changed = api.patch(url, {"uses": [{"use": "bank", "account": "1940"}], "site_dimension": None})
    assert changed.status_code == 200, changed.content
    with operator_scope(operator):
        assert chart_of(seller).account(Use.BANK) == "1940"
        assert chart_of(seller).site("x") == ()
        assert AccountUse.objects.get(use="bank").account.number == "1940"
        assert AuditEntry.objects.filter(verb="account_map.change").count() == 1


def test_two_who_change_the_map_at_once_keep_both_changes(
    client: Client, operator: Operator, rows: dict[str, Any]
) -> None:
    seller = rows["account-map"]
    url = f"/account-map/{seller.public_id}/"
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    page = client.get(url).context
    shown = {name: page["form"][name].value() or "" for name in page["form"].fields}
    shown["seen"] = page["seen"]
    cash, other = (str(_id(operator, number)) for number in ("2999", "9999"))

    for changed in ({"use_bank": other}, {"use_interest": cash}):
        assert client.post(url, shown | changed).status_code == 302
    with operator_scope(operator):
        chart = chart_of(seller)
        assert (chart.account(Use.BANK), chart.account(Use.INTEREST)) == ("9999", "2999")

    clash = client.post(url, shown | {"use_bank": cash})
    (told,) = clash.context["clashes"]
    assert (clash.status_code, str(told.now)[:4], told.at is None) == (200, "9999", False)
    with operator_scope(operator):
        assert chart_of(seller).account(Use.BANK) == "9999"


def _id(operator: Operator, number: str) -> int:
    with operator_scope(operator):
        return int(ChartAccount.objects.get(number=number).pk)
