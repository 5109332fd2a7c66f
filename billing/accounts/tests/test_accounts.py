"""Billing accounts: values are checked, price groups dated, changes audited; pages and API."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from billing.accounts.membership_services import set_price_group
from billing.accounts.models import BillingAccount, PriceGroupMembership
from billing.accounts.peppol import peppol_address
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_fee, make_membership, make_price_group
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
URL = "/api/v1/billing-accounts"


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def verbs(operator: Operator) -> list[str]:
    with operator_scope(operator):
        return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("0007:556703 7485", "0007:5567037485"),
        ("0007:5567037486", None),
        ("0088:7300010000001", "0088:7300010000001"),
        ("0088:7300010000002", None),
        ("9915:anything", "9915:anything"),
        ("5567037485", None),
    ],
)
def test_a_peppol_address_is_checked_by_its_scheme(text: str, kept: str | None) -> None:
    assert peppol_address(text) == kept


def test_the_api_creates_changes_and_blocks(operator: Operator) -> None:
    client = api_client(operator)
    group = make_price_group(operator=operator)

    made = client.post(
        URL,
        {
            "name": "Brf Linden",
            "kind": "company",
            "organisation_number": "5567037485",
            "vat_number": "556703748501",
            "emails": ["a@example.com", "A@example.com"],
            "peppol_address": "0007:5567037485",
            "credit_limit_amount": "5000.00",
            "price_group": group.public_id,
        },
    )
    assert made.status_code == 201, made.content
    url = f"{URL}/{made.json()['id']}"
    changed = client.patch(url, {"buyer_reference": "K-17", "reason": "they asked"})
    blocked = client.post(f"{url}/status", {"status": "blocked", "reason": "unpaid"})

    body = changed.json()
    assert (body["organisation_number"], body["vat_number"]) == ("556703-7485", "SE556703748501")
    assert (body["emails"], body["price_group"]) == (["a@example.com"], group.public_id)
    assert (body["currency"], body["credit_limit_amount"]) == ("SEK", "5000.00")
    assert blocked.json()["status_reason"] == "unpaid"
    assert client.post(f"{url}/status", {"status": "blocked", "reason": "x"}).status_code == 409
    assert verbs(operator)[-4:] == [
        "account.create", "account.price_group", "account.change", "account.block",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"organisation_number": "5567037486"}, "organisation_number"),
        ({"vat_number": "SE556703748502"}, "vat_number"),
        ({"peppol_address": "5567037485"}, "peppol_address"),
        ({"emails": ["nobody"]}, "emails"),
        ({"currency": "XYZ"}, "currency"),
        ({"country_code": "1A"}, "country_code"),
        ({"payment_terms_days": 400}, "payment_terms_days"),
        ({"credit_limit_amount": "-1"}, "credit_limit_amount"),
        ({"language": "xx"}, "language"),
        ({"price_group": "pg_nobody"}, "price_group"),
        ({"name": "  "}, "name"),
    ],
)
def test_bad_values_are_named_and_nothing_is_stored(
    operator: Operator, body: dict[str, object], field: str
) -> None:
    answer = api_client(operator).post(URL, {"name": "A"} | body)

    assert answer.status_code == 422, answer.content
    assert answer.json()["error"].get("field") == field
    with operator_scope(operator):
        assert not BillingAccount.objects.exists()


def test_another_currency_is_refused_while_there_are_fees(operator: Operator) -> None:
    account = make_account(operator=operator)
    make_fee(account)

    answer = api_client(operator).patch(f"{URL}/{account.public_id}", {"currency": "EUR"})

    assert answer.status_code == 409
    with operator_scope(operator):
        assert BillingAccount.objects.get().currency == "SEK"


def test_a_price_group_is_set_from_a_day_on(operator: Operator) -> None:
    account = make_account(operator=operator)
    first, second = make_price_group(operator=operator), make_price_group(operator=operator)
    with operator_scope(operator):
        set_price_group(account=account, price_group=first, from_on=None)
        set_price_group(account=account, price_group=second, from_on=date(2026, 7, 1))
        set_price_group(account=account, price_group=first, from_on=date(2026, 5, 1))
        set_price_group(account=account, price_group=second, from_on=date(2026, 6, 1))
        with pytest.raises(RuleViolation, match="already"):
            set_price_group(account=account, price_group=second, from_on=date(2026, 6, 15))
        set_price_group(account=account, price_group=None, from_on=date(2026, 8, 1))

        rows = PriceGroupMembership.objects.filter(account=account).order_by("valid_from_on")
        spans = {(r.price_group_id, r.valid_from_on, r.valid_until_on) for r in rows}

    assert spans == {
        (first.pk, None, date(2026, 4, 30)),
        (first.pk, date(2026, 5, 1), date(2026, 5, 31)),
        (second.pk, date(2026, 6, 1), date(2026, 7, 31)),
    }


def test_the_database_keeps_spans_apart_and_inside_the_operator(operator: Operator) -> None:
    account, group = make_account(operator=operator), make_price_group(operator=operator)
    make_membership(account, group, valid_until_on=date(2026, 5, 31))

    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        make_membership(account, group, valid_from_on=date(2026, 5, 31))
    with pytest.raises(IntegrityError, match="another operator"), transaction.atomic():
        make_membership(
            account, make_price_group(operator=make_operator()), valid_from_on=date(2027, 1, 1)
        )
    make_membership(account, group, valid_from_on=date(2026, 6, 1))


def test_consumers_always_see_prices_with_vat(operator: Operator) -> None:
    client = api_client(operator)

    refused = client.post(
        "/api/v1/price-groups", {"name": "A", "audience": "consumer", "shows_tax_included": False}
    )
    made = client.post(
        "/api/v1/price-groups", {"name": "A", "audience": "company", "shows_tax_included": False}
    )
    retired = client.post(
        f"/api/v1/price-groups/{made.json()['id']}/retire", {"reason": "nobody left"}
    )

    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "shows_tax_included")
    assert retired.status_code == 200
    late = client.post(URL, {"name": "B", "price_group": made.json()["id"]})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "price_group_retired")
    with operator_scope(operator):
        assert not BillingAccount.objects.exists()


def test_a_person_creates_edits_and_blocks_an_account(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    group = make_price_group(operator=operator, name="Residents")
    values = {
        "kind": "person",
        "name": "Dina Dahl",
        "country_code": "se",
        "language": "sv",
        "currency": "SEK",
        "payment_terms_days": "20",
        "invoice_grouping": "session",
        "emails": "dina@example.com; b@example.com",
        "city": "Lund",
        "price_group": group.pk,
    }

    assert client.post("/billing-accounts/new/", values).status_code == 302
    with operator_scope(operator):
        account = BillingAccount.objects.get()
    assert account.emails == ["dina@example.com", "b@example.com"]
    url = f"/billing-accounts/{account.public_id}/"
    edited = values | {"order_number": "77"}
    assert client.post(f"{url}edit/", edited).status_code == 302
    assert client.post(f"{url}status/", {"reason": "unpaid invoice"}).status_code == 302
    page = client.get(url).content.decode()
    assert "Blocked: unpaid invoice" in page
    assert "Residents" in page
    listed = client.get("/billing-accounts/", {"q": "dina@", "status": "blocked"})
    assert "Dina Dahl" in listed.content.decode()


def test_a_reader_changes_nothing(client: Client, operator: Operator) -> None:
    account = make_account(operator=operator)
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))

    answer = client.post(f"/billing-accounts/{account.public_id}/status/", {"reason": "x"})

    assert answer.status_code == 403
    with operator_scope(operator):
        assert BillingAccount.objects.get().status == "active"
