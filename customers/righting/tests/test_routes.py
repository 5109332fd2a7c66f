"""Each way from the page of a session: shown first, done once, right in the books."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from billing.accounting.models import JournalEntry
from billing.accounting.posting_services import post_due, unposted
from billing.accounts.dated import operator_day
from billing.invoices.models import Invoice
from billing.invoices.runs import change_rules, plan_run, work_run
from billing.payments import services as payments
from billing.payments.cards.tests.double import deliver
from billing.payments.cards.tests.steps import pay
from billing.payments.credits import credit_of
from billing.rating.models import RatedSession, SessionBilling
from billing.review.decisions import decide
from billing.review.models import DecisionKind, ReviewRules
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import operator_scope
from customers.guests.tests.charging import charged
from customers.guests.tests.world import GuestWorld
from customers.righted.models import SessionRighting
from customers.righting.preview import credited
from customers.righting.rule import Route
from customers.righting.services import Wish, put_right
from customers.righting.standing import position_of
from stations.sessions.models import Session
from tests.factories.billing import make_account
from tests.factories.core import make_person
from tests.factories.rating import ATTRIBUTOR, energy_price, make_priced_tariff, make_rated

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 2, 8, tzinfo=UTC)


class Office:
    """Anna's browser, and a customer with a session of 50 kronor at the guests' station."""

    def __init__(self, world: GuestWorld, settings: Any) -> None:
        settings.SESSION_ATTRIBUTOR = ATTRIBUTOR
        self.world, self.operator, self.seller = world, world.operator, world.seller
        self.account = make_account(operator=self.operator, name="Dina")
        version = make_priced_tariff(self.operator, energy_price(5))
        with operator_scope(self.operator):
            change_rules(seller=self.seller, bills_from_on=date(2026, 10, 1))
            self.session = make_rated(self.account, version, station=world.station)
            make_rated(self.account, version, wh=2_000, station=world.station)
        self.client = Client()
        self.client.force_login(make_person(operator=self.operator, role=Role.ACCOUNTANT))
        self.url = f"/sessions/{self.session.public_id}/put-right/"

    def invoiced(self) -> Invoice:
        """The month is billed: 50 and 10."""
        with operator_scope(self.operator):
            period = (date(2026, 11, 1), date(2026, 11, 30))
            work_run(
                plan_run(seller=self.seller, period=period, now=NOW, issues_alone=True), now=NOW
            )
            invoice: Invoice = Invoice.objects.get()
        return invoice

    def paid_by_card(self) -> Invoice:
        """And paid at the provider's page."""
        invoice = self.invoiced()
        with operator_scope(self.operator):
            self.world.double.pay(pay(self.account, invoice).page_ref)
        deliver(self.world.card_account, *self.world.double.events())
        return invoice

    def post(self, **given: Any) -> Any:
        """The form as it was opened, with what is filled in."""
        return self.client.post(self.url, {"reason": "The cable got stuck", **given})

    def balances(self) -> None:
        """All is in the journal, and each entry adds up to nothing."""
        with operator_scope(self.operator):
            post_due()
            assert unposted(self.seller, operator_day(self.operator, timezone.now())) == {}
            entries = JournalEntry.objects.annotate(sum=Sum("postings__amount"))
            assert set(entries.values_list("sum", flat=True)) == {0}


@pytest.fixture
def office(world: GuestWorld, settings: Any) -> Office:
    return Office(world, settings)


def costs(session: Session) -> Decimal:
    found: Decimal = RatedSession.objects.get(session=session, is_current=True).gross
    return found


def test_before_a_bill_it_is_rated_anew_or_waived(office: Office) -> None:
    given = {"route": "rerate", "energy_kwh": "4", "stood": "50"}
    shown = office.post(**given).context["outcome"]
    assert (shown.before, shown.after, shown.back, shown.tax) == (50, 20, 30, 6)
    assert [(row.gross, row.tax) for row in shown.rows] == [(20, 4)]
    with operator_scope(office.operator):
        assert costs(office.session) == 50

    assert office.post(**given, sure="1").status_code == 302
    again = office.post(**given, sure="1")
    assert "meanwhile" in again.content.decode()
    waived = {"route": "waive", "stood": "20", "sure": "1"}
    assert office.post(**waived).status_code == 302
    over = office.post(**waived)
    assert "It costs nothing" in over.content.decode()
    assert over.context["position"].costs == 0

    with operator_scope(office.operator):
        assert SessionBilling.objects.get(session=office.session).state == "waived"
    assert office.invoiced().gross == 10
    office.balances()


def test_above_the_limit_a_second_person_must_agree(office: Office) -> None:
    with operator_scope(office.operator):
        ReviewRules.objects.update_or_create(
            operator=office.operator, defaults={"four_eyes_above": 40}
        )
    given = {"route": "waive", "stood": "50"}
    assert office.post(**given).context["outcome"].needs_second
    assert office.post(**given, sure="1").url == f"/review/{office.session.public_id}/"
    assert "waits for a second person" in office.client.get(office.url).content.decode()


def test_on_an_invoice_a_line_is_credited(office: Office) -> None:
    invoice = office.invoiced()
    with operator_scope(office.operator):
        payments.book_by_hand(
            account=office.account, amount=Decimal(45), invoice=invoice,
            booked_on=operator_day(office.operator),
        )  # fmt: skip
    page = office.client.get(office.url)
    assert (page.context["position"].choice.routes, page.context["position"].costs) == (
        (Route.CREDIT,), 50,
    )  # fmt: skip
    given = {"route": "credit", "amount": "20", "stood": "50.00"}
    shown = office.post(**given).context["outcome"]
    assert (shown.back, shown.tax, shown.off_invoice, shown.to_account) == (20, 4, 15, 5)
    assert (shown.to_card, shown.after, len(shown.rows)) == (0, 30, 1)
    with operator_scope(office.operator):
        assert Invoice.objects.count() == 1

    assert office.post(**given, sure="1").status_code == 302
    assert "meanwhile" in office.post(**given, sure="1").content.decode()
    with operator_scope(office.operator), pytest.raises(InvalidInput) as cut:
        credited(replace(position_of(office.session), currency="ISK"), Decimal("10.50"), "Stuck")
    assert (cut.value.code, cut.value.field) == ("credit_amount", "amount")
    beyond = office.post(route="credit", amount="31", stood="30", sure="1")
    assert "more than remains" in beyond.content.decode()

    with operator_scope(office.operator):
        note = Invoice.objects.get(kind="credit_note")
        [line] = note.lines.all()
        first = invoice.lines.order_by("position").first()
        assert line.credits == first
        assert [note.gross, credit_of(office.account)] == [20, 5]
        assert AuditEntry.objects.filter(verb="session.put_right").count() == 1
        billing = SessionBilling.objects.get(session=office.session)
        with pytest.raises(RuleViolation, match="credit what is left"):
            decide(billing=billing, kind=DecisionKind.WAIVE, reason="Twice")
    page_of_session = office.client.get(f"/sessions/{office.session.public_id}/").content.decode()
    assert note.number in page_of_session
    office.balances()


def test_paid_by_card_goes_back_to_the_card_once(office: Office) -> None:
    office.paid_by_card()
    given = {"route": "refund", "amount": "50", "stood": "50"}
    shown = office.post(**given).context["outcome"]
    assert (shown.route, shown.back, shown.to_card, shown.to_account) == ("refund", 50, 50, 0)

    assert office.post(**given, sure="1").status_code == 302
    assert "has gone back already" in office.post(**given, sure="1").content.decode()

    assert [one["amount"] for one in office.world.double.objects("refund")] == [5_000]
    with operator_scope(office.operator):
        note = Invoice.objects.get(kind="credit_note")
        assert [note.gross, note.open_amount, credit_of(office.account)] == [50, 0, 0]
    office.balances()


def test_refunds_keep_to_the_limit_and_to_what_was_shown(office: Office) -> None:
    office.paid_by_card()
    with operator_scope(office.operator):
        type(office.world.card_account).objects.update(refund_limit=10)
    given = {"route": "refund", "amount": "20", "stood": "50", "sure": "1"}
    assert "may exceed the limit" in office.post(**given).content.decode()
    with operator_scope(office.operator):
        assert not SessionRighting.objects.exists()
    assert office.post(**given | {"amount": "10"}).status_code == 302
    assert [one["amount"] for one in office.world.double.objects("refund")] == [1_000]


def test_what_doing_refuses_is_refused_when_shown(office: Office) -> None:
    url = f"/api/v1/sessions/{office.session.public_id}/put-right/preview"

    def refused(**wish: Any) -> tuple[int, str]:
        data = {"reason": "Stuck", "stood": "50", **wish}
        answer = office.client.post(url, data, content_type="application/json")
        return answer.status_code, answer.json()["code"]

    assert refused(route="rerate", energy_wh="-5") == (422, "energy_range")
    assert refused(route="rerate", energy_wh="5", stopped_at="2026-01-01T00:00:00Z") == (
        422, "times_order",
    )  # fmt: skip
    assert refused(route="waive", stood="49") == (409, "changed")
    office.paid_by_card()
    with operator_scope(office.operator):
        type(office.world.card_account).objects.update(refund_limit=10)
    assert refused(route="refund", amount="20") == (409, "beyond_limit")
    beyond = office.post(route="refund", amount="20", stood="50")
    assert "may exceed the limit" in beyond.content.decode()


class Killed(BaseException):
    """The process is gone."""


def test_killed_between_credit_note_and_refund_the_same_call_ends_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.paid_by_card()
    wish = Wish(route=Route.REFUND, reason="Broken", stood=Decimal(50), amount=Decimal(20))

    def killed(**_given: object) -> None:
        raise Killed

    with operator_scope(office.operator):
        with monkeypatch.context() as patch:
            patch.setattr("customers.righting.services.refund_to_card", killed)
            with pytest.raises(Killed):
                put_right(session=office.session, wish=wish)
        assert office.world.double.objects("refund") == []
        put_right(session=office.session, wish=wish)
        with pytest.raises(RuleViolation, match="meanwhile"):
            put_right(session=office.session, wish=wish)
        assert Invoice.objects.filter(kind="credit_note").count() == 1
    assert [one["amount"] for one in office.world.double.objects("refund")] == [2_000]
    office.balances()


def test_an_unfinished_full_refund_is_shown_and_finished_on_the_page(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.paid_by_card()
    wish = Wish(route=Route.REFUND, reason="Broken", stood=Decimal(50), amount=Decimal(50))

    def killed(**_given: object) -> None:
        raise Killed

    with operator_scope(office.operator), monkeypatch.context() as patch:
        patch.setattr("customers.righting.services.refund_to_card", killed)
        with pytest.raises(Killed):
            put_right(session=office.session, wish=wish)
    page = office.client.get(office.url)
    assert (page.context["unfinished"].amount, page.context["position"].choice.routes) == (50, ())
    assert "is unfinished" in page.content.decode()
    api = f"/api/v1/sessions/{office.session.public_id}/put-right"
    assert office.client.get(api).json()["unfinished"] == "50.0000"

    for word in ("on its way", "Nothing is left"):
        finished = office.client.post(office.url, {"finish": "1"}, follow=True)
        assert word in finished.content.decode()
    assert "is unfinished" not in finished.content.decode()
    assert [one["amount"] for one in office.world.double.objects("refund")] == [5_000]
    office.balances()


def test_a_guest_gets_a_refund_and_a_new_receipt(client: Client, world: GuestWorld) -> None:
    charged(client, world, email="gun@example.com")
    with operator_scope(world.operator):
        session = Session.objects.get(guest_visit=world.follow())
    anna = Client()
    anna.force_login(make_person(operator=world.operator, role=Role.ACCOUNTANT))
    url = f"/sessions/{session.public_id}/put-right/"
    given = {"route": "guest", "amount": "20", "stood": "50", "reason": "It got stuck"}

    shown = anna.post(url, given).context["outcome"]
    assert (shown.back, shown.tax, shown.after, shown.to_card) == (20, 4, 30, 20)
    assert anna.post(url, given | {"sure": "1"}).status_code == 302
    assert "meanwhile" in anna.post(url, given | {"sure": "1"}).content.decode()

    assert [one["amount"] for one in world.double.objects("refund")] == [2_000]
    assert len(mail.outbox) == 2
    with operator_scope(world.operator):
        billing = SessionBilling.objects.get(session=session)
        assert billing.credited_gross == 20
    api = anna.get(f"/api/v1/sessions/{session.public_id}/put-right").json()
    [righted], unfinished = api["righted"], api["unfinished"]
    assert (righted["stood"], righted["amount"], unfinished) == ("50.0000", "20.0000", None)


def test_the_api_shows_and_does_the_same(office: Office) -> None:
    office.invoiced()
    url = f"/api/v1/sessions/{office.session.public_id}/put-right"
    found = office.client.get(url).json()
    assert (found["costs"], found["routes"], found["most"]) == ("50.0000", ["credit"], "50.0000")
    wish = {"route": "credit", "amount": "20", "stood": found["costs"], "reason": "Stuck"}
    given: dict[str, Any] = {"data": wish, "content_type": "application/json"}

    shown = office.client.post(f"{url}/preview", **given)
    assert (shown.status_code, shown.json()["off_invoice"]) == (200, "20.0000")
    done = office.client.post(url, headers={"idempotency-key": "k1"}, **given)
    repeated = office.client.post(url, headers={"idempotency-key": "k1"}, **given)
    again = office.client.post(url, headers={"idempotency-key": "k2"}, **given)
    assert (done.status_code, repeated.json(), again.status_code) == (200, done.json(), 409)
    [righted] = office.client.get(url).json()["righted"]
    assert righted["credit_note"] == done.json()["credit_note"]


def test_roles_without_the_rights_see_no_way(office: Office) -> None:
    office.invoiced()
    support = Client()
    support.force_login(make_person(operator=office.operator, role=Role.SUPPORT))
    assert support.get(office.url).status_code in (403, 404)
