"""Whatever is issued, paid, taken back, refunded, waived and written off: the journal holds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.accounting.book_models import Books, RevenueMapping, TaxMapping
from billing.accounting.books import chart_of, ensure_books
from billing.accounting.checklist import checklist
from billing.accounting.entries import EntryKind
from billing.accounting.models import JournalEntry, JournalPosting, Period
from billing.accounting.period_services import NotReady, close_period, reopen_period
from billing.accounting.posting_services import post_due, unposted
from billing.accounting.sources.payments import Allocations
from billing.accounting.sources.source import Ledger
from billing.accounting.writing import Draft, write
from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.crediting import credit
from billing.invoices.issuing import issue
from billing.invoices.models import Invoice
from billing.invoices.settling import settle
from billing.payments import booking
from billing.payments.models import Claim, Payment
from billing.payments.services import (
    book_by_hand,
    finish_refund,
    plan_refund,
    reverse_payment,
    waive_claim,
)
from billing.sellers.models import Seller
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.months import first_day, month_before
from core.tenancy.scopes import operator_scope
from tests.factories.accounting import make_entry
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.invoices import make_draft, make_issued

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def seller() -> Iterator[Seller]:
    made = make_seller(operator=make_operator())
    with operator_scope(made.operator):
        yield made


def settled() -> None:
    """What is checked at the end of a transaction, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def balance(number: str) -> Decimal:
    rows = JournalPosting.objects.filter(account__number=number)
    return rows.aggregate(sum=Sum("amount"))["sum"] or D(0)


def owed_by_invoice() -> dict[str, Decimal]:
    rows = JournalPosting.objects.filter(account__number="1510").values("invoice_number")
    return {
        one["invoice_number"]: one["sum"] for one in rows.order_by().annotate(sum=Sum("amount"))
    }


class Life:
    """What can happen to a customer who owes."""

    def __init__(self, seller: Seller) -> None:
        self.seller = seller
        self.today = operator_day(seller.operator)
        self.account: BillingAccount = make_account(operator=seller.operator)

    def step(self, name: str, amount: Decimal) -> None:
        """One event; what the rules refuse does not happen."""
        try:
            with transaction.atomic():
                getattr(self, name)(amount)
        except (RuleViolation, InvalidInput):
            pass

    def invoice(self, amount: Decimal) -> None:
        make_issued(self.seller, self.account, str(amount * 4))

    def pay(self, amount: Decimal) -> None:
        book_by_hand(account=self.account, amount=amount, booked_on=self.today)

    def unknown(self, amount: Decimal, *, currency: str = "SEK", days_ago: int = 1) -> None:
        booking.book(
            operator_id=self.seller.operator_id, seller_id=self.seller.pk, account=None,
            amount=amount, currency=currency, booked_on=self.today - timedelta(days=days_ago),
            identified_on=None, source="bank",
        )  # fmt: skip

    def identify(self, _amount: Decimal) -> None:
        payment = Payment.objects.filter(account=None, amount__gt=0, reversed_by=None).first()
        if payment is not None:
            booking.identify(payment, self.account, on=self.today)
            booking.use_rest(payment, on=self.today)

    def reverse(self, _amount: Decimal) -> None:
        payment = Payment.objects.filter(amount__gt=0, reversed_by=None).first()
        if payment is not None:
            reverse_payment(payment=payment, reason="bounced")

    def refund(self, _amount: Decimal) -> None:
        for payment in Payment.objects.filter(account=self.account, amount__gt=0):
            if booking.rest_of(payment) > 0:
                refund = plan_refund(source=payment, reason="asked")
                finish_refund(refund=refund, paid_on=self.today)

    def claim(self, amount: Decimal) -> None:
        invoice = Invoice.objects.order_by("pk").first()
        if invoice is not None:
            Claim.objects.create(
                operator_id=invoice.operator_id, public_id=public_id("clm"), account=self.account,
                invoice=invoice, kind="interest" if amount > 50 else "fee", amount=amount,
                currency="SEK", made_on=self.today,
            )  # fmt: skip

    def waive(self, _amount: Decimal) -> None:
        claim = Claim.objects.order_by("-pk").first()
        if claim is not None:
            waive_claim(claim=claim, reason="kind")

    def credit(self, amount: Decimal) -> None:
        invoice = Invoice.objects.filter(kind="invoice").order_by("pk").first()
        if invoice is not None:
            credit(invoice, reason="wrong price", gross=amount)

    def write_off(self, amount: Decimal) -> None:
        owing = Invoice.objects.filter(open_amount__gt=0, kind="invoice")
        invoice = owing.order_by("-pk").first()
        if invoice is not None:
            settle(invoice, written_off=min(amount, invoice.open_amount), reason="gone")

    def book(self, _amount: Decimal) -> None:
        assert not post_due().problems


STEPS = [name for name in vars(Life) if not name.startswith("_") and name != "step"]


def expected_owed() -> dict[str, Decimal]:
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for invoice in Invoice.objects.exclude(state="draft"):
        sign = -1 if invoice.kind == "credit_note" else 1
        owed[invoice.number] += sign * invoice.open_amount
    for claim in Claim.objects.select_related("invoice"):
        owed[claim.invoice.number] += claim.open_amount
    return {number: amount for number, amount in owed.items() if amount}


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    events=st.lists(
        st.tuples(st.sampled_from(STEPS), st.decimals(1, 99, places=2)), min_size=6, max_size=16
    )
)
def test_what_accounts_owe_is_what_the_journal_says(
    seller: Seller, events: list[tuple[str, Decimal]]
) -> None:
    with transaction.atomic():
        life = Life(seller)
        for name, amount in [("invoice", D(80)), *events, ("credit", D(30)), ("pay", D(9))]:
            life.step(name, amount)
        assert not post_due().problems
        settled()

        assert {k: v for k, v in owed_by_invoice().items() if v} == expected_owed()
        payments = list(Payment.objects.all())
        rests = {one.pk: booking.rest_of(one) for one in payments}
        assert balance("2420") == -sum(rests[one.pk] for one in payments if one.account_id)
        assert balance("2999") == -sum(rests[one.pk] for one in payments if not one.account_id)
        assert post_due().entries == 0
        transaction.set_rollback(True)


def test_an_event_is_booked_once_with_what_it_settled(seller: Seller) -> None:
    life = Life(seller)
    life.invoice(D(100))
    invoice = Invoice.objects.get()
    book_by_hand(account=life.account, amount=D(600), booked_on=life.today)

    outcome = post_due()

    assert (outcome.entries, outcome.problems) == (2, [])
    assert (balance("1930"), balance("1510"), balance("2420")) == (D(600), D(0), D(-100))
    assert balance("2611") == -100
    paid = JournalEntry.objects.get(kind=EntryKind.PAYMENT)
    assert list(paid.postings.values_list("account__number", "amount", "invoice_number")) == [
        ("1930", D(600), ""), ("1510", D(-500), invoice.number), ("2420", D(-100), ""),
    ]  # fmt: skip
    assert paid.covered.count() == 1
    assert Books.objects.get(seller=seller).last_number == 2


def test_what_no_account_fits_is_told_and_stands_in_nobodys_way(seller: Seller) -> None:
    life = Life(seller)
    odd = make_draft(seller, life.account)
    odd.lines.update(revenue_account="", kind="network", tax_country="XX")
    odd.taxes.update(country="XX")
    issue(odd)
    ensure_books(seller)
    TaxMapping.objects.filter(rate=None).delete()
    RevenueMapping.objects.filter(country="").delete()
    life.invoice(D(10))

    outcome = post_due()

    assert outcome.entries == 1
    assert [one.document for one in outcome.problems] == [odd.number]
    assert unposted(seller, life.today) == {"invoice": 1}


def test_what_the_books_refuse_stands_in_nobodys_way(seller: Seller) -> None:
    life = Life(seller)
    life.unknown(D(10), currency="XAU")
    life.invoice(D(25))
    invoice = Invoice.objects.get()
    post_due()
    settle(invoice, written_off=D(20))
    TaxMapping.objects.all().delete()
    life.unknown(D(30))

    outcome = post_due()

    assert [one.kind for one in outcome.problems] == ["payment", "write_off"]
    assert outcome.entries == 1
    assert balance("2999") == -30
    assert unposted(seller, life.today) == {"payment": 1, "write_off": 1}


def test_a_payment_that_is_identified_on_its_day_leaves_the_unidentified(seller: Seller) -> None:
    life = Life(seller)
    life.unknown(D(60), days_ago=0)
    post_due()
    assert balance("2999") == -60
    life.identify(D(0))

    assert post_due().entries == 1
    assert (balance("2999"), balance("2420")) == (D(0), D(-60))


def test_what_was_settled_before_its_payment_was_booked_is_booked_once(seller: Seller) -> None:
    life = Life(seller)
    life.invoice(D(25))
    life.pay(D(40))
    rows = list(Allocations().pending(seller))
    made = Allocations().drafts(rows, Ledger(seller, chart_of(ensure_books(seller).seller)))
    write([one for one in made if isinstance(one, Draft)])

    assert not post_due().problems
    settled()
    assert owed_by_invoice() == expected_owed()
    assert balance("2420") == 0


def test_a_sale_that_is_rounded_away_is_booked(seller: Seller) -> None:
    draft = make_draft(seller, make_account(operator=seller.operator), "0.40")
    Invoice.objects.filter(pk=draft.pk).update(rounding=-draft.gross, payable=0, open_amount=0)
    issue(draft)

    assert not post_due().problems
    settled()
    assert (balance("2611"), balance("3740"), balance("1510")) == (
        -draft.tax, draft.gross, D(0),
    )  # fmt: skip


def test_a_month_closes_at_zero_and_opens_again_with_a_reason(seller: Seller) -> None:
    this_month = first_day(operator_day(seller.operator))
    month = month_before(this_month)
    make_entry(seller, on=month)

    with pytest.raises(NotReady, match="month is over"):
        close_period(seller=seller, begins_on=this_month)
    assert not Period.objects.exists()
    assert [one.code for one in checklist(seller, month) if one.blocks and not one.is_done] == []

    period = close_period(seller=seller, begins_on=month)
    assert period.state == "closed"
    with pytest.raises(RuleViolation, match="closed"):
        close_period(seller=seller, begins_on=month)
    assert make_entry(seller, on=month).booked_on == this_month

    with pytest.raises(InvalidInput):
        reopen_period(period=period, reason=" ")
    assert reopen_period(period=period, reason="A late bill").state == "open"
    assert make_entry(seller, on=month).booked_on == month
