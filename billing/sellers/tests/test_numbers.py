"""Number series: taking numbers, and what the database holds about them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from billing.sellers.models import InvoiceSeries, Purpose, Seller, SeriesCounter
from billing.sellers.series_services import set_series
from billing.sellers.taking import active_series, take_number, take_numbers
from core.accounts.models import Operator
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import operator_scope
from tests.factories.billing import make_seller
from tests.factories.core import make_operator

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def seller(operator: Operator) -> Seller:
    return make_seller(operator=operator)


def test_numbers_follow_each_other_in_each_year_and_come_back_after_a_rollback(
    operator: Operator, seller: Seller
) -> None:
    with operator_scope(operator):
        series = active_series(seller, Purpose.INVOICE)
        first = take_number(series, DAY)
        with transaction.atomic():
            take_number(series, DAY)
            transaction.set_rollback(True)
        more = take_numbers(series, DAY, 3)
        next_year = take_number(series, date(2027, 1, 1))

    assert (first.text, first.number, first.year) == ("2026-000001", 1, 2026)
    assert [one.text for one in more] == ["2026-000002", "2026-000003", "2026-000004"]
    assert (next_year.text, next_year.number) == ("2027-000001", 1)


def test_the_database_gives_no_number_out_twice(operator: Operator, seller: Seller) -> None:
    with operator_scope(operator):
        series = active_series(seller, Purpose.INVOICE)
        take_numbers(series, DAY, 5)

    for statement in (
        "UPDATE billing_seriescounter SET last_number = 4",
        "UPDATE billing_seriescounter SET year = 2025",
        "DELETE FROM billing_seriescounter",
        "UPDATE billing_invoiceseries SET pattern = '{number:6}' WHERE purpose = 'invoice'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    with operator_scope(operator):
        assert SeriesCounter.objects.get().last_number == 5


def test_a_used_series_is_followed_by_another_that_never_writes_its_numbers(
    operator: Operator, seller: Seller
) -> None:
    with operator_scope(operator):
        old = active_series(seller, Purpose.INVOICE)
        take_number(old, DAY)
        with pytest.raises(RuleViolation) as same:
            set_series(seller=seller, purpose=Purpose.INVOICE, pattern="{year}-{number:4}")
        new = set_series(
            seller=seller, purpose=Purpose.INVOICE, code="b", pattern="{series}{number:5}",
            last_number=1200,
        )  # fmt: skip
        taken = take_number(new, DAY)
        old.refresh_from_db()

    assert same.value.code == "series_shape_taken"
    assert (old.is_active, old.pattern) == (False, "{year}-{number:6}")
    assert taken.text == "B01201"


@pytest.mark.parametrize(
    ("code", "pattern", "field"),
    [
        ("", "{year}", "pattern"),
        ("", "{series}-{number:4}", "code"),
        ("7", "{series}{number:4}", "code"),
        ("", "{month}{number:4}", "pattern"),
        ("", "Å{number:4}", "pattern"),
        ("K", "{series}{year}-{number:6}", "pattern"),
    ],
)
def test_patterns_that_cannot_name_invoices_are_refused(
    operator: Operator, seller: Seller, code: str, pattern: str, field: str
) -> None:
    with operator_scope(operator):
        before = list(InvoiceSeries.objects.values_list("pk", "pattern", "is_active"))

        with pytest.raises(RuleViolation) as refused:
            set_series(seller=seller, purpose=Purpose.INVOICE, code=code, pattern=pattern)

        assert refused.value.field == field
        assert isinstance(refused.value, InvalidInput) or code == "K"
        assert list(InvoiceSeries.objects.values_list("pk", "pattern", "is_active")) == before


def test_there_is_one_default_seller_and_the_database_says_so(
    operator: Operator, seller: Seller
) -> None:
    other = make_seller(operator=operator)

    assert (seller.is_default, other.is_default) == (True, False)
    with operator_scope(operator), pytest.raises(IntegrityError), transaction.atomic():
        Seller.objects.filter(pk=other.pk).update(is_default=True)
