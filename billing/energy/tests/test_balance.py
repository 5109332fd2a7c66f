"""Bought against delivered, earned against paid: the rule, the page, its files and the API."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing.energy.balance import (
    Billed,
    Delivered,
    Doubt,
    Earned,
    Facts,
    MonthState,
    balance,
    summed,
)
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators, operator_scope
from tests.factories.api import api_client
from tests.factories.billing import make_account
from tests.factories.core import make_operator, make_person
from tests.factories.energy import make_energy_cost
from tests.factories.rating import price_by_hand
from tests.factories.stations import (
    make_limited_member,
    make_session,
    make_site,
    make_station,
)

D = Decimal
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
TODAY = date(2026, 11, 27)


def test_loss_and_margin_of_a_month() -> None:
    facts = Facts(
        [Delivered(1, OCTOBER, 40, D(920))],
        [Earned(1, OCTOBER, "SEK", D(3000)), Earned(1, OCTOBER, "EUR", D(20))],
        [
            Billed(1, OCTOBER, "electricity", D(1000), D(800), "SEK"),
            Billed(1, OCTOBER, "grid", D(1000), D(300), "SEK"),
            Billed(1, OCTOBER, "power", None, D(150), "SEK"),
        ],
    )

    home, euro = balance(facts, today=TODAY, home_currency="SEK", limit_percent=D(15))

    assert (home.loss_kwh, home.loss_percent) == (D(80), D("8.0"))
    assert (home.cost, home.margin, home.margin_per_kwh) == (D(1250), D(1750), D("1.9022"))
    assert (euro.currency, euro.bought_kwh, euro.margin, euro.doubts) == ("EUR", None, D(20), ())
    assert home.doubts == ()


@pytest.mark.parametrize(
    ("month", "delivered", "billed", "doubts"),
    [
        (NOVEMBER, D(1), [("electricity", D(100))], ()),
        (OCTOBER, D(0), [], ()),
        (OCTOBER, D("1000.001"), [("electricity", D(1000))], (Doubt.NEGATIVE,)),
        (OCTOBER, D(850), [("electricity", D(1000))], ()),
        (OCTOBER, D("849.9"), [("electricity", D(1000))], (Doubt.HIGH,)),
        (OCTOBER, D(95), [("electricity", D(100)), ("grid", D(97))], (Doubt.APART,)),
        (OCTOBER, D(95), [("electricity", D(100)), ("grid", D(98))], ()),
    ],
)
def test_what_is_hard_to_believe(
    month: date, delivered: Decimal, billed: list[tuple[str, Decimal]], doubts: tuple[Doubt, ...]
) -> None:
    facts = Facts(
        [Delivered(1, month, 1, delivered)],
        [],
        [Billed(1, month, kind, energy, D(1), "SEK") for kind, energy in billed],
    )

    (row,) = balance(facts, today=TODAY, home_currency="SEK", limit_percent=D(15))

    assert row.doubts == doubts
    assert row.state is (MonthState.DOUBTFUL if doubts else MonthState.SOUND)


def test_a_month_without_an_energy_invoice_waits_for_one_and_is_no_doubt() -> None:
    facts = Facts(
        [Delivered(1, OCTOBER, 1, D(90)), Delivered(2, OCTOBER, 1, D(90))],
        [Earned(1, OCTOBER, "EUR", D(10)), Earned(1, OCTOBER, "SEK", D(10))],
        [Billed(1, OCTOBER, "power", None, D(80), "SEK")],
    )

    rows = balance(facts, today=TODAY, home_currency="SEK", limit_percent=D(15))

    assert [row.doubts for row in rows] == [(), (), ()]
    assert {row.state for row in rows} == {MonthState.NO_INVOICE}
    assert [row.lacks_invoice for row in rows] == [True, False, True]


def test_sums_compare_only_months_whose_bought_energy_is_known() -> None:
    facts = Facts(
        [Delivered(1, OCTOBER, 1, D(90)), Delivered(2, OCTOBER, 2, D(500))],
        [],
        [Billed(1, OCTOBER, "electricity", D(100), D(80), "SEK")],
    )

    (total,) = summed(balance(facts, today=TODAY, home_currency="SEK", limit_percent=D(15)))

    assert (total.sessions, total.delivered_kwh, total.bought_kwh) == (3, D(590), D(100))
    assert (total.loss_kwh, total.loss_percent, total.cost) == (D(10), D("10.0"), D(80))


@pytest.mark.django_db
def test_the_page_and_its_files_show_the_month_of_the_site_s_zone(client: Client) -> None:
    operator = make_operator()
    site = make_site(operator=operator, name="Norr", time_zone="Europe/Stockholm")
    station = make_station(site=site)
    ended: dict[str, Any] = {"station": station, "state": "ended"}
    make_session(
        **ended,
        started_at=datetime(2026, 9, 30, 20, tzinfo=UTC),
        stopped_at=datetime(2026, 9, 30, 22, 30, tzinfo=UTC),
        energy_wh=D(60_000),
    )
    sold = make_session(
        **ended,
        started_at=datetime(2026, 10, 15, 20, tzinfo=UTC),
        stopped_at=datetime(2026, 10, 15, 22, tzinfo=UTC),
        energy_wh=D(30_000),
    )
    with operator_scope(operator):
        price_by_hand(sold, make_account(operator=operator), D("337.50"))
    make_energy_cost(site, energy_kwh=D(100), net=D(80), tax=D(20))
    make_energy_cost(make_site(operator=operator, name="Syd"))
    asked = "from_month=2026-10&until_month=2026-10"
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))

    page = client.get(f"/energy-balance/?{asked}").content.decode()
    lines = client.get(f"/energy-balance/?{asked}&format=csv").getvalue().decode().splitlines()
    sheet = client.get(f"/energy-balance/?{asked}&format=xlsx")
    api = api_client(operator).get(f"/api/v1/energy-balance?{asked}&site={site.public_id}").json()
    waiting = api_client(operator).get(f"/api/v1/energy-balance?{asked}&state=no_invoice").json()
    wrong = client.get("/energy-balance/?from_month=2026-13&format=csv")

    assert "10.0\N{NO-BREAK SPACE}%" in page
    assert lines[1] == (
        f"Norr,{site.public_id},2026-10,2,100.000,90.000,10.000,10.0,SEK,270.00,80.00,0,0,80.00,"
        "190.00,2.1111,sound,"
    )
    assert lines[2].startswith("Syd,")
    assert waiting == []
    assert (sheet.status_code, wrong.status_code) == (200, 400)
    assert [(one["site"], one["margin_net"], one["doubts"]) for one in api] == [
        (site.public_id, "190.00", [])
    ]


@pytest.mark.django_db
def test_a_limited_member_sees_its_sites_alone(client: Client) -> None:
    operator = make_operator()
    own, other = make_site(operator=operator, name="Own"), make_site(operator=operator, name="Far")
    cost, hidden = make_energy_cost(own), make_energy_cost(other, supplier="Hemlig")
    client.force_login(make_limited_member(own, operator=operator, role=Role.VIEWER))

    pages = [
        client.get(f"/{one}/?from_month=2026-10") for one in ("energy-costs", "energy-balance")
    ]

    assert all("Own" in page.content.decode() for page in pages)
    assert not any(word in page.content.decode() for page in pages for word in ("Far", "Hemlig"))
    assert client.get(f"/energy-costs/{cost.public_id}/").status_code == 200
    assert client.get(f"/energy-costs/{hidden.public_id}/").status_code == 404
    assert (
        client.post(f"/energy-costs/{cost.public_id}/delete/", {"reason": "x"}).status_code == 403
    )
    with across_operators("the row is still there"):
        cost.refresh_from_db()
