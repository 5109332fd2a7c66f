"""A credit note made by hand is noted for each session that the credited lines bill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from billing.accounts.models import BillingAccount, InvoiceGrouping
from billing.invoices.crediting import credit
from billing.invoices.models import Invoice
from billing.invoices.runs import change_rules, plan_run, work_run
from billing.rating.guards import CREDITED_SO_FAR
from billing.rating.models import BillableItem, SessionBilling
from billing.review.decisions import decide
from billing.review.models import DecisionKind
from billing.sellers.models import Seller
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from stations.sessions.models import Session
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.rating import ATTRIBUTOR, energy_price, make_priced_tariff, make_rated
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 2, 8, tzinfo=UTC)


@pytest.fixture
def seller(settings: Any) -> Iterator[Seller]:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR
    operator = make_operator()
    with operator_scope(operator):
        made = make_seller(operator=operator)
        change_rules(seller=made, bills_from_on=date(2026, 10, 1))
        yield made


def billed(seller: Seller, account: BillingAccount) -> tuple[Invoice, Sequence[Session]]:
    """Sessions of 50 and 10 on one invoice."""
    version = make_priced_tariff(seller.operator, energy_price(5))
    station = make_station(operator=seller.operator)
    sessions = [make_rated(account, version, wh=wh, station=station) for wh in (10_000, 2_000)]
    period = (date(2026, 11, 1), date(2026, 11, 30))
    work_run(plan_run(seller=seller, period=period, now=NOW, issues_alone=True), now=NOW)
    return Invoice.objects.get(), sessions


def credited(sessions: Sequence[Session]) -> list[Decimal]:
    rows = SessionBilling.objects.filter(session__in=sessions).order_by("pk")
    return list(rows.values_list("credited_gross", flat=True))


def test_a_whole_invoice_credited_by_hand_leaves_nothing_to_waive(seller: Seller) -> None:
    invoice, sessions = billed(seller, make_account(operator=seller.operator))
    credit(invoice, reason="All wrong")
    assert credited(sessions) == [50, 10]
    billing = SessionBilling.objects.get(session=sessions[0])
    with pytest.raises(RuleViolation, match="credit what is left"):
        decide(billing=billing, kind=DecisionKind.WAIVE, reason="Twice")
    assert not BillableItem.objects.filter(taken_at=None).exists()


def test_of_lines_that_sum_sessions_each_has_its_share_of_what_is_left(seller: Seller) -> None:
    account = make_account(
        operator=seller.operator, kind="company", invoice_grouping=InvoiceGrouping.SUMMARY
    )
    invoice, sessions = billed(seller, account)
    credit(invoice, reason="A fifth", gross=Decimal(12))
    assert credited(sessions) == [10, 2]
    credit(invoice, reason="The first one", gross=Decimal(40), session_id=sessions[0].pk)
    assert credited(sessions) == [50, 2]
    credit(invoice, reason="The rest")
    assert credited(sessions) == [50, 10]


def test_credit_notes_of_before_are_counted_by_the_upgrade(seller: Seller) -> None:
    account = make_account(
        operator=seller.operator, kind="company", invoice_grouping=InvoiceGrouping.SUMMARY
    )
    invoice, sessions = billed(seller, account)
    credit(invoice, reason="A fifth", gross=Decimal(12))
    SessionBilling.objects.update(credited_gross=0)
    with connection.cursor() as cursor:
        cursor.execute(CREDITED_SO_FAR)
    assert credited(sessions) == [10, 2]
