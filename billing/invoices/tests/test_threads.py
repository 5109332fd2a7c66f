"""Fifty who issue at once, every seventh of whom changes its mind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from billing.invoices.issuing import issue
from billing.invoices.models import Invoice
from core.tenancy.scopes import operator_scope
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.invoices import make_draft

THREADS = 50


@pytest.mark.django_db(transaction=True)
def test_numbers_are_contiguous_and_unique_and_dates_never_go_back() -> None:
    operator = make_operator()
    seller, account = make_seller(operator=operator), make_account(operator=operator)
    drafts = [make_draft(seller, account).pk for _n in range(THREADS)]

    def try_it(place: int) -> None:
        try:
            with operator_scope(operator), transaction.atomic():
                issue(Invoice.objects.select_related("seller__operator").get(pk=drafts[place]))
                if place % 7 == 0:
                    transaction.set_rollback(True)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(try_it, range(THREADS)))

    with operator_scope(operator):
        issued = list(Invoice.objects.exclude(state="draft").order_by("sequence"))
    assert [one.sequence for one in issued] == list(range(1, THREADS - 8 + 1))
    days = [one.issued_on for one in issued if one.issued_on is not None]
    assert days == sorted(days)
    assert len({one.ocr for one in issued}) == len(issued)
