"""The contribution of sites: agrees with the books, and counts no cost twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.reports.margin import margin
from billing.accounting.reports.margin_rule import (
    MonthCost,
    SiteFacts,
    contributions,
    shared,
)
from billing.accounting.reports.report import Asked
from billing.energy.services import create_cost
from billing.sellers.models import Seller
from billing.settlement.tests.test_payouts import booked
from billing.settlement.tests.test_statements import JUNE, Story
from core.months import last_day
from core.tenancy.scopes import across_operators
from stations.maintenance.models import WorkOrder
from tests.factories.billing import make_contract, make_seller
from tests.factories.energy import make_energy_cost
from tests.factories.maintenance import make_order
from tests.factories.stations import make_site, make_station

D = Decimal
MAY, NOVEMBER = date(2026, 5, 1), date(2026, 11, 1)


def test_a_site_s_month_by_hand_and_half_of_it() -> None:
    costs = [
        MonthCost(NOVEMBER, "electricity", D(1000), D(600)),
        MonthCost(NOVEMBER, "grid", D(1000), D(150)),
        MonthCost(NOVEMBER, "power", None, D(90)),
        MonthCost(NOVEMBER, "electricity", D(100), D(70), is_passed_on=True),
    ]
    sites = [
        SiteFacts("A", D(990), D(3000), D(500), costs=costs),
        SiteFacts("B", D(0), D(1000), service=D(250)),
    ]

    a, b = contributions(
        sites, payment_fees=D("40.01"), from_on=NOVEMBER, until_on=date(2026, 11, 30)
    )
    half, _b = contributions(
        sites, payment_fees=D(0), from_on=NOVEMBER, until_on=date(2026, 11, 15)
    )

    assert (a.bought_kwh, a.loss_percent) == (D(1100), D("10.0"))
    assert (a.electricity, a.grid, a.power, a.payment_fees) == (D(600), D(150), D(90), D("30.01"))
    assert (a.margin, a.margin_per_kwh) == (D("1629.99"), D("1.6465"))
    assert (b.margin, b.margin_per_kwh, b.bought_kwh) == (D(740), None, None)
    assert (half.electricity, half.grid, half.power, half.bought_kwh) == (
        D(300), D(75), D(45), D(550),
    )  # fmt: skip


@given(
    amount=st.decimals(-1000, 1000, places=2),
    revenues=st.lists(st.decimals(-100, 10_000, places=2), min_size=1, max_size=8),
)
def test_what_no_site_has_alone_is_shared_to_the_last_ore(
    amount: Decimal, revenues: list[Decimal]
) -> None:
    parts = shared(amount, revenues)

    assert len(parts) == len(revenues)
    assert sum(parts) == amount


@pytest.fixture
def _everything() -> Iterator[None]:
    with across_operators("tests read any operator's rows"):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("_everything")
def test_the_report_agrees_with_the_books_and_counts_what_was_passed_on_once() -> None:
    story = Story(("energy_cost", "to_host", "100"), ("share_energy", "to_host", "10"))
    story.sold(date(2026, 5, 3), "1000", kwh="90")
    create_cost(
        invoice_number="1", net=D(200), kind="electricity", supplier="Kraft", energy_kwh=D(100),
        tax=D(50), currency="SEK", site=story.site, month_on=MAY,
    )  # fmt: skip
    statement = story.issued()
    make_energy_cost(
        story.site, month_on=date(2026, 6, 1), kind="grid", net=D(30), energy_kwh=D(40)
    )
    booked(statement.seller)
    may, june = (
        margin(Asked(statement.seller, first, last))
        for first, last in ((MAY, date(2026, 5, 31)), (date(2026, 6, 1), date(2026, 6, 30)))
    )

    assert JUNE.month == 6
    (row,) = may.rows
    assert (row[0], row[1], row[2], row[3]) == (story.site.name, D(90), D(100), D("10.0"))
    assert (row[5], row[9], row[11]) == (D(0), D(0), D(0))
    (row,) = june.rows
    assert (row[6], row[9], row[11]) == (D(30), D(300), D(-330))
    assert [tie.difference for one in (may, june) for tie in one.ties] == [0] * 6


@pytest.mark.django_db
@pytest.mark.usefixtures("_everything")
def test_a_site_whose_contract_has_ended_costs_the_default_seller_from_then_on() -> None:
    site = make_site()
    own, other = make_seller(operator=site.operator), make_seller(operator=site.operator)
    make_contract(
        site, seller=other, valid_from_on=date(2026, 1, 1), valid_until_on=date(2026, 5, 20)
    )
    june = date(2026, 6, 1)
    for month in (MAY, june):
        make_energy_cost(site, month_on=month, kind="grid", net=D(30), energy_kwh=D(40))

    def costs(seller: Seller, month_on: date) -> list[object]:
        rows = margin(Asked(seller, month_on, last_day(month_on))).rows
        return [row[6] for row in rows if row[0] == site.name]

    assert (costs(other, MAY), costs(other, june)) == ([D(30)], [])
    assert (costs(own, MAY), costs(own, june)) == ([], [D(30)])


@pytest.mark.django_db
@pytest.mark.usefixtures("_everything")
def test_work_on_site_costs_the_seller_on_the_day_it_was_repaired_there() -> None:
    site = make_site(time_zone="Europe/Stockholm")
    seller = make_seller(operator=site.operator)
    make_contract(site, seller=seller, valid_from_on=date(2026, 1, 1))
    station = make_station(site=site)

    def order(amount: int, repaired_at: datetime, **fields: Any) -> None:
        made = make_order(station, cost_amount=D(amount), cost_currency="SEK")
        state = {"state": "repaired", "repaired_at": repaired_at} | fields
        WorkOrder.objects.filter(pk=made.pk).update(**state)

    # The second one is repaired on the first of June where the station stands.
    order(1200, datetime(2026, 5, 31, 21, 30, tzinfo=UTC))
    order(800, datetime(2026, 5, 31, 22, 30, tzinfo=UTC))
    order(90, datetime(2026, 5, 20, tzinfo=UTC), cost_currency="EUR")
    order(70, datetime(2026, 5, 20, tzinfo=UTC), state="cancelled", closed_at=timezone.now())

    (row,) = margin(Asked(seller, MAY, last_day(MAY))).rows
    assert (row[0], row[10], row[11]) == (site.name, D(1200), D(-1200))
    (row,) = margin(Asked(seller, date(2026, 6, 1), date(2026, 6, 30))).rows
    assert row[10] == D(800)
