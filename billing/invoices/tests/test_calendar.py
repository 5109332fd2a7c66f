"""What begins runs by itself: the day of the month, and guests' sessions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.invoices.clock import plan_due_runs, work_next_runs
from billing.invoices.models import Invoice
from billing.invoices.run_models import BillingRun
from billing.invoices.runs import (
    change_rules,
    plan_run,
    prepare_batch,
    rules_of,
    work_run,
)
from billing.sellers.models import Seller
from billing.tariffs.models import TariffVersion
from core.accounts.models import Operator
from stations.hardware.models import Station
from tests.factories.billing import make_account, make_contract, make_seller
from tests.factories.rating import (
    make_rated,
    rate_again,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("attributed")]
NOW = datetime(2026, 12, 2, 8, tzinfo=UTC)
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def test_the_calendar_begins_the_run_of_a_month_once(operator: Operator, seller: Seller) -> None:
    early = plan_due_runs(now=datetime(2026, 12, 1, 12, tzinfo=UTC))
    first = plan_due_runs(now=NOW)
    again = plan_due_runs(now=NOW + timedelta(hours=1))

    assert (early, first, again) == (0, 1, 0)
    run = BillingRun.objects.get()
    assert (run.period_from_on, run.period_until_on) == NOVEMBER


def test_guests_get_an_invoice_a_session_as_soon_as_it_is_rated(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion
) -> None:
    guest = make_account(operator=operator, invoice_rhythm="per_session")
    for _n in range(2):
        make_rated(guest, version, station=station)
    change_rules(seller=seller, bills_from_on=date(2026, 1, 1), run_day=28)

    assert plan_due_runs(now=NOW) == 1
    work_run(BillingRun.objects.get(), now=NOW)

    assert [one.gross for one in Invoice.objects.all()] == [Decimal(50), Decimal(50)]


def test_what_a_guest_paid_too_much_comes_off_the_next_session(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion
) -> None:
    guest = make_account(operator=operator, invoice_rhythm="per_session")
    change_rules(seller=seller, bills_from_on=date(2026, 1, 1), run_day=28)
    session = make_rated(guest, version, wh=7_200, station=station)
    plan_due_runs(now=NOW)
    work_next_runs(now=NOW)

    rate_again(session, 6_200)
    assert plan_due_runs(now=NOW) == 0
    make_rated(guest, version, wh=10_000, station=station)
    plan_due_runs(now=NOW)
    work_next_runs(now=NOW)

    assert [one.gross for one in Invoice.objects.order_by("pk")] == [Decimal(36), Decimal(45)]


def test_a_seller_begins_no_run_for_sessions_that_another_one_sells(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion
) -> None:
    host = make_seller(operator=operator, is_host=True)
    for one in (seller, host):
        change_rules(seller=one, bills_from_on=date(2026, 1, 1), run_day=28)
    make_rated(make_account(operator=operator, invoice_rhythm="per_session"), version)
    make_contract(station.site, form="not_invoiced")
    make_rated(
        make_account(operator=operator, invoice_rhythm="per_session"), version, station=station
    )

    assert plan_due_runs(now=NOW) == 1
    assert BillingRun.objects.get().seller == seller
    work_next_runs(now=NOW)
    assert Invoice.objects.count() == 1
    assert plan_due_runs(now=NOW) == 0


def test_a_run_that_breaks_off_keeps_no_other_waiting(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion, monkeypatch: Any
) -> None:
    make_rated(make_account(operator=operator), version, station=station)
    broken, whole = (plan_run(seller=seller, period=NOVEMBER, now=NOW) for _n in range(2))

    def breaks(run: BillingRun, *, now: datetime) -> int:
        if run.pk == broken.pk:
            raise ZeroDivisionError("no price")
        return prepare_batch(run, now=now)

    monkeypatch.setattr("billing.invoices.runs.prepare_batch", breaks)
    work_next_runs(now=NOW)

    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (broken.state, broken.error) == ("failed", "ZeroDivisionError: no price")
    assert (whole.state, whole.draft_count) == ("previewed", 1)


def test_looking_at_the_rules_of_a_seller_does_not_begin_its_calendar(operator: Operator) -> None:
    seller = make_seller(operator=operator)

    assert rules_of(seller).run_day == 2
    assert plan_due_runs(now=NOW) == 0
