"""Billing runs: what is due becomes invoices, each thing once, however the run goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from billing.invoices.documents import document_of
from billing.invoices.models import Invoice, InvoiceItem
from billing.invoices.run_models import BillingRun, RunCarry
from billing.invoices.runs import (
    approve_run,
    change_rules,
    delete_draft,
    discard_run,
    issue_batch,
    plan_run,
    prepare_batch,
    refresh_run,
    work_run,
)
from billing.rating.models import BillableItem
from billing.sellers.models import Seller
from billing.tariffs.models import TariffVersion
from core.accounts.models import Operator
from core.errors import RuleViolation
from stations.hardware.models import Station
from tests.factories.billing import make_account, make_fee, make_seller
from tests.factories.core import make_operator
from tests.factories.rating import (
    make_rated,
    rate_again,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("attributed")]
NOW = datetime(2026, 12, 2, 8, tzinfo=UTC)
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def run_month(
    seller: Seller, *, period: tuple[date, date] = NOVEMBER, issued: bool = True, **more: Any
) -> BillingRun:
    now = max(NOW, datetime.combine(period[1] + timedelta(2), NOW.time(), UTC))
    run = plan_run(seller=seller, period=period, now=now, issues_alone=issued, **more)
    return work_run(run, now=now)


def test_a_month_becomes_one_invoice_an_account_and_nothing_is_billed_twice(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion
) -> None:
    dina = make_account(operator=operator, name="Dina")
    fleet = make_account(operator=operator, name="Fleet AB", kind="company")
    for wh in (10_000, 2_000):
        make_rated(dina, version, wh=wh, station=station)
    make_rated(fleet, version, wh=10_000, station=station)
    make_fee(dina, amount=Decimal(100), starts_on=date(2026, 11, 16))

    run = run_month(seller)
    again = run_month(seller)

    assert (run.state, run.invoice_count, run.item_count, run.sums) == (
        "done", 2, 4, {"SEK": "160.0000"},
    )  # fmt: skip
    assert (again.state, again.invoice_count) == ("done", 0)
    first, second = Invoice.objects.order_by("sequence")
    assert (first.account, first.gross, first.net, first.tax) == (
        dina, Decimal(110), Decimal(88), Decimal(22),
    )  # fmt: skip
    lines = list(first.lines.values_list("kind", "quantity", "gross", "details"))
    assert [(kind, quantity, gross) for kind, quantity, gross, _d in lines] == [
        ("energy", Decimal(10), Decimal(50)), ("energy", Decimal(2), Decimal(10)),
        ("fee", Decimal(1), Decimal(50)),
    ]  # fmt: skip
    assert lines[2][3] == "15 av 30 dagar"
    assert (second.account, second.net, second.tax) == (fleet, Decimal(40), Decimal(10))
    assert (first.supply_from_on, first.supply_until_on) == (date(2026, 11, 2), date(2026, 11, 30))
    taken = BillableItem.objects.exclude(taken_at=None).values_list("taken_by", flat=True)
    assert sorted(taken) == sorted([first.public_id] * 2 + [second.public_id])


def test_a_session_over_the_end_of_a_month_is_on_the_invoice_of_its_end(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion
) -> None:
    dina = make_account(operator=operator)
    # 31 October 23:00 to 1 November 02:00 in Stockholm.
    make_rated(dina, version, station=station, ended_at=datetime(2026, 11, 1, 1, tzinfo=UTC))

    october = run_month(seller, period=(date(2026, 10, 1), date(2026, 10, 31)))
    november = run_month(seller)
    once_more = run_month(seller, period=(date(2026, 10, 1), date(2026, 10, 31)))

    assert [run.invoice_count for run in (october, november, once_more)] == [0, 1, 0]


def test_a_late_fact_changes_a_draft_and_goes_on_the_next_invoice_after_issue(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion
) -> None:
    dina = make_account(operator=operator)
    session = make_rated(dina, version, wh=7_200, station=station)
    run = run_month(seller, issued=False)
    draft = Invoice.objects.get()
    assert draft.gross == Decimal(36)

    rate_again(session, 8_000)
    approve_run(run=run)
    work_run(run, now=NOW)
    issued = Invoice.objects.get()
    assert (issued.gross, issued.state) == (Decimal(40), "issued")

    rate_again(session, 9_000)
    run_month(seller, period=(date(2026, 12, 1), date(2026, 12, 31)))

    later = Invoice.objects.exclude(pk=issued.pk).get()
    item = InvoiceItem.objects.get(invoice=later)
    line = later.lines.get()
    assert (later.gross, line.quantity, line.unit) == (Decimal(5), Decimal(1), "kWh")
    assert item.adjusts == issued
    assert issued.number in line.description
    issued.refresh_from_db()
    assert issued.gross == Decimal(40)


def test_a_fee_is_billed_by_the_seller_that_it_names(seller: Seller, operator: Operator) -> None:
    other = make_seller(operator=operator)
    change_rules(seller=other, bills_from_on=date(2026, 10, 1))
    dina, bo = (make_account(operator=operator) for _ in "12")
    make_fee(dina, amount=Decimal(100), starts_on=date(2026, 11, 1), seller_ref=other.public_id)
    make_fee(bo, amount=Decimal(30), starts_on=date(2026, 11, 1))

    for one in (seller, other):
        run = plan_run(seller=one, period=NOVEMBER, now=NOW)
        work_run(run, now=NOW)

    made = Invoice.objects.values_list("seller__public_id", "account__public_id")
    assert set(made) == {
        (seller.public_id, bo.public_id), (other.public_id, dina.public_id),
    }  # fmt: skip
    stranger = make_seller(operator=make_operator())
    with pytest.raises(IntegrityError), transaction.atomic():
        make_fee(bo, seller_ref=stranger.public_id)


def test_a_run_within_a_month_leaves_its_fee_for_when_the_month_or_the_fee_is_over(
    operator: Operator, seller: Seller
) -> None:
    dina, bo = make_account(operator=operator), make_account(operator=operator)
    make_fee(dina, amount=Decimal(100), starts_on=date(2026, 11, 1))
    make_fee(bo, amount=Decimal(100), starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 15))
    make_fee(bo, amount=Decimal(30), starts_on=date(2026, 11, 2), recurrence="once")

    run_month(seller, period=(date(2026, 11, 1), date(2026, 11, 20)))
    run_month(seller)

    first, second = Invoice.objects.order_by("sequence")
    assert (first.account, first.gross) == (bo, Decimal(80))
    assert (second.account, second.gross) == (dina, Decimal(100))


def test_too_little_is_carried_over_until_it_is_enough(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion
) -> None:
    change_rules(seller=seller, minimum_amount=Decimal(3))
    dina = make_account(operator=operator)
    make_rated(dina, version, wh=250, station=station)

    first = run_month(seller)
    make_rated(dina, version, wh=2_000, station=station)
    second = run_month(seller)

    assert (first.invoice_count, first.carried_count) == (0, 1)
    assert RunCarry.objects.get(run=first).reason == "too_small"
    assert Invoice.objects.get(run=second).gross == Decimal("11.25")


def test_a_run_that_is_cut_off_anywhere_goes_on_and_two_at_once_bill_nothing_twice(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion, monkeypatch: Any
) -> None:
    monkeypatch.setattr("billing.invoices.runs.ACCOUNTS_A_BATCH", 1)
    monkeypatch.setattr("billing.invoices.runs.INVOICES_A_BATCH", 1)
    for _n in range(3):
        make_rated(make_account(operator=operator), version, station=station)
    one = plan_run(seller=seller, period=NOVEMBER, now=NOW, issues_alone=True)
    two = plan_run(seller=seller, period=NOVEMBER, now=NOW, issues_alone=True)

    prepare_batch(one, now=NOW)
    prepare_batch(two, now=NOW)
    work_run(one, now=NOW, seconds=0)
    work_run(two, now=NOW)
    work_run(one, now=NOW)
    issue_batch(one, now=NOW)

    numbers = sorted(Invoice.objects.values_list("sequence", flat=True))
    assert numbers == [1, 2, 3]
    assert len(set(Invoice.objects.values_list("account", flat=True))) == 3
    assert {run.state for run in BillingRun.objects.all()} == {"done"}


def test_drafts_can_be_thrown_away_and_made_anew_and_issued_runs_cannot(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion
) -> None:
    dina = make_account(operator=operator)
    make_rated(dina, version, station=station)
    run = run_month(seller, issued=False)
    with pytest.raises(RuleViolation):
        plan_run(seller=seller, period=(NOVEMBER[0], date(2026, 12, 31)), now=NOW)
    with pytest.raises(RuleViolation):
        plan_run(seller=seller, period=(NOVEMBER[1], NOVEMBER[0]), now=NOW)

    delete_draft(invoice=Invoice.objects.get())
    assert not Invoice.objects.exists()
    refresh_run(run=run)
    work_run(run, now=NOW)
    assert Invoice.objects.get().gross == Decimal(50)
    approve_run(run=run)
    with pytest.raises(RuleViolation):
        approve_run(run=run)
    work_run(run, now=NOW)
    for refused in (discard_run, refresh_run):
        with pytest.raises(RuleViolation):
            refused(run=run)

    other = run_month(seller, issued=False)
    discard_run(run=other)
    assert list(BillingRun.objects.all()) == [run]
    with pytest.raises(RuleViolation):
        delete_draft(invoice=Invoice.objects.get())


@pytest.mark.parametrize(
    ("grouping", "titles"),
    [
        ("driver", ["Ada", "Bo"]),
        ("cost_centre", ["100", "200"]),
        ("vehicle", ["ABC123", "DEF45G"]),
        ("summary", [""]),
    ],
)
def test_lines_are_put_together_as_the_account_wants(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion,
    grouping: str, titles: list[str],
) -> None:  # fmt: skip
    fleet = make_account(operator=operator, kind="company", invoice_grouping=grouping)
    cars = {"Ada": "ABC123", "Bo": "DEF45G"}
    for driver, centre in (("Ada", "100"), ("Bo", "200"), ("Ada", "100")):
        snapshot = {
            "driver_name": driver, "cost_centre": centre, "registration_number": cars[driver],
        }  # fmt: skip
        make_rated(fleet, version, station=station, token_snapshot=snapshot)

    run_month(seller)

    invoice = Invoice.objects.get()
    lines = list(invoice.lines.all())
    assert [line.group_title for line in lines] == titles
    assert sum(line.net for line in lines) == Decimal(120)
    assert all(line.is_specified for line in lines)
    assert sum(item.net for item in invoice.items.all()) == Decimal(120)
    numbers = [line.registration_number for line in lines]
    assert numbers == (titles if grouping == "vehicle" else [""] * len(lines))
    specified = {
        row.registration_number
        for group in document_of(invoice).specification
        for row in group.rows
    }
    assert specified == {"ABC123", "DEF45G"}


def test_a_run_asks_no_more_of_the_database_for_more_accounts(
    operator: Operator, seller: Seller, station: Station, version: TariffVersion
) -> None:
    counts = []
    for accounts in (1, 4):
        for _n in range(accounts):
            account = make_account(operator=operator)
            make_fee(account)
            make_rated(account, version, station=station)
        run = plan_run(seller=seller, period=NOVEMBER, now=NOW, issues_alone=True)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            work_run(run, now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert Invoice.objects.count() == 5
