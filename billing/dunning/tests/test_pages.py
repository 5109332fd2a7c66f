"""The pages of late invoices: what they show, what they do, and who may."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from billing.accounts.models import BillingAccount
from billing.dunning import services
from billing.dunning.models import (
    CollectionFile,
    DunningPause,
    DunningPlan,
    DunningStep,
    PauseKind,
    ReferenceRate,
)
from billing.dunning.plans import change_plan
from billing.dunning.stepping import take_due_steps
from billing.invoices.models import Invoice
from billing.payments.models import Claim
from billing.payments.proposals import customer_reference
from billing.payments.tests.books import issued, paid
from billing.sellers.models import Seller
from core.accounts.permissions import Permission, Role
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 3, 27, 9, tzinfo=UTC)


@pytest.fixture
def seller() -> Seller:
    found = make_seller(operator=make_operator(), fee_by_terms=True)
    with across_operators("tests of pages"):
        change_plan(operator=found.operator, is_active=True)
    return found


@pytest.fixture
def account(seller: Seller) -> BillingAccount:
    return make_account(operator=seller.operator, name="Åke Ek")


@pytest.fixture
def invoice(seller: Seller, account: BillingAccount) -> Invoice:
    """1 000 kronor, due on 2 March 2026, with all steps up to the demand."""
    found = issued(seller, account, "1000", "2026-01-30")
    with across_operators("as the task does it"):
        for day in (7, 14, 27):
            take_due_steps(now=datetime(2026, 3, day, 8, tzinfo=UTC))
    return found


@pytest.fixture
def anna(seller: Seller, client: Client) -> Client:
    client.force_login(make_person(operator=seller.operator, role=Role.ACCOUNTANT))
    return client


def test_who_may_only_look_changes_nothing(
    invoice: Invoice, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "billing.dunning.views.has_permission",
        lambda _request, asked: asked != Permission.PAYMENT_EDIT,
    )
    pages = ("/dunning-plan/", "/reference-rates/", "/collection-files/")
    with across_operators("the test looks at all of them"):
        before = DunningPlan.objects.get().rungs

    seen = [anna.get(page) for page in pages]
    sent = [anna.post(page, {"from_on": "2026-07-01", "percent": "2"}) for page in pages]

    assert [one.status_code for one in seen + sent] == [200, 200, 200, 403, 403, 403]
    with across_operators("the test looks at all of them"):
        assert (CollectionFile.objects.count(), ReferenceRate.objects.count()) == (0, 0)
        assert DunningPlan.objects.get().rungs == before


def test_a_technician_sees_and_does_nothing(
    seller: Seller, invoice: Invoice, client: Client
) -> None:
    client.force_login(make_person(operator=seller.operator, role=Role.TECHNICIAN))
    page = f"/dunning/{invoice.public_id}/"

    answers = [client.get(page), client.get("/ageing/")]
    answers += [client.post(f"{page}{what}/", {"reason": "x"}) for what in ("pause", "waive")]

    assert {one.status_code for one in answers} == {403}
    with across_operators("the test looks at all of them"):
        assert DunningPause.objects.count() == 0
        assert not Claim.objects.filter(waived_amount__gt=0).exists()


def test_a_late_invoice_is_paused_let_go_on_and_its_fees_let_go(
    invoice: Invoice, anna: Client
) -> None:
    page = f"/dunning/{invoice.public_id}/"
    with time_machine.travel(TODAY, tick=False):
        shown = anna.get(page)
        refused = anna.post(
            f"{page}pause/", {"kind": "promise", "from_on": "2026-03-27", "reason": "salary"}
        )
        made = anna.post(
            f"{page}pause/",
            {"kind": "promise", "from_on": "2026-03-20", "until_on": "2026-04-10",
             "reason": "salary"},
        )  # fmt: skip
        with across_operators("the test looks at all of them"):
            pause = DunningPause.objects.get()
        ended = [anna.post(f"{page}pause/end/", {"pause": pause.pk}, follow=True) for _ in "12"]
        waived = [anna.post(f"{page}waive/", {"reason": "kindness"}) for _ in "12"]

    assert shown.context["claims_open"] == Decimal("246.85")
    assert "until_on" in refused.context["form"].errors
    assert (made.status_code, waived[0].status_code) == (302, 302)
    assert [str(list(one.context["messages"])[-1]) for one in ended] == [
        "The pause ends today.", "The pause ends before that anyway.",
    ]  # fmt: skip
    assert waived[1].context["form"].non_field_errors() == ["Nothing is open of it."]
    with across_operators("the test looks at all of them"):
        pause.refresh_from_db()
        assert pause.until_on == date(2026, 3, 27)
        assert [one.open_amount for one in Claim.objects.all()] == [0, 0, 0]


def test_a_pause_that_is_over_is_not_made_longer(invoice: Invoice, account: BillingAccount) -> None:
    with across_operators("tests of services"):
        pause = services.add_pause(
            account=account, kind=PauseKind.BY_HAND, from_on=date(2026, 3, 3),
            until_on=date(2026, 3, 4), reason="ill",
        )  # fmt: skip
        with pytest.raises(RuleViolation):
            services.end_pause(pause=pause, until_on=date(2026, 3, 27))
        pause.refresh_from_db()

    assert pause.until_on == date(2026, 3, 4)


def test_plan_rates_and_letters_are_changed_by_their_pages(invoice: Invoice, anna: Client) -> None:
    with across_operators("the test looks at all of them"):
        step = DunningStep.objects.get(step="demand")
    plan = {"grace_bank_days": "2", "least_amount": "50", "business_compensation": "0",
            "demand_day": "20"}  # fmt: skip

    short = anna.post("/dunning-plan/", plan | {"demand_pay": "7"})
    good = anna.post("/dunning-plan/", plan | {"demand_pay": "8"})
    wrong = anna.post("/reference-rates/", {"from_on": "2026-08-01", "percent": "2"})
    rate = anna.post("/reference-rates/", {"from_on": "2026-07-01", "percent": "1.75"})
    printed = anna.post(f"/dunning-letters/{step.public_id}/printed/")
    letter = anna.get(f"/dunning-letters/{step.public_id}/")

    assert short.context["form"].non_field_errors() == ["A demand gives at least 8 days to pay."]
    assert "from_on" in wrong.context["form"].errors
    assert [one.status_code for one in (good, rate, printed)] == [302, 302, 302]
    assert invoice.number in letter.content.decode()
    with across_operators("the test looks at all of them"):
        stands = DunningPlan.objects.get()
        step.refresh_from_db()
        assert (stands.is_active, stands.grace_bank_days, len(stands.rungs)) == (False, 2, 1)
        assert ReferenceRate.objects.get().percent == Decimal("1.75")
        assert step.sent_at is not None


def test_letters_are_set_on_paper_and_the_api_does_what_the_pages_do(
    invoice: Invoice, seller: Seller, account: BillingAccount, anna: Client, client: Client
) -> None:
    with across_operators("the test looks at all of them"):
        step = DunningStep.objects.get(step="demand")
        pause = services.add_pause(
            account=account, kind=PauseKind.BY_HAND, from_on=date(2026, 3, 28), until_on=None,
            reason="ill",
        )  # fmt: skip
        others = make_account(operator=seller.operator, name="Other")
        foreign = services.add_pause(
            account=others, kind=PauseKind.BY_HAND, from_on=date(2026, 3, 28), until_on=None,
            reason="ill",
        )  # fmt: skip
    api, letter = api_client(seller.operator), f"dunning-letters/{step.public_id}"
    own = f"/api/v1/dunning/{invoice.public_id}"

    page = anna.get(f"/{letter}/pdf/")
    same = api.get(f"/api/v1/{letter}/pdf")
    posted = [api.post(f"/api/v1/{letter}/posted").status_code for _ in "12"]
    with time_machine.travel(TODAY, tick=False):
        unknown = api.post(f"{own}/pauses/end", {"pause": foreign.pk})
        ended = [api.post(f"{own}/pauses/end", {"pause": pause.pk}) for _ in "12"]
    waived = [api.post(f"{own}/waive", {"reason": "kindness"}) for _ in "12"]

    assert page.content == same.content
    reader = PdfReader(BytesIO(page.content))
    (sheet,) = reader.pages
    text = " ".join(sheet.extract_text().replace("\xa0", " ").split())
    assert step.subject in text
    assert "Åke Ek" in text
    assert reader.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]  # a dictionary, if marked
    assert posted == [200, 409]
    assert (unknown.status_code, [one.status_code for one in ended]) == (404, [200, 409])
    assert ended[0].json()["until_on"] == "2026-03-28"
    assert [one.status_code for one in waived] == [200, 409]
    assert {one["open_amount"] for one in waived[0].json()} == {"0.0000"}
    client.force_login(make_person(operator=seller.operator, role=Role.TECHNICIAN))
    assert client.get(f"/{letter}/pdf/").status_code == 403
    with across_operators("the test looks at all of them"):
        foreign.refresh_from_db()
    assert foreign.until_on is None


def test_the_collection_file_tells_interest_from_fees(invoice: Invoice, anna: Client) -> None:
    with across_operators("as the task does it"):
        for day in (8, 17):
            take_due_steps(now=datetime(2026, 4, day, 8, tzinfo=UTC))
        interest = sum(one.amount for one in Claim.objects.filter(kind="interest"))

    made = anna.post("/collection-files/")
    again = anna.post("/collection-files/", follow=True)

    assert made.status_code == 302
    assert "Nothing waits for being handed over." in again.content.decode()
    with across_operators("the test looks at all of them"):
        file = CollectionFile.objects.get()
    text = anna.get(f"/collection-files/{file.public_id}/content/").content.decode("utf-8-sig")
    head, row = (line.split(";") for line in text.splitlines())
    cells = dict(zip(head, row, strict=True))
    assert interest == Decimal("12.60")
    assert (cells["Avgift"], cells["Ränta"], cells["Att betala"]) == ("240,00", "12,60", "1252,60")


def test_the_ageing_list_and_its_file(invoice: Invoice, anna: Client) -> None:
    page = anna.get("/ageing/?as_of=2026-03-15")
    file = anna.get("/ageing/?as_of=2026-03-15&format=csv")

    assert [int(one.open_amount) for one in page.context["sums"]] == [1060]
    _head, first, _second = file.content.decode("utf-8-sig").splitlines()
    assert f",{invoice.number}," in first
    assert "kundreskontra-2026-03-15.csv" in file["Content-Disposition"]


def test_an_account_shows_what_it_owes_and_what_is_done_about_it(
    invoice: Invoice, seller: Seller, account: BillingAccount, anna: Client
) -> None:
    paid(seller, "400", invoice.ocr)
    paid(seller, "50", customer_reference(account))
    with time_machine.travel(TODAY, tick=False):
        page = anna.get(f"/billing-accounts/{account.public_id}/money/")
        shown = api_client(seller.operator).get(
            f"/api/v1/billing-accounts/{account.public_id}/balance"
        )

    balance = shown.json()["balances"][0]
    assert [balance[name] for name in ("open_amount", "overdue_amount", "fees_amount")] == [
        "550.0000", "550.0000", "246.8500",
    ]  # fmt: skip
    assert (balance["credit_amount"], balance["balance"]) == ("0.0000", "796.8500")
    assert {one["step"] for one in shown.json()["steps"]} == {"reminder", "fee_reminder", "demand"}
    text = page.content.decode()
    assert invoice.number in text
    assert page.context["payments"].count() == 2
    anna.force_login(make_person(operator=seller.operator, role=Role.SUPPORT))
    assert anna.get(f"/billing-accounts/{account.public_id}/money/").status_code == 403
