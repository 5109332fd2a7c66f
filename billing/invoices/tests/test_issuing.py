"""Issuing and settling: numbers, days, and rows that stay as they were issued."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from billing.accounts.models import BillingAccount
from billing.invoices.issuing import issue
from billing.invoices.models import Invoice, InvoiceLine, InvoiceTax
from billing.invoices.settling import mark_overdue, settle
from billing.sellers.models import Seller
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.invoices import make_draft, make_issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Iterator[Seller]:
    operator = make_operator()
    with operator_scope(operator):
        yield make_seller(operator=operator)


@pytest.fixture
def account(seller: Seller) -> BillingAccount:
    return make_account(operator=seller.operator, name="Diana Lund", payment_terms_days=30)


def test_an_issued_invoice_has_number_days_reference_and_parties_as_they_were(
    seller: Seller, account: BillingAccount
) -> None:
    now = timezone.now()
    first, second = make_draft(seller, account), make_draft(seller, account, "40", "60")

    issue(first, now=now)
    issue(second, now=now - timedelta(days=40))

    assert first.number[5:] == "000001"
    assert second.number[5:] == "000002"
    assert first.issued_on is not None
    assert second.issued_on == first.issued_on
    assert first.due_on is not None
    assert timedelta(30) <= first.due_on - first.issued_on <= timedelta(37)
    assert (first.buyer_snapshot["name"], first.seller_snapshot["name"]) == (
        "Diana Lund", seller.name,
    )  # fmt: skip
    assert first.ocr != second.ocr
    assert (first.state, first.open_amount) == ("issued", Decimal(125))
    entry = AuditEntry.objects.get(verb="invoice.issue", object_id=str(first.pk))
    assert entry.after["number"] == first.number
    with pytest.raises(RuleViolation) as again:
        issue(first)
    assert again.value.code == "not_a_draft"


CHANGES: list[Callable[[Invoice], object]] = [
    lambda one: Invoice.objects.filter(pk=one.pk).update(net=1, gross=26, payable=26),
    lambda one: Invoice.objects.filter(pk=one.pk).update(state="draft", number="", sequence=None),
    lambda one: Invoice.objects.filter(pk=one.pk).delete(),
    lambda one: one.delete(),
    lambda one: Invoice(**{**_values(one), "number": "X"}).save(),
    lambda one: Invoice.objects.bulk_update([_with(one, number="X")], ["number"]),
    lambda one: InvoiceLine.objects.filter(invoice=one).update(description="Other"),
    lambda one: InvoiceLine.objects.filter(invoice=one).delete(),
    lambda one: InvoiceTax.objects.filter(invoice=one).update(rate=12),
    lambda one: InvoiceTax.objects.bulk_create([_copy(InvoiceTax.objects.get(invoice=one))]),
    lambda one: _sql(f"UPDATE billing_invoice SET due_on = due_on + 1 WHERE id = {one.pk}"),
    lambda one: _sql(f"DELETE FROM billing_invoiceline WHERE invoice_id = {one.pk}"),
    lambda _one: _sql("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE billing_invoice CASCADE"),
]


@pytest.mark.parametrize("change", CHANGES, ids=[str(place) for place in range(len(CHANGES))])
def test_nothing_changes_an_issued_invoice(
    seller: Seller, account: BillingAccount, change: Callable[[Invoice], object]
) -> None:
    issued = make_issued(seller, account)
    before = _rows(issued)

    with pytest.raises(IntegrityError), transaction.atomic():
        change(issued)

    assert _rows(issued) == before


def test_a_draft_may_go_and_no_invoice_is_made_but_as_a_draft_that_adds_up(
    seller: Seller, account: BillingAccount
) -> None:
    gone, wrong = make_draft(seller, account), make_draft(seller, account)
    gone.delete()
    InvoiceLine.objects.filter(invoice=wrong).update(net=99, gross=124)

    with pytest.raises(IntegrityError), transaction.atomic():
        issue(wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.create(**{**_values(wrong), "id": None, "state": "paid", "public_id": "x"})

    wrong.refresh_from_db()
    assert list(Invoice.objects.all()) == [wrong]
    assert (wrong.state, wrong.number) == ("draft", "")


def test_payments_and_losses_change_what_is_open_and_no_more(
    seller: Seller, account: BillingAccount
) -> None:
    one = make_issued(seller, account)

    states = [
        settle(one, paid=Decimal(paid), written_off=Decimal(lost)).state
        for paid, lost in (("25", "0"), ("60", "0"), ("0", "40"), ("0", "-40"), ("40", "0"))
    ]

    assert states == ["partly_paid", "partly_paid", "written_off", "partly_paid", "paid"]
    for amount in ("0.01", "-126", "0.001"):
        with pytest.raises(RuleViolation):
            settle(one, paid=Decimal(amount))
    assert (one.open_amount, one.paid_amount) == (Decimal(0), Decimal(125))


def test_what_is_due_and_open_becomes_overdue_by_the_clock(
    seller: Seller, account: BillingAccount
) -> None:
    late, paid = make_issued(seller, account), make_issued(seller, account)
    settle(paid, paid=Decimal(125))
    assert late.due_on is not None

    assert mark_overdue(operator_id=seller.operator_id, today=late.due_on) == 0
    assert mark_overdue(operator_id=seller.operator_id, today=late.due_on + timedelta(1)) == 1

    late.refresh_from_db()
    assert late.state == "overdue"
    assert AuditEntry.objects.get(verb="invoice.overdue").object_id == str(late.pk)


def _values(one: Invoice) -> dict[str, object]:
    return {field.attname: getattr(one, field.attname) for field in Invoice._meta.concrete_fields}


def _with(one: Invoice, **values: object) -> Invoice:
    return Invoice(**{**_values(one), **values})


def _copy(row: InvoiceTax) -> InvoiceTax:
    row.pk, row.rate = None, Decimal(12)
    return row


def _sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def _rows(one: Invoice) -> list[object]:
    parts = [InvoiceLine.objects.filter(invoice=one), InvoiceTax.objects.filter(invoice=one)]
    return [Invoice.objects.filter(pk=one.pk).values().get(), *(list(p.values()) for p in parts)]
