"""What a host owes is set off against what it is paid, where its terms say so; undone with the
batch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from billing.accounting.reports.money import payments
from billing.accounting.reports.report import Asked
from billing.invoices.models import Invoice
from billing.invoices.runs import plan_run, work_run
from billing.payments.models import Payment
from billing.payments.services import book_by_hand, reverse_payment
from billing.review.rules import change_rules
from billing.settlement.models import Statement
from billing.settlement.payable import balances, unpaid
from billing.settlement.payout_models import HostPayout, HostSetOff, PayoutBatch
from billing.settlement.payout_services import (
    approve_batch,
    cancel_batch,
    finish_payout,
    order_batch,
    propose_batch,
)
from billing.settlement.set_off import OpenFee, within
from billing.settlement.statement_pdf import statement_pdf
from billing.settlement.term_services import end_terms
from billing.settlement.tests.test_payouts import booked
from billing.settlement.tests.test_statements import JUNE, SHARE, Story
from core.audit.services import SYSTEM, current_actor
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from tests.factories.billing import make_account
from tests.factories.settlement import make_terms

pytestmark = pytest.mark.django_db
PAY_ON = date(2026, 6, 30)
FEE = ("per_month", "to_operator", "400")


@pytest.fixture(autouse=True)
def _everything() -> Iterator[None]:
    before = current_actor.set(SYSTEM)
    with across_operators("tests read any operator's rows"):
        yield
    current_actor.reset(before)


def owing(net: str, *, sets_off: bool = True) -> tuple[Story, Statement, Invoice]:
    """A host that gets 70 % of ``net`` for May and owes 500 with VAT, invoiced in June."""
    story = Story()
    change_rules(operator=story.site.operator, four_eyes_above=Decimal(10_000))
    account = make_account(operator=story.site.operator, kind="company")
    end_terms(site=story.site, host=story.host, from_on=date(2026, 5, 1))
    make_terms(
        story.site, story.host, SHARE, FEE, fee_account=account, sets_off_fees=sets_off
    )  # fmt: skip
    story.sold(date(2026, 5, 3), net)
    statement = story.issued()
    run = plan_run(
        seller=statement.seller, account=account, period=(date(2026, 5, 1), JUNE.date()), now=JUNE,
        issues_alone=True,
    )  # fmt: skip
    work_run(run, now=JUNE)
    return story, statement, Invoice.objects.get(account=account)


def proposed(statement: Statement) -> PayoutBatch:
    return propose_batch(seller=statement.seller, currency="SEK", pay_on=PAY_ON, now=JUNE)


def test_the_difference_is_paid_and_the_set_off_is_booked_and_undone_with_the_batch() -> None:
    _story, statement, invoice = owing("2000")
    assert invoice.open_amount == 500
    before = booked(statement.seller)
    assert (before["1510"], before["2440"]) == (Decimal(500), Decimal(-1400))

    batch = proposed(statement)
    assert (batch.amount, batch.set_off_amount) == (900, 500)
    invoice.refresh_from_db()
    assert invoice.open_amount == 500  # it waits for the approval
    approve_batch(batch=batch, by=None, now=JUNE)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open_amount) == ("paid", Decimal(0))
    sums = booked(statement.seller)
    assert ("1510" in sums, sums["2440"]) == (False, Decimal(-900))
    report = payments(Asked(statement.seller, date(2026, 6, 1), date(2026, 6, 30)))
    assert [tie.difference for tie in report.ties] == [0]
    payment = Payment.objects.get()
    with pytest.raises(RuleViolation, match="batch"):
        reverse_payment(payment=payment, reason="No")
    with pytest.raises(IntegrityError), transaction.atomic():
        HostSetOff.objects.update(amount=1)

    cancel_batch(batch=batch, reason="Wrong day")
    invoice.refresh_from_db()
    assert (invoice.open_amount, booked(statement.seller)) == (Decimal(500), before)

    again = approve_batch(batch=proposed(statement), by=None, now=JUNE)
    ordered = order_batch(batch=again, now=JUNE)
    assert b"900.00" in bytes(ordered.content or b"")
    payout = HostPayout.objects.get(batch=again)
    finish_payout(payout=payout, paid_on=JUNE.date(), now=JUNE)
    statement = Statement.objects.select_related("payout").get(pk=statement.pk)
    assert statement.shown_state == "paid"
    assert statement_pdf(statement, language="en").startswith(b"%PDF-1.")
    sums = booked(statement.seller)
    assert (sums["1930"], "2440" in sums) == (Decimal(-900), False)


def test_fees_that_take_all_need_no_payment_and_leave_the_rest_open() -> None:
    _story, statement, invoice = owing("500")

    (balance,) = balances(list(unpaid()))
    assert (balance.amount, balance.to_pay, balance.why_not) == (Decimal(350), Decimal(0), "")
    batch = approve_batch(batch=proposed(statement), by=None, now=JUNE)

    statement.refresh_from_db()
    invoice.refresh_from_db()
    assert (batch.state, batch.amount, statement.shown_state) == ("done", Decimal(0), "paid")
    assert (invoice.paid_amount, invoice.open_amount) == (Decimal(350), Decimal(150))
    sums = booked(statement.seller)
    assert ("2440" in sums, sums["1510"]) == (False, Decimal(150))


def test_a_fee_paid_meanwhile_refuses_the_approval_and_nothing_changes() -> None:
    _story, statement, invoice = owing("2000")
    batch = proposed(statement)
    assert invoice.account is not None
    book_by_hand(
        account=invoice.account, amount=Decimal(500), booked_on=JUNE.date(), invoice=invoice,
        now=JUNE,
    )  # fmt: skip

    with pytest.raises(RuleViolation, match="meanwhile"):
        approve_batch(batch=batch, by=None, now=JUNE)

    batch.refresh_from_db()
    assert (batch.state, Payment.objects.count()) == ("proposed", 1)


def test_nothing_is_set_off_that_was_not_agreed_or_is_disputed() -> None:
    _story, statement, invoice = owing("2000", sets_off=False)
    assert proposed(statement).set_off_amount == 0

    _story, statement, invoice = owing("2000")
    Invoice.objects.filter(pk=invoice.pk).update(is_disputed=True)
    batch = proposed(statement)

    assert (batch.amount, batch.set_off_amount) == (1400, 0)


def test_as_much_of_the_fees_is_taken_as_is_owed() -> None:
    fees = [OpenFee(Any, Decimal(amount)) for amount in (100, 300, 50)]  # type: ignore[arg-type]  # any

    assert [one.amount for one in within(fees, Decimal(250))] == [100, 150]
    assert within(fees, Decimal(0)) == ()
