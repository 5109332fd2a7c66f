"""Second approvals, and what sites are called in the books."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from billing.accounting.attest_models import EntryAttest, SiteCode
from billing.accounting.books import chart_of
from billing.accounting.models import JournalEntry
from billing.accounting.posting_services import post_due
from billing.accounting.reports.report import Asked
from billing.accounting.reports.unbilled import lost
from billing.invoices.crediting import credit
from billing.invoices.models import InvoiceKind
from core.accounts.acting import acting_for
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.invoices import make_issued
from tests.factories.stations import make_site

pytestmark = pytest.mark.django_db


def test_somebody_else_approves_what_was_credited_once() -> None:
    seller = make_seller(operator=make_operator())
    invoice = make_issued(seller, make_account(operator=seller.operator), "400")
    anna, bo = api_client(seller.operator), api_client(seller.operator)
    credited = anna.post(f"/api/v1/invoices/{invoice.public_id}/credit", {"reason": "wrong"})
    with operator_scope(seller.operator):
        post_due()
        sold, note = JournalEntry.objects.order_by("pk")
        assert note.kind == InvoiceKind.CREDIT_NOTE
        asked = Asked(seller, note.booked_on, note.booked_on)
        (before,) = lost(asked).rows
    address = f"/api/v1/journal-entries/{note.public_id}/attest"

    own = anna.post(address)
    needless = bo.post(f"/api/v1/journal-entries/{sold.public_id}/attest")
    reader = api_client(seller.operator, ["ledger.view"]).post(address)
    with operator_scope(seller.operator):
        assert not EntryAttest.objects.exists()
    done, again = bo.post(address, {"note": "looked at the sign"}), bo.post(address)

    assert credited.status_code == 201, credited.content
    assert [one.status_code for one in (own, needless, reader, done, again)] == [
        409, 409, 403, 201, 409,
    ]  # fmt: skip
    checks = bo.get("/api/v1/books").json()["checks"]
    assert [one["count"] for one in checks if one["code"] == "unattested"] == [0]
    with operator_scope(seller.operator):
        (after,) = lost(asked).rows
        attest = EntryAttest.objects.get()
        assert AuditEntry.objects.filter(verb="entry.attest").count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            EntryAttest.objects.filter(pk=attest.pk).update(by_label="x")
    assert (before[-2], after[-2]) == ("", attest.by_label)


def test_nobody_approves_their_own_doing_with_a_token_that_they_made() -> None:
    seller = make_seller(operator=make_operator())
    invoice = make_issued(seller, make_account(operator=seller.operator), "400")
    anna = make_person(operator=seller.operator, role=Role.ACCOUNTANT)
    with operator_scope(seller.operator), acting_for(anna.memberships.get()):
        credit(invoice, reason="wrong")
    with operator_scope(seller.operator):
        post_due()
        note = JournalEntry.objects.get(kind=InvoiceKind.CREDIT_NOTE)
    address = f"/api/v1/journal-entries/{note.public_id}/attest"

    own = api_client(seller.operator, by=anna).post(address)
    with operator_scope(seller.operator):
        assert not EntryAttest.objects.exists()
    bos = api_client(seller.operator, by=make_person(operator=seller.operator))

    assert (own.status_code, own.json()["code"]) == (409, "own_doing")
    assert bos.post(address).status_code == 201


def test_a_site_is_called_by_its_own_code_from_the_next_entry_on() -> None:
    seller = make_seller(operator=make_operator())
    mine = make_site(operator=seller.operator)
    other = make_site(operator=seller.operator)
    foreign = make_site(operator=make_operator())
    api = api_client(seller.operator)
    address = f"/api/v1/site-codes/{mine.public_id}"

    done = api.put(address, {"code": "K-100"})
    wrong = [
        api.put(address, {"code": "K 100"}),
        api.put(f"/api/v1/site-codes/{other.public_id}", {"code": "K-100"}),
        api.put(f"/api/v1/site-codes/{other.public_id}", {"code": mine.public_id}),
        api.put(f"/api/v1/site-codes/{foreign.public_id}", {"code": "K-200"}),
        api_client(seller.operator, ["ledger.view"]).put(address, {"code": "K-300"}),
    ]

    assert (done.status_code, done.json()["shown_code"]) == (200, "K-100")
    assert [one.status_code for one in wrong] == [422, 422, 422, 404, 403]
    with operator_scope(seller.operator):
        post_due()
        chart = chart_of(seller)
        assert chart.site(mine.public_id) == ((1, "K-100"),)
        assert chart.site(other.public_id) == ((1, other.public_id),)
    listed = api.get("/api/v1/site-codes", {"without_code": "false"}).json()["results"]
    assert [one["site"] for one in listed] == [mine.public_id]
    assert api.put(address, {"code": ""}).json()["shown_code"] == mine.public_id
    with operator_scope(seller.operator):
        assert not SiteCode.objects.exists()
