"""Pages and API of invoicing, as an accountant and as those who may only look."""

from __future__ import annotations

import pytest
from django.test import Client

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.invoices.run_models import BillingRun, ManualItem
from billing.sellers.models import Seller
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.invoices import make_draft, make_issued, make_manual_item, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Operator:
    made = make_operator()
    client.force_login(make_person(operator=made, role=Role.ACCOUNTANT, language="en"))
    return made


@pytest.fixture
def seller(operator: Operator) -> Seller:
    return make_seller(operator=operator)


@pytest.fixture
def account(operator: Operator) -> BillingAccount:
    return make_account(operator=operator, name="Dina Lund")


def test_an_accountant_issues_a_draft_and_credits_a_line_of_it(
    client: Client, operator: Operator, seller: Seller, account: BillingAccount
) -> None:
    draft = make_draft(seller, account, "40", "60")
    own = f"/invoices/{draft.public_id}/"

    assert "This is a draft" in client.get(own).content.decode()
    client.post(f"{own}issue/", {"reason": "Month's end"})
    shown = client.get(own).content.decode()
    form = client.get(f"{own}credit/").content.decode()
    noughts = client.post(f"{own}credit/", {"reason": "Wrong fee", "line_1": "0"})
    client.post(f"{own}credit/", {"reason": "Wrong fee", "line_1": "50"})
    client.post(f"{own}dispute/", {"reason": "The customer wrote"})

    assert "Fee 1" in shown
    assert "At most 50" in form
    assert "Write an amount above nothing" in noughts.content.decode()
    with operator_scope(operator):
        issued = Invoice.objects.get(pk=draft.pk)
        note = Invoice.objects.get(kind="credit_note")
        entry = AuditEntry.objects.get(verb="invoice.issue", object_id=str(draft.pk))
    assert (issued.number[-1], str(issued.credited_gross), issued.is_disputed) == (
        "1", "50.0000", True,
    )  # fmt: skip
    assert entry.reason == "Month's end"
    page = client.get(f"/invoices/{note.public_id}/").content.decode()
    assert issued.number in page
    assert "Wrong fee" in page


def test_runs_and_items_are_entered_approved_and_thrown_away(
    client: Client, operator: Operator, seller: Seller, account: BillingAccount
) -> None:
    one, other = make_run(seller), make_run(seller)
    values = {"seller": seller.public_id, "period_from_on": "2026-10-01"}

    client.post("/billing-runs/new/", values | {"period_until_on": "2026-10-31"})
    refused = client.post("/billing-runs/new/", values | {"period_until_on": "2126-10-31"})
    client.post(f"/billing-runs/{one.public_id}/approve/", {"reason": "Looked at"})
    client.post(f"/billing-runs/{other.public_id}/discard/", {"reason": "Too early"})
    client.post(f"/sellers/{seller.public_id}/invoicing/", {
        "rhythm": "monthly", "run_day": "5", "minimum_amount": "10",
    })  # fmt: skip
    client.post("/manual-items/new/", {
        "account": account.public_id, "seller": seller.public_id, "kind": "line",
        "due_on": "2026-11-01", "description": "Cable", "quantity": "2", "unit": "each",
        "unit_price": "99.50", "tax_percent": "25",
    })  # fmt: skip

    assert "The period is not over yet." in refused.content.decode()
    with operator_scope(operator):
        states = sorted(BillingRun.objects.values_list("state", flat=True))
        item = ManualItem.objects.get()
        assert seller.billing_rules.run_day == 5
    assert states == ["planned", "running"]
    assert (str(item.unit_price), item.currency) == ("99.5000", "SEK")
    for url in (
        "/invoices/", "/billing-runs/", "/manual-items/", f"/billing-runs/{one.public_id}/",
        f"/manual-items/{item.public_id}/", f"/manual-items/{item.public_id}/edit/",
        "/invoices/?format=csv",
    ):  # fmt: skip
        assert client.get(url).status_code == 200, url
    client.post(f"/manual-items/{item.public_id}/remove/", {"reason": "Mistake"})
    with operator_scope(operator):
        assert not ManualItem.objects.exists()


def test_who_may_only_look_changes_nothing(
    client: Client, operator: Operator, seller: Seller, account: BillingAccount
) -> None:
    draft, run = make_draft(seller, account), make_run(seller)
    item = make_manual_item(seller, account)
    client.force_login(make_person(operator=operator, role=Role.VIEWER))

    assert client.get(f"/invoices/{draft.public_id}/").status_code == 200
    for url in (
        f"/invoices/{draft.public_id}/issue/", f"/invoices/{draft.public_id}/delete/",
        f"/billing-runs/{run.public_id}/approve/", f"/manual-items/{item.public_id}/remove/",
    ):  # fmt: skip
        assert client.post(url, {"reason": "x"}).status_code == 403
    with operator_scope(operator):
        assert Invoice.objects.get().state == "draft"
        assert BillingRun.objects.get().state == "previewed"
        assert ManualItem.objects.get() == item


def test_the_api_does_what_the_pages_do(
    operator: Operator, seller: Seller, account: BillingAccount
) -> None:
    api = api_client(operator)
    issued = make_issued(seller, account, "40", "60")
    run = make_run(seller)

    listed = api.get("/api/v1/invoices?state=issued").json()["results"]
    note = api.post(f"/api/v1/invoices/{issued.public_id}/credit", {
        "reason": "Wrong", "lines": [{"position": 2, "gross": "75.00"}],
    })  # fmt: skip
    twice = api.post(f"/api/v1/invoices/{issued.public_id}/credit", {
        "reason": "Wrong", "gross": "1", "lines": [{"position": 1, "gross": "1"}] * 2,
    })  # fmt: skip
    beyond = api.post(f"/api/v1/invoices/{issued.public_id}/credit", {
        "reason": "Wrong", "gross": "50.01",
    })  # fmt: skip
    detail = api.get(f"/api/v1/invoices/{issued.public_id}").json()
    item = api.post("/api/v1/manual-items", {
        "account": account.public_id, "seller": seller.public_id, "description": "Cable",
        "due_on": "2026-11-01", "unit_price": "80",
    })  # fmt: skip

    assert [one["id"] for one in listed] == [issued.public_id]
    assert (note.status_code, note.json()["gross"]) == (201, "75.0000")
    assert (beyond.status_code, twice.status_code) == (409, 422)
    assert detail["credit_notes"] == [note.json()["id"]]
    assert [line["gross"] for line in detail["lines"]] == ["50.0000", "75.0000"]
    assert item.status_code == 201
    assert api.get(f"/api/v1/billing-runs/{run.public_id}").json()["state"] == "previewed"
    assert api.post(f"/api/v1/billing-runs/{run.public_id}/approve").json()["state"] == "running"
    assert api.get(f"/api/v1/sellers/{seller.public_id}/invoicing").json()["run_day"] == 2
    assert api.get(f"/api/v1/invoices/{issued.public_id}/items").json()["results"] == []
