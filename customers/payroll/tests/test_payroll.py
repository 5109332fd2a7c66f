"""The basis of wages: places, rules by vehicle, charging at home, the file as payroll reads it."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from billing.rating.models import BillingState, SessionBilling
from billing.spot.models import ExchangeRate, SpotPrice
from billing.spot.quarters import quarters
from core.tenancy.scopes import across_operators, operator_scope
from customers.drivers.models import Vehicle
from customers.payroll.basis import Charged, Decided, Rule, rows_of, rule_for, worth
from customers.payroll.files import table
from customers.payroll.models import HomeDecision
from customers.payroll.selectors import bounds, home_of, spot_of
from tests.factories.rating import BEGAN, make_ended, price_by_hand
from tests.factories.selfservice import CustomerWorld, snapshot_of
from tests.factories.stations import make_site, make_station

MONTH = f"{BEGAN:%Y-%m}"
RULE = {"place": "home", "model": "fixed", "per_kwh": "1.235", "pay_code": "310",
        "vat_percent": "25", "valid_from_on": "2020-01-01"}  # fmt: skip


def charged(**given: Any) -> Charged:
    values: dict[str, Any] = {
        "driver": "d", "employee_number": "7", "name": "Dina",
        "registration_number": "ABC123", "vehicle_use": "benefit", "cost_centre": "10",
        "place": "public", "day": date(2026, 11, 2), "energy_wh": Decimal(10_000),
        "gross": Decimal(50), "currency": "SEK",
    }  # fmt: skip
    return Charged(**(values | given))


def rule(**given: Any) -> Rule:
    values: dict[str, Any] = {
        "place": "public", "vehicle_use": "", "model": "fixed", "per_kwh": Decimal(2),
        "currency": "SEK", "pay_code": "1", "valid_from_on": date(2026, 1, 1),
    }  # fmt: skip
    return Rule(**(values | given))


def test_the_newest_rule_of_the_vehicle_comes_first() -> None:
    old, new = rule(), rule(valid_from_on=date(2026, 11, 1), pay_code="2")
    later = rule(valid_from_on=date(2026, 11, 3), pay_code="3")
    own = rule(vehicle_use="benefit", model="actual", per_kwh=None, pay_code="4")
    other = rule(vehicle_use="pool", pay_code="5")

    assert rule_for([old, new, later], charged()) == new
    assert rule_for([old, new, own, other], charged()) == own
    (row,) = rows_of([charged(), charged(energy_wh=Decimal(5_000))], [own], "2026-11")
    assert [row.reimbursement, row.public_gross, row.kwh_public] == [
        Decimal(100), Decimal(100), Decimal(15),
    ]  # fmt: skip
    assert (row.count, row.pay_code) == (2, "4")
    (nothing,) = rows_of([charged(place="workplace")], [own], "2026-11")
    assert [nothing.reimbursement, nothing.kwh_workplace] == [Decimal(0), Decimal(10)]
    assert nothing.pay_code == ""


def test_amounts_are_rounded_by_session_and_currencies_stand_apart() -> None:
    own, paid = rule(model="actual", per_kwh=None), rule()
    two = [charged(gross=Decimal("0.125")), charged(gross=Decimal("0.125"))]
    (row,) = rows_of(two, [own], "2026-11")
    assert (row.reimbursement, row.public_gross) == (Decimal("0.26"), Decimal("0.26"))

    abroad, at_home = rows_of([charged(currency="EUR")], [paid], "2026-11")
    assert [abroad.currency, abroad.public_gross, abroad.reimbursement] == ["EUR", 50, 0]
    assert (abroad.count, abroad.kwh_public) == (0, Decimal(0))
    assert [at_home.currency, at_home.public_gross, at_home.reimbursement] == ["SEK", 0, 20]
    assert (at_home.count, at_home.kwh_public) == (1, Decimal(10))
    headings, *lines = table([abroad, at_home])
    assert (headings[-1], [line[-1] for line in lines]) == ("Valuta", ["EUR", "SEK"])
    assert table([at_home])[0][-1] == "Antal"


def test_an_amount_that_is_not_known_is_empty_and_says_why() -> None:
    spot = rule(model="spot", per_kwh=None)
    at_home = charged(place="home", registration_number="DEF456")
    approved = charged(place="home", decided=Decided(True, Decimal(9), "SEK", "1"))
    rows = rows_of([charged(), at_home, approved], [spot, rule(place="home")], "2026-11")

    headings, *lines = table(rows)
    assert [headings[-2:], len(headings)] == [["Antal", "Ej klar"], 15]
    told = {(line[2], line[-1]): (line[8], line[9], line[10]) for line in lines}
    assert told == {
        ("ABC123", ""): (Decimal(9), 0, Decimal(9)),
        ("ABC123", "Pris saknas"): (0, Decimal(50), ""),
        ("DEF456", "Väntar på beslut"): ("", 0, ""),
    }
    assert sum(row.kwh_public + row.kwh_home for row in rows) == 30
    unpriced_at_home = rows_of([at_home], [rule(place="home", per_kwh=None)], "2026-11")
    assert [one.held_back for one in unpriced_at_home] == ["unpriced"]


@pytest.fixture
def world() -> CustomerWorld:
    return CustomerWorld()


@pytest.mark.django_db
def test_charging_at_home_is_approved_and_stands_in_the_file(
    client: Client, world: CustomerWorld
) -> None:
    snapshot = snapshot_of(world.driver) | {
        "driver_name": "Dina", "employee_number": "7", "registration_number": "ABC123",
        "cost_centre": "10",
    }  # fmt: skip
    home = make_station(site=make_site(operator=world.operator, place_class="home"))
    session = make_ended(station=home, token_snapshot=snapshot, reconciled_at=None)
    away = make_ended(
        station=world.station,
        token_snapshot=snapshot,
        stopped_at=BEGAN + timedelta(hours=2),
        reconciled_at=None,
    )
    with across_operators("tests make rows of any operator"):
        for one in (session, away):
            price_by_hand(one, world.account, Decimal(50))
        Vehicle.objects.create(
            operator=world.operator, public_id="veh_1", registration_number="ABC123",
            company=world.company, use="benefit",
        )  # fmt: skip
    client.force_login(world.carl)
    at = f"/my/{world.operator.slug}/"
    assert client.post(f"{at}payroll-rules/", RULE).status_code == 302
    again = client.post(f"{at}payroll-rules/", RULE)
    assert again.status_code == 200  # once from one day

    waiting = client.get(f"{at}payroll/?month={MONTH}").context["basis"]
    assert waiting.waiting == 1
    given = {"session": [session.public_id], "verdict": "refuse"}
    refused = client.post(f"{at}home-charging/?month={MONTH}", given)
    assert refused.context["chosen"] == {session.public_id}
    client.post(f"{at}home-charging/?month={MONTH}", {"session": [away.public_id]})
    with across_operators("the test looks at any row"):
        assert not HomeDecision.objects.exists()
    for _tap in range(2):
        client.post(f"{at}home-charging/?month={MONTH}", given | {"verdict": "approve"})

    with across_operators("the test looks at any row"):
        decision = HomeDecision.objects.get()
        assert (decision.amount, decision.decided_by_label != "") == (Decimal("12.35"), True)
        with pytest.raises(DatabaseError), transaction.atomic():
            HomeDecision.objects.filter(pk=decision.pk).update(amount=99)
    lines = client.get(f"{at}payroll/?month={MONTH}&format=csv").content.decode("utf-8-sig")
    rows = lines.splitlines()
    assert rows[0] == (
        "Anställningsnr;Namn;Regnr;Biltyp;Period;kWh arbetsplats;kWh hem;kWh publikt;"
        "Hem kr inkl moms;Publikt kr inkl moms;Ersättning;Löneart;Kostnadsställe;Antal"
    )
    assert f"7;Dina;ABC123;Förmånsbil;{MONTH};0,000;10,000;0,000;12,35;0,00;12,35;310;10;1" in rows
    assert any(";0,000;0,000;10,000;0,00;50,00;0,00;;10;1" in one for one in rows)
    assert client.get(f"{at}payroll/?month={MONTH}&format=xlsx").content.startswith(b"PK")
    told = client.get(f"/api/v1{at}payroll?month={MONTH}").json()
    assert {row["reimbursement"] for row in told["rows"]} == {"12.35", "0.00"}
    client.force_login(world.dina)
    assert client.get(f"{at}payroll/").status_code == 404
    assert client.get(f"/api/v1{at}payroll-rules").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("month", [date(2026, 3, 1), date(2026, 10, 1)])
def test_the_spot_price_of_a_month_in_which_clocks_change(
    world: CustomerWorld, month: date
) -> None:
    with operator_scope(world.operator):
        begin, end = (at.astimezone(UTC) for at in bounds(world.company, month))
    own = {"operator": world.operator, "source": "file"}
    prices = [
        SpotPrice(area="SE3", starts_at=at, price=Decimal(40), **own) for at in quarters(begin, end)
    ]
    with across_operators("tests make rows of any operator"):
        SpotPrice.objects.bulk_create(prices[:-1])
        for week in range(5):
            on = month - timedelta(days=2) + timedelta(days=7 * week)
            ExchangeRate.objects.create(currency="SEK", published_on=on, rate=10 + week % 2, **own)
    with operator_scope(world.operator):
        assert spot_of(world.company, "SE3", "SEK", month) is None
        prices[-1].save()
        found = spot_of(world.company, "SE3", "SEK", month)
    assert found is not None
    assert Decimal("0.41") < found < Decimal("0.43")  # each quarter at the rate of its day


@pytest.mark.django_db
def test_what_was_free_costs_nothing_and_places_stay_what_they_were(world: CustomerWorld) -> None:
    snapshot = snapshot_of(world.driver)
    site = make_site(operator=world.operator, place_class="home")
    session = make_ended(
        station=make_station(site=site), token_snapshot=snapshot, reconciled_at=None,
        place_class="home",
    )  # fmt: skip
    with across_operators("tests change any operator's rows"):
        price_by_hand(session, world.account, Decimal(50))
        SessionBilling.objects.filter(session=session).update(state=BillingState.FREE)
        type(site).objects.filter(pk=site.pk).update(place_class="public")
    with operator_scope(world.operator):
        (found,) = home_of(world.company, BEGAN.date().replace(day=1))

    assert (found.session, found.charged.gross) == (session, Decimal(0))
    assert found.charged.place == "home"
    assert worth(rule(place="home", model="actual"), found.charged).amount == 0
