"""Statements: prepared, issued, corrected by the next."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.energy.models import EnergyCost
from billing.energy.services import create_cost
from billing.invoices.crediting import credit
from billing.invoices.manual_services import delete_manual_item
from billing.invoices.models import Invoice
from billing.invoices.run_models import ManualItem
from billing.rating.models import SessionBilling
from billing.sellers.models import SiteContract
from billing.settlement.issuing import issue_statement, record_host_invoice
from billing.settlement.models import Statement, StatementItem
from billing.settlement.preparing import prepare
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import across_operators
from tests.factories.billing import make_account
from tests.factories.settlement import make_hosted, make_sold, make_terms, reprice
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db
JUNE, JULY = datetime(2026, 6, 5, 9, tzinfo=UTC), datetime(2026, 7, 5, 9, tzinfo=UTC)
SHARE = ("share_energy", "to_host", "70")


class Story:
    """A site with a host that gets 70 % of the energy revenue since May."""

    def __init__(self, *terms: tuple[str, str, str], **contract: Any) -> None:
        self.site = make_site()
        self.station = make_station(site=self.site)
        self.host = make_hosted(self.site, **contract)
        account = make_account(operator=self.site.operator)
        make_terms(self.site, self.host, *(terms or (SHARE,)), fee_account=account)

    def sold(self, on: date, net: str, **fields: Any) -> Any:
        return make_sold(self.station, on, net=net, **fields)

    def prepared(self, now: datetime = JUNE) -> list[Statement]:
        with across_operators("as the task does it"):
            return prepare(self.site.pk, self.host.pk, now=now)

    def issued(self, now: datetime = JUNE) -> Statement:
        statement = self.prepared(now)[0]
        with across_operators("tests act for any operator"):
            return issue_statement(statement=statement, now=now)


@pytest.fixture(autouse=True)
def _everything() -> Any:
    with across_operators("tests read any operator's rows"):
        yield


def test_a_registered_host_that_agreed_gets_a_self_billing_invoice_in_its_own_series() -> None:
    story = Story(host_is_vat_registered=True, self_billing_agreed_on=date(2026, 4, 1))
    story.sold(date(2026, 5, 3), "5000")
    story.sold(date(2026, 5, 31), "3000", idle="50")
    story.sold(date(2026, 6, 1), "999")

    statement = story.issued()

    assert (statement.net, statement.tax, statement.gross) == (5600, 1400, 7000)
    assert (statement.period_from_on, statement.period_until_on) == (
        date(2026, 5, 1), date(2026, 5, 31),
    )  # fmt: skip
    assert (statement.session_count, statement.revenue_net) == (2, 8050)
    invoice = statement.invoice
    assert invoice is not None
    assert (invoice.kind, invoice.seller) == ("self_billing", story.host)
    assert invoice.gross == 7000
    assert invoice.number.endswith("2026-00001")
    assert invoice.buyer_snapshot["name"] == statement.seller.name
    assert (statement.owed_on, statement.shown_state) == (date(2026, 6, 5), "to_pay")
    with pytest.raises(RuleViolation, match="next statement"):
        credit(invoice, reason="Wrong")


def test_a_host_that_is_not_registered_gets_a_statement_without_vat() -> None:
    story = Story()
    story.sold(date(2026, 5, 3), "8000")

    statement = story.issued()

    assert (statement.route, statement.net, statement.tax, statement.gross) == (
        "statement", 5600, 0, 5600,
    )  # fmt: skip
    assert statement.invoice is None
    assert not Invoice.objects.exists()


def test_without_an_agreement_the_amount_is_owed_when_the_hosts_own_invoice_is_noted() -> None:
    story = Story(host_is_vat_registered=True)
    story.sold(date(2026, 5, 3), "8000")
    statement = story.issued()
    given: dict[str, Any] = {
        "statement": statement,
        "number": "17",
        "invoiced_on": date(2026, 6, 9),
        "now": JULY,
    }

    with pytest.raises(InvalidInput, match="5600"):
        record_host_invoice(**given, net=Decimal(5601), tax=Decimal(1400))
    with pytest.raises(InvalidInput, match="1400"):
        record_host_invoice(**given, net=Decimal(5600), tax=Decimal(700))
    assert Statement.objects.get().shown_state == "awaits_invoice"
    noted = record_host_invoice(**given, net=Decimal(5600), tax=Decimal(1400))

    assert (noted.gross, noted.owed_on, noted.shown_state) == (7000, date(2026, 6, 9), "to_pay")
    with pytest.raises(RuleViolation):
        record_host_invoice(**given, net=Decimal(5600), tax=Decimal(1400))


def test_late_sessions_and_new_prices_come_once_on_the_next_statement() -> None:
    story = Story()
    one = story.sold(date(2026, 5, 3), "1000")
    held = story.sold(date(2026, 5, 4), "500", state="held")
    first = story.issued()
    assert first.net == 700

    SessionBilling.objects.filter(session=held).update(state="rated")
    reprice(one, net="900")
    story.sold(date(2026, 6, 4), "100")
    again = story.prepared(JULY)
    statement = story.prepared(JULY)[0]

    assert [row.pk for row in again] == [statement.pk]
    lines = [(row.is_late, row.amount) for row in statement.lines.order_by("position")]
    assert lines == [(False, Decimal(70)), (True, Decimal(280))]
    assert StatementItem.objects.filter(session=one).count() == 2
    assert Statement.objects.count() == 2


def test_a_sum_below_zero_is_carried_over_once() -> None:
    story = Story()
    one = story.sold(date(2026, 5, 3), "1000")
    story.issued()
    reprice(one, net="100")
    carried = story.issued(JULY)
    assert (carried.route, carried.net, carried.owed_on) == ("carried", -630, None)

    story.sold(date(2026, 7, 3), "2000")
    august = datetime(2026, 8, 5, 9, tzinfo=UTC)
    statement = story.issued(august)

    assert statement.net == 770
    carried.refresh_from_db()
    assert carried.carried_by == statement
    story.sold(date(2026, 8, 3), "10")
    assert story.prepared(datetime(2026, 9, 5, 9, tzinfo=UTC))[0].net == 7


def test_what_the_host_owes_becomes_an_item_of_its_account() -> None:
    story = Story(("per_month", "to_operator", "250"), ("per_kwh", "to_operator", "0.10"))
    story.sold(date(2026, 5, 3), "10", kwh="100")

    statement = story.issued()

    assert (statement.route, statement.net, statement.fee_net) == ("nothing", 0, 260)
    items = ManualItem.objects.order_by("pk")
    assert [item.unit_price for item in items] == [250, 10]
    assert items[0].seller == statement.seller
    with pytest.raises(RuleViolation, match="statement of a host"):
        delete_manual_item(item=items[0])


def test_a_draft_that_changed_is_not_issued_and_an_issued_one_stays() -> None:
    story = Story()
    one = story.sold(date(2026, 5, 3), "1000")
    draft = story.prepared()[0]
    reprice(one, net="900")

    with pytest.raises(RuleViolation) as refused:
        issue_statement(statement=draft, now=JUNE)
    assert refused.value.code == "stale_draft"
    statement = story.issued()
    assert statement.net == 630
    rows = Statement.objects.filter(pk=statement.pk)
    for change in (
        lambda: rows.update(net=1, gross=1),
        lambda: statement.lines.update(amount=1),
        lambda: statement.items.all().delete(),
        rows.delete,
        lambda: make_terms(story.site, story.host, SHARE, from_on=date(2026, 5, 20)),
    ):
        with pytest.raises((IntegrityError, RuleViolation)), transaction.atomic():
            change()
    assert Statement.objects.get(pk=statement.pk).net == 630


def test_a_change_of_vat_status_within_the_month_makes_two_statements() -> None:
    story = Story()
    SiteContract.objects.update(valid_until_on=date(2026, 5, 15))
    old = SiteContract.objects.get()
    SiteContract.objects.create(
        operator=old.operator, site=old.site, form=old.form, seller=old.seller, host=old.host,
        host_is_vat_registered=True, self_billing_agreed_on=date(2026, 5, 16),
        valid_from_on=date(2026, 5, 16),
    )  # fmt: skip
    story.sold(date(2026, 5, 15), "100")
    story.sold(date(2026, 5, 16), "200")

    first, second = story.prepared()

    assert (first.route, first.net) == ("statement", 70)
    assert (second.route, second.net) == ("self_billing", 140)
    with pytest.raises(RuleViolation, match="earlier"):
        issue_statement(statement=second, now=JUNE)


def test_hosts_that_follow_each_other_within_a_month_share_its_cost_by_their_days() -> None:
    story = Story(("energy_cost", "to_host", "100"))
    SiteContract.objects.update(valid_until_on=date(2026, 5, 15))
    later = make_hosted(story.site, valid_from_on=date(2026, 5, 16))
    make_terms(story.site, later, ("energy_cost", "to_host", "100"), from_on=date(2026, 5, 16))
    cost = create_cost(
        site=story.site, month_on=date(2026, 5, 1), kind="grid", supplier="Nät",
        invoice_number="1", net=Decimal(310), tax=Decimal(0), currency="SEK",
    )  # fmt: skip

    first = story.issued()
    (draft,) = prepare(story.site.pk, later.pk, now=JUNE)
    second = issue_statement(statement=draft, now=JUNE)

    assert (first.net, second.net) == (150, 160)
    cost.refresh_from_db()
    assert cost.settled_in == first.public_id
    assert not [one for one in prepare(story.site.pk, later.pk, now=JULY) if one.net]


def test_what_is_held_is_told_by_the_day_of_the_site_whoever_looks() -> None:
    story = Story()
    held = story.sold(date(2026, 5, 31), "10", state="held")
    story.sold(date(2026, 5, 3), "10")
    late = datetime(2026, 5, 31, 21, 30, tzinfo=UTC)  # half past eleven in Stockholm
    type(held).objects.filter(pk=held.pk).update(stopped_at=late)

    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with timezone.override(zone):
            (draft,) = story.prepared()
            assert draft.findings != []


def test_costs_of_energy_are_passed_on_once_and_stay() -> None:
    story = Story(("energy_cost", "to_host", "100"), SHARE)
    values: dict[str, Any] = {
        "kind": "electricity", "supplier": "Kraft", "energy_kwh": Decimal(900), "tax": Decimal(0),
        "currency": "SEK", "site": story.site, "month_on": date(2026, 5, 1),
    }  # fmt: skip
    create_cost(invoice_number="1", net=Decimal("1234.56"), **values)
    statement = story.issued()
    assert (statement.net, statement.session_count) == (Decimal("1234.56"), 0)

    cost = create_cost(invoice_number="2", net=Decimal(100), **values)
    (draft,) = story.prepared(JULY)

    late = draft.lines.get(kind="energy_cost", is_late=True)
    assert late.amount == 100
    assert EnergyCost.objects.get(invoice_number="1").settled_in == statement.public_id
    cost.refresh_from_db()
    assert cost.settled_in == ""
