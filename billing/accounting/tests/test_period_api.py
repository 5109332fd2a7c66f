"""The API shows what is open of a month, closes it, and opens it again for those who may."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from billing.accounting.models import Period, PeriodChange
from billing.invoices.crediting import credit
from billing.payments.models import Refund
from billing.payments.tests.books import paid
from core.accounts.permissions import ROLE_PERMISSIONS, Role
from core.months import month_before
from core.tenancy.scopes import operator_scope
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.invoices import make_issued

pytestmark = pytest.mark.django_db


def test_a_month_is_looked_at_closed_and_opened_again() -> None:
    seller = make_seller(operator=make_operator())
    month = month_before(timezone.localdate())
    asked = {"seller": seller.public_id, "month": f"{month:%Y-%m}"}
    owner, anna, viewer = (
        api_client(seller.operator, ROLE_PERMISSIONS[role])
        for role in (Role.OWNER, Role.ACCOUNTANT, Role.VIEWER)
    )

    home = viewer.get("/api/v1/books", asked).json()
    refused = viewer.post("/api/v1/periods/close", asked)
    with operator_scope(seller.operator):
        assert not Period.objects.exists()
    wrong, foreign = (
        anna.post("/api/v1/periods/close", asked | {"month": text})
        for text in ("2026-13", "20\N{ARABIC-INDIC DIGIT TWO}6-10")
    )
    closed, again = (anna.post("/api/v1/periods/close", asked) for _ in "12")
    own = f"/api/v1/periods/{closed.json()['id']}"
    early = anna.post(f"{own}/reopen", {"reason": "an invoice was late"})
    silent = owner.post(f"{own}/reopen", {})
    opened = owner.post(f"{own}/reopen", {"reason": "an invoice was late"})

    assert (home["month"], home["period"], home["open_count"]) == (month.isoformat(), None, 0)
    assert {one["code"] for one in home["checks"]} > {"month_over", "drafts", "unmatched"}
    assert [one.status_code for one in (refused, wrong, foreign, closed, again, early, silent)] == [
        403, 422, 422, 201, 409, 403, 422,
    ]  # fmt: skip
    assert (closed.json()["state"], opened.json()["state"]) == ("closed", "open")
    shown = viewer.get(own).json()
    assert [one["state"] for one in shown["changes"]] == ["open", "closed"]
    assert (
        viewer.get("/api/v1/periods", {"state": "open"}).json()["results"][0]["id"] == (shown["id"])
    )
    with operator_scope(seller.operator):
        assert PeriodChange.objects.count() == 2


def test_what_a_credit_note_left_is_given_back(client: Client) -> None:
    seller = make_seller(operator=make_operator())
    with operator_scope(seller.operator):
        account = make_account(operator=seller.operator, name="Märta Öberg")
        invoice = make_issued(seller, account, "400")
    paid(seller, str(invoice.payable), invoice.ocr)
    with operator_scope(seller.operator):
        invoice.refresh_from_db()
        note = credit(invoice, reason="wrong price")
    api = api_client(seller.operator, ROLE_PERMISSIONS[Role.ACCOUNTANT])
    address = f"invoices/{note.public_id}/refund"
    values = {"reason": "moved out", "bankgiro": "5050-1055"}
    client.force_login(make_person(operator=seller.operator, role=Role.ACCOUNTANT))
    page = client.get(f"/invoices/{note.public_id}/").content.decode()
    form = client.get(f"/{address}/")

    beyond = api.post(f"/api/v1/{address}", values | {"amount": "501.00"})
    part = api.post(f"/api/v1/{address}", values | {"amount": "100.00"})
    rest = client.post(f"/{address}/", {
        "name": "Märta", "amount": "400.00", "reason": "moved out", "pay_on": "2026-12-01",
    })  # fmt: skip
    other = api.post(f"/api/v1/invoices/{invoice.public_id}/refund", values)

    assert f"/{address}/" in page
    assert (form.context["form"].initial["amount"], form.context["form"].initial["name"]) == (
        Decimal(500), "Märta Öberg",
    )  # fmt: skip
    assert [one.status_code for one in (beyond, part, rest, other)] == [409, 201, 302, 422]
    assert (part.json()["credit_note"], part.json()["payment"]) == (note.number, None)
    with operator_scope(seller.operator):
        assert sorted(Refund.objects.values_list("amount", flat=True)) == [100, 400]
        note.refresh_from_db()
    assert note.open_amount == 0
