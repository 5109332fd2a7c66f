"""The basis of wages: places, rules by vehicle, charging at home, the file as payroll reads it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from core.tenancy.scopes import across_operators
from customers.drivers.models import Vehicle
from customers.payroll.basis import Charged, Rule, rows_of, rule_for
from customers.payroll.models import HomeDecision
from tests.factories.rating import BEGAN, make_ended, price_by_hand
from tests.factories.selfservice import CustomerWorld, snapshot_of
from tests.factories.stations import make_site, make_station

MONTH = f"{BEGAN:%Y-%m}"
RULE = {"place": "home", "model": "fixed", "per_kwh": "1.235", "pay_code": "310",
        "valid_from_on": "2020-01-01"}  # fmt: skip


def charged(**given: Any) -> Charged:
    values: dict[str, Any] = {
        "ref": "s", "driver": "d", "employee_number": "7", "name": "Dina",
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
    client.post(f"{at}home-charging/?month={MONTH}", given)
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
