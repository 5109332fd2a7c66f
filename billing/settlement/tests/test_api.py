"""The API settles hosts as the pages do: terms, statements, payouts, and who may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from billing.settlement.models import Statement
from billing.settlement.payout_models import PayoutBatch
from billing.settlement.term_models import HostTerms
from billing.settlement.tests.test_statements import JUNE, Story
from core.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.billing import make_account
from tests.factories.core import make_operator
from tests.factories.settlement import reprice

pytestmark = pytest.mark.django_db
LIST, BATCHES = "/api/v1/statements", "/api/v1/payout-batches"


@pytest.fixture(autouse=True)
def _june() -> Any:
    with time_machine.travel(JUNE, tick=False), across_operators("tests read any operator's rows"):
        yield


def test_a_statement_is_issued_as_it_was_looked_at_and_the_hosts_invoice_noted_once() -> None:
    story = Story(host_is_vat_registered=True)
    one = story.sold(date(2026, 5, 3), "8000")
    (draft,) = story.prepared()
    operator, own = story.site.operator, f"{LIST}/{draft.public_id}"
    anna, tore = (
        api_client(operator, ROLE_PERMISSIONS[role]) for role in (Role.ACCOUNTANT, Role.TECHNICIAN)
    )
    outsider = api_client(make_operator())
    invoice = {"number": "17", "invoiced_on": "2026-06-04", "net": "5040.00", "tax": "1260.00"}

    assert tore.post(f"{own}/issue", {}).status_code == 403
    assert outsider.post(f"{own}/issue", {}).status_code == 404
    assert anna.post(f"{own}/host-invoice", invoice).status_code == 409
    reprice(one, net="7200")
    stale = anna.post(f"{own}/issue", {})
    assert (stale.status_code, Statement.objects.get().state) == (409, "draft")
    issued = anna.post(f"{own}/issue", {"reason": "May"})
    again = anna.post(f"{own}/issue", {})
    other = anna.post(f"{own}/host-invoice", invoice | {"net": "5600.00"})
    noted, twice = (anna.post(f"{own}/host-invoice", invoice) for _ in "12")

    assert [x.status_code for x in (issued, again, other, noted, twice)] == [
        200,
        409,
        422,
        200,
        409,
    ]
    assert (issued.json()["state"], issued.json()["net"]) == ("awaits_invoice", "5040.0000")
    assert [line["amount"] for line in issued.json()["lines"]] == ["5040.0000"]
    assert (noted.json()["state"], noted.json()["gross"]) == ("to_pay", "6300.0000")
    (shown,) = anna.get(LIST, {"state": "to_pay"}).json()["results"]
    assert shown["id"] == draft.public_id
    assert anna.get("/api/v1/statement-items", {"statement": shown["id"]}).json()["count"] == 1
    (owed,) = anna.get("/api/v1/host-balances").json()
    assert (owed["amount"], owed["why_not"]) == ("6300.0000", "")


def test_a_batch_is_proposed_approved_ordered_paid_and_kept() -> None:
    story = Story()
    story.sold(date(2026, 5, 3), "1000")
    statement = story.issued()
    operator = story.site.operator
    anna = api_client(operator, ROLE_PERMISSIONS[Role.ACCOUNTANT])
    editor = api_client(operator, [Permission.SETTLEMENT_VIEW, Permission.SETTLEMENT_EDIT])
    wanted = {"seller": statement.seller.public_id, "currency": "sek", "pay_on": "2026-06-30"}

    assert anna.post(BATCHES, wanted | {"pay_on": "2026-06-04"}).status_code == 422
    assert anna.post(BATCHES, wanted | {"seller": story.host.public_id}).status_code == 422
    made = editor.post(BATCHES, wanted)
    own = f"{BATCHES}/{made.json()['id']}"
    (payment,) = made.json()["payouts"]
    early = anna.post(f"{own}/order", {})
    assert editor.post(f"{own}/approve", {}).status_code == 403
    assert PayoutBatch.objects.get().state == "proposed"
    approved = anna.post(f"{own}/approve", {"reason": "as agreed"})
    ordered = editor.post(f"{own}/order", {})
    file = editor.get(f"{own}/content")
    paid, twice = (
        editor.post(f"/api/v1/host-payouts/{payment['id']}/paid", {"paid_on": "2026-06-05"})
        for _ in "12"
    )
    late = anna.post(f"{own}/cancel", {"reason": "wrong"})

    answers = (made, early, approved, ordered, paid, twice, late)
    assert [one.status_code for one in answers] == [201, 409, 200, 200, 200, 409, 409]
    assert (made.json()["amount"], payment["statements"]) == ("700.0000", [statement.public_id])
    assert b"<EndToEndId>" in file.content
    assert (file["Cache-Control"], file["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert paid.json()["state"] == "done"
    assert AuditEntry.objects.get(verb="payout_batch.approved").reason == "as agreed"
    assert Statement.objects.get().shown_state == "paid"


def test_terms_are_entered_from_a_day_on_and_settled_days_stay() -> None:
    story = Story()
    story.sold(date(2026, 5, 3), "8000")
    story.issued()
    operator = story.site.operator
    api = api_client(operator, ROLE_PERMISSIONS[Role.ACCOUNTANT])
    url = f"/api/v1/sites/{story.site.public_id}/host-terms"
    line = {"kind": "share_all", "direction": "to_host", "rate": "60"}
    wanted = {"host": story.host.public_id, "from_on": "2026-06-01", "lines": [line]}
    theirs = make_account(operator=make_operator()).public_id

    settled = api.post(url, wanted | {"from_on": "2026-05-31"}, format="json")
    wrongs: tuple[dict[str, Any], ...] = (
        {"lines": [line | {"rate": "101"}]},
        {"lines": [line | {"direction": "to_operator"}]},
        {"fee_account": theirs},
        {"lines": []},
    )
    for wrong in wrongs:
        assert api.post(url, wanted | wrong, format="json").status_code == 422
    assert HostTerms.objects.count() == 1
    entered = api.post(url, wanted, format="json")
    newest, oldest = entered.json()
    ended = api.post(f"/api/v1/host-terms/{newest['id']}/end", {"from_on": "2026-07-01"})

    assert [one.status_code for one in (settled, entered, ended)] == [409, 200, 200]
    assert (oldest["valid_until_on"], newest["lines"][0]["rate"]) == ("2026-05-31", "60.000000")
    assert ended.json()[0]["valid_until_on"] == "2026-06-30"
