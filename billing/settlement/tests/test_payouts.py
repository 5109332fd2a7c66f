"""Payouts: approved, ordered, paid once, and what the books say of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from lxml import etree

from billing.accounting.books import ensure_books
from billing.accounting.models import JournalPosting
from billing.accounting.posting_services import post_due
from billing.accounting.reports.report import Asked
from billing.accounting.reports.settlement import settlement
from billing.review.rules import change_rules
from billing.settlement.issuing import record_host_invoice
from billing.settlement.models import Statement
from billing.settlement.payable import balances, unpaid
from billing.settlement.payout_models import HostPayout
from billing.settlement.payout_services import (
    approve_batch,
    cancel_batch,
    finish_payout,
    match_payouts,
    order_batch,
    propose_batch,
)
from billing.settlement.statement_pdf import statement_pdf
from billing.settlement.tests.test_statements import JUNE, Story
from core.audit.models import ActorKind
from core.audit.services import SYSTEM, Actor, current_actor
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from tests.factories.core import make_person
from tests.factories.payments import make_bank_file, make_bank_transaction

pytestmark = pytest.mark.django_db
AGREED = {"host_is_vat_registered": True, "self_billing_agreed_on": date(2026, 4, 1)}
PAY_ON = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _everything() -> Any:
    before = current_actor.set(SYSTEM)
    with across_operators("tests read any operator's rows"):
        yield
    current_actor.reset(before)


def acting(person: Any) -> None:
    current_actor.set(Actor(ActorKind.PERSON, person.email, person.pk))


def booked(seller: Any) -> dict[str, Decimal]:
    ensure_books(seller)
    assert not post_due(sellers=[seller]).problems
    sums: dict[str, Decimal] = {}
    for one in JournalPosting.objects.filter(entry__seller=seller).select_related("account"):
        sums[one.account.number] = sums.get(one.account.number, Decimal(0)) + one.amount
    return {number: amount for number, amount in sums.items() if amount}


def test_a_statement_is_booked_and_paid_once_by_two_people_and_a_file() -> None:
    story = Story(**AGREED)
    story.sold(date(2026, 5, 3), "8000")
    statement = story.issued()
    seller, operator = statement.seller, story.site.operator
    assert booked(seller) == {
        "4010": Decimal(5600), "2641": Decimal(1400), "2440": Decimal(-7000),
    }  # fmt: skip
    (row,) = (report := settlement(Asked(seller, date(2026, 6, 1), date(2026, 6, 30)))).rows
    assert row[11:14] == (Decimal(5600), Decimal(1400), Decimal(7000))
    assert [tie.difference for tie in report.ties] == [0]
    for language in ("sv", "en"):
        assert statement_pdf(statement, language=language).startswith(b"%PDF-1.")
    first, second = make_person(operator=operator), make_person(operator=operator)
    change_rules(operator=operator, four_eyes_above=Decimal(1000))

    with pytest.raises(RuleViolation, match="by people"):
        propose_batch(seller=seller, currency="SEK", pay_on=PAY_ON, now=JUNE)
    acting(first)
    batch = propose_batch(seller=seller, currency="SEK", pay_on=PAY_ON, now=JUNE)
    with pytest.raises(RuleViolation, match="Somebody else"):
        approve_batch(batch=batch, by=first)
    acting(second)
    approve_batch(batch=batch, by=second)
    ordered = order_batch(batch=batch, now=JUNE)
    with pytest.raises(RuleViolation):
        order_batch(batch=batch, now=JUNE)
    with pytest.raises(RuleViolation, match="Nothing"):
        propose_batch(seller=seller, currency="SEK", pay_on=PAY_ON, now=JUNE)
    payout = HostPayout.objects.get()
    sums = etree.fromstring(bytes(ordered.content or b"")).findall(".//{*}InstdAmt")
    assert [one.text for one in sums] == ["7000.00"]
    for _twice in "12":
        make_bank_transaction(
            make_bank_file(operator=operator), direction="debit", amount=Decimal(7000),
            end_to_end_id=payout.public_id.replace("_", "-"), booked_on=date(2026, 6, 5),
        )  # fmt: skip
    assert match_payouts(operator_id=operator.pk, now=JUNE - timedelta(days=1)) == 0
    assert match_payouts(operator_id=operator.pk, now=JUNE) == 1
    assert match_payouts(operator_id=operator.pk, now=JUNE) == 0

    statement.refresh_from_db()
    batch.refresh_from_db()
    assert (statement.shown_state, statement.paid_on) == ("paid", date(2026, 6, 5))
    assert batch.state == "done"
    assert statement.invoice is not None
    assert statement.invoice.state == "paid"
    with pytest.raises(RuleViolation):
        finish_payout(payout=payout, paid_on=date(2026, 6, 5), now=JUNE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.update(payout=None, paid_on=None)
    assert booked(seller) == {
        "4010": Decimal(5600), "2641": Decimal(1400), "1930": Decimal(-7000),
    }  # fmt: skip


def test_less_than_the_least_payout_is_carried_over_to_the_next_batch() -> None:
    story = Story()
    story.sold(date(2026, 5, 3), "500")
    statement = story.issued()

    (balance,) = balances(list(unpaid()))
    assert balance.amount == 350
    assert balance.why_not == "below_minimum"
    with pytest.raises(RuleViolation, match="least payout"):
        propose_batch(seller=statement.seller, currency="SEK", pay_on=PAY_ON, now=JUNE)

    story.sold(date(2026, 6, 3), "500")
    july = story.issued(JUNE.replace(month=7))
    batch = propose_batch(
        seller=statement.seller, currency="SEK", pay_on=date(2026, 7, 30), now=JUNE
    )
    assert batch.amount == 700
    assert set(HostPayout.objects.get().statements.all()) == {statement, july}
    cancel_batch(batch=batch, reason="Wrong account")
    assert unpaid().count() == 2
    again = propose_batch(seller=statement.seller, currency="SEK", pay_on=PAY_ON, now=JUNE)
    assert again.amount == 700


def test_the_hosts_own_invoice_is_booked_with_the_vat_that_it_shows() -> None:
    story = Story(host_is_vat_registered=True)
    story.sold(date(2026, 5, 3), "1000.04")
    statement = story.issued()
    assert booked(statement.seller) == {}

    record_host_invoice(
        statement=statement, number="17", invoiced_on=date(2026, 6, 5), net=Decimal("700.03"),
        tax=Decimal("175.00"), now=JUNE,
    )  # fmt: skip

    assert booked(statement.seller) == {
        "4010": Decimal("700.03"), "2641": Decimal(175), "2440": Decimal("-875.03"),
    }  # fmt: skip
