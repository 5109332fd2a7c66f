"""Dated fees: pages, API, and what falls due."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from billing.accounts.fee_models import Fee
from billing.accounts.fee_services import end_fees_of
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_fee
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def test_the_api_adds_ends_and_tells_what_falls_due(operator: Operator) -> None:
    client = api_client(operator)
    account = make_account(operator=operator)

    made = client.post(
        "/api/v1/fees",
        {
            "account": account.public_id,
            "kind": "network_access",
            "name": "Laddplats 12",
            "amount": "310.00",
            "starts_on": "2026-03-01",
        },
    )
    assert made.status_code == 201, made.content
    fee = made.json()
    assert (fee["currency"], fee["revenue_account"], fee["tax_percent"]) == ("SEK", "3011", "25.00")
    ended = client.post(
        f"/api/v1/fees/{fee['id']}/end", {"ends_on": "2026-05-10", "reason": "moved out"}
    )
    assert ended.status_code == 200
    due = client.get(
        f"/api/v1/billing-accounts/{account.public_id}/fees-due",
        {"from_on": "2026-04-01", "until_on": "2026-06-30"},
    ).json()

    assert [(d["from_on"], d["until_on"], d["days"], d["amount"]) for d in due] == [
        ("2026-04-01", "2026-04-30", 30, "310.00"),
        ("2026-05-01", "2026-05-10", 10, "100.00"),
    ]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"ends_on": "2026-01-01"}, 422, "ends_on"),
        ({"recurrence": "once", "ends_on": "2026-09-01"}, 422, "ends_on"),
        ({"amount": "-1"}, 422, "amount"),
        ({"amount": "1.234"}, 422, "amount"),
        ({"tax_percent": "100"}, 422, "tax_percent"),
        ({"subject_kind": "bay"}, 422, "subject_ref"),
        ({"subject_ref": "7"}, 422, "subject_kind"),
        ({"revenue_account": "abc"}, 422, "revenue_account"),
        ({"account": "acc_nobody"}, 422, "account"),
    ],
)
def test_bad_fees_are_refused_by_name(
    operator: Operator, body: dict[str, object], status: int, field: str
) -> None:
    account = make_account(operator=operator)
    sound = {
        "account": account.public_id,
        "kind": "bay",
        "name": "A",
        "amount": "1.00",
        "starts_on": "2026-03-01",
    }

    answer = api_client(operator).post("/api/v1/fees", sound | body)

    assert (answer.status_code, answer.json()["error"].get("field")) == (status, field)
    with operator_scope(operator):
        assert not Fee.objects.exists()


def test_who_moves_out_pays_to_the_day(operator: Operator) -> None:
    account = make_account(operator=operator)
    bay = {"subject_kind": "bay", "subject_ref": "12", "subject_label": "12"}
    running = make_fee(account, **bay)
    planned = make_fee(account, **bay, starts_on=date(2027, 1, 1))
    other = make_fee(account, **bay | {"subject_ref": "13"})

    with operator_scope(operator):
        ended = end_fees_of(
            subject_kind="bay", subject_ref="12", ends_on=date(2026, 6, 15), reason="moved"
        )
        left = dict(Fee.objects.values_list("pk", "ends_on"))
        verbs = list(AuditEntry.objects.values_list("verb", flat=True).order_by("id"))

    assert ended == 2
    assert left == {running.pk: date(2026, 6, 15), other.pk: None}
    assert planned.pk not in left
    assert sorted(verbs) == ["fee.change", "fee.delete"]


def test_a_person_adds_and_ends_a_fee(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    account = make_account(operator=operator)
    url = f"/billing-accounts/{account.public_id}/fees/"
    values = {
        "kind": "administration",
        "name": "Administration",
        "recurrence": "monthly",
        "starts_on": "2026-01-01",
        "amount": "49",
        "tax_percent": "25",
        "is_tax_included": "on",
    }

    assert client.post(f"{url}new/", values).status_code == 302
    assert "49.00 SEK" in client.get(url).content.decode()
    with operator_scope(operator):
        fee = Fee.objects.get()
    page = client.post(f"/fees/{fee.public_id}/end/", {"ends_on": "2025-12-31", "reason": "x"})
    assert "The last day comes before the first." in page.content.decode()
    done = client.post(f"/fees/{fee.public_id}/end/", {"ends_on": "2026-12-31", "reason": "x"})
    assert done.status_code == 302
    with operator_scope(operator):
        assert Fee.objects.get().ends_on == date(2026, 12, 31)
    assert "Administration" in client.get("/fees/", {"account": account.public_id}).content.decode()
