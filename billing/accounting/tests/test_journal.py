"""The journal is balanced, append-only and closed where its month is closed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from billing.accounting.bas import bas_chart
from billing.accounting.book_models import Books, ChartAccount
from billing.accounting.books import chart_of, ensure_books
from billing.accounting.entries import Entry, balances
from billing.accounting.models import JournalEntry, JournalPosting, Period
from billing.accounting.reading import pure_entries
from billing.accounting.tests.journal import JOURNAL
from billing.accounting.writing import Draft, write
from billing.sellers.models import Seller
from core.ids import public_id
from core.tenancy.scopes import across_operators
from tests.factories.billing import make_seller
from tests.factories.core import make_operator

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def seller() -> Any:
    with across_operators("the test keeps books"):
        made = make_seller(operator=make_operator())
        ensure_books(made)
        yield made


def written(seller: Seller, *entries: Entry, first: int = 1) -> list[JournalEntry]:
    return write(
        [
            Draft(seller_id=seller.pk, entry=one, source_kind="test", source_id=first + n)
            for n, one in enumerate(entries)
        ]
    )


def settled() -> None:
    """What is checked at the end of a transaction, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_books_begin_with_the_default_chart(seller: Seller) -> None:
    chart, default = chart_of(seller), bas_chart()

    assert chart.names == default.names
    assert chart.uses == default.uses
    assert set(chart.revenue) == set(default.revenue)
    assert set(chart.taxes) == set(default.taxes)


def test_entries_are_numbered_and_read_back_as_they_were(seller: Seller) -> None:
    rows = written(seller, *JOURNAL)
    settled()

    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert balances(pure_entries(JournalEntry.objects.order_by("number"))) == balances(JOURNAL)
    assert Books.objects.get(seller=seller).last_number == 4


def refused(words: str, call: Any) -> None:
    def attempt() -> None:
        with transaction.atomic():
            call()
            settled()

    with pytest.raises(DatabaseError, match=words):
        attempt()


def test_the_database_refuses_what_does_not_balance_and_every_change(seller: Seller) -> None:
    (row,) = written(seller, JOURNAL[0])
    settled()
    posting = row.postings.order_by("position")[0]
    values = {
        field.attname: getattr(row, field.attname)
        for field in JournalEntry._meta.concrete_fields
        if field.name != "id"
    } | {"public_id": public_id("ver"), "number": 2, "source_id": 99}
    extra = {"operator_id": row.operator_id, "entry": row, "position": 4}
    extra |= {"account_id": posting.account_id, "amount": D(1), "currency": "SEK"}

    refused("does not balance", lambda: JournalEntry.objects.create(**values))
    refused("does not belong", lambda: JournalPosting.objects.create(**extra))
    refused("append-only", lambda: JournalEntry.objects.filter(pk=row.pk).update(text="x"))
    refused("append-only", lambda: JournalPosting.objects.filter(pk=posting.pk).delete())
    refused("journal_source_once", lambda: written(seller, JOURNAL[0]))
    refused(
        "its number stays",
        lambda: ChartAccount.objects.filter(pk=posting.account_id).update(number="1511"),
    )
    assert list(JournalEntry.objects.values_list("number", "text")) == [(1, "")]
    assert JournalPosting.objects.count() == 3


def test_a_closed_month_takes_no_entry(seller: Seller) -> None:
    month = {"seller": seller, "operator_id": seller.operator_id, "public_id": public_id("per")}
    Period.objects.create(
        **month,
        begins_on=date(2026, 10, 1),
        state="closed",
        closed_at=datetime(2026, 11, 3, tzinfo=UTC),
    )

    refused("is closed", lambda: _raw(seller, JOURNAL[0]))

    (row,) = written(seller, JOURNAL[0])
    assert row.booked_on == date(2026, 11, 1)
    assert "2026-10-31" in row.text


def _raw(seller: Seller, entry: Entry) -> None:
    values = {"seller": seller, "operator_id": seller.operator_id, "public_id": public_id("ver")}
    JournalEntry.objects.create(
        **values,
        number=1,
        kind="invoice",
        booked_on=entry.on,
        document="F1",
        currency="SEK",
        total=1,
        posting_count=2,
        source_kind="test",
        source_id=1,
    )
