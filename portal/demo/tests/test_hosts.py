"""The demo's hosts are settled month by month and paid."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.accounting.books import ensure_books
from billing.accounting.posting_services import post_due
from billing.sellers.models import Seller
from billing.settlement.models import Statement
from billing.settlement.payout_models import PayoutBatch
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators, operator_scope
from portal.demo.books.settling import pay_hosts, settle_hosts
from portal.demo.host_rows import write_hosts
from tests.factories.billing import make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.settlement import make_sold
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db


def test_hosts_are_settled_by_their_documents_paid_or_carried_over() -> None:
    operator = make_operator()
    for role in (Role.ACCOUNTANT, Role.OWNER):
        make_person(operator=operator, role=role)
    seller = make_seller(operator=operator, iban="SE3550000000054910000003")
    stations = [make_station(site=make_site(operator=operator)) for _n in range(3)]
    for station in stations:
        for month in (8, 9):
            make_sold(station, date(2026, month, 7), net="4000")
    with across_operators("as when the demo is loaded"):
        assert write_hosts([operator.slug], date(2026, 10, 20)) == 3

    with operator_scope(operator):
        for month in (9, 10):
            first = date(2026, month, 1)
            at = datetime(2026, month, 5, 5, tzinfo=UTC)
            while settle_hosts(first - timedelta(days=1), at=at):
                continue
            pay_hosts(operator, seller, at=at + timedelta(days=4), is_last=month == 10)
        ensure_books(seller)
        assert not post_due(sellers=[seller]).problems

        states = Statement.objects.order_by("site_id", "period_from_on")
        found = {(one.route, one.shown_state) for one in states}
        invoices = [one.invoice.number for one in states if one.invoice]
        assert Statement.objects.count() == 9
        assert PayoutBatch.objects.filter(state="done").count() == 1
        assert PayoutBatch.objects.filter(state="proposed").count() == 1
        assert Seller.objects.filter(is_host=True).count() == 3
    assert found >= {
        ("statement", "to_pay"), ("self_billing", "paid"), ("self_billing", "ordered"),
        ("host_invoice", "awaits_invoice"), ("nothing", "nothing"),
    }  # fmt: skip
    assert len(invoices) == 2
