"""What a running session costs so far, and that it is stopped when a limit is reached."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.accounts.models import BillingAccount
from billing.rating.following import follow_costs
from billing.rating.models import SessionBilling
from billing.rating.pinning import pin_live_sessions
from billing.rating.running import running_cost
from billing.rating.stopping import stop_beyond_credit
from billing.rating.telling import tell_costs
from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from stations.commands.models import Command
from stations.hardware.models import DeviceVariable, StationLink
from stations.sessions.models import Session
from tests.factories.core import make_operator
from tests.factories.rating import (
    ATTRIBUTOR,
    BEGAN,
    billing_of,
    energy_price,
    make_ended,
    make_price,
    stored,
)
from tests.factories.stations import make_evse, make_station

pytestmark = pytest.mark.django_db

NOW = BEGAN + timedelta(minutes=40)
PARKING = {"type": "PARKING_TIME", "price": 60, "vat": 25, "step_size": 1}


@pytest.fixture(autouse=True)
def _attributed(settings: Any) -> None:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR


@pytest.fixture
def operator() -> Operator:
    made = make_operator()
    price = energy_price(5)
    price["elements"][0]["price_components"].append(PARKING)
    make_price(made, price)
    return made


def make_running(operator: Operator, *, connected: bool = True, **told: Any) -> Session:
    """8 kWh after half an hour of charging, by the live register."""
    station = make_station(operator=operator, is_connected=connected, evses=0)
    return make_ended(
        station=station,
        wh=8000,
        state="active",
        stopped_at=None,
        evse=make_evse(station=station),
        intervals=stored([(0, 0), (30, 8000)], end=30, **told),
        last_fact_at=BEGAN + timedelta(minutes=30),
    )


def pinned(session: Session) -> SessionBilling:
    with across_operators("a test reads"):
        pin_live_sessions(now=NOW)
        row: SessionBilling = SessionBilling.objects.select_related(
            "tariff_version__tariff", "session__station__site", "session__evse"
        ).get(session=session)
    return row


def stop(now: Any = NOW) -> int:
    with across_operators("a test acts"):
        return stop_beyond_credit(now=now)


def limit_to(amount: int | None) -> None:
    with across_operators("a test writes"):
        BillingAccount.objects.update(credit_limit_amount=amount)


def commands() -> list[str]:
    with across_operators("a test reads"):
        return list(Command.objects.order_by("id").values_list("action", flat=True))


def test_the_cost_so_far_is_of_the_live_register_and_goes_on_idling(operator: Operator) -> None:
    charging = pinned(make_running(operator))
    idling = pinned(make_running(operator, idle=(20, 30)))

    with across_operators("a test reads"):
        costs = [running_cost(one, one.session, NOW) for one in (charging, idling)]

    # 8 kWh for 5 kronor each; idle since minute 20, a krona a minute.
    assert [str(one.gross) for one in costs if one] == ["40.00", "60.00"]


def test_what_runs_is_followed_with_its_cost(operator: Operator) -> None:
    session = make_running(operator)
    pinned(session)

    with across_operators("a test follows"):
        costs = follow_costs(now=NOW)
        follow_costs(now=NOW + timedelta(minutes=1))

    row = billing_of(session)
    assert (row.running_gross, row.running_currency) == (Decimal(40), "SEK")
    assert (row.running_at, list(costs)) == (NOW + timedelta(minutes=1), [row.pk])


def test_a_station_that_shows_costs_is_told_what_changed(operator: Operator) -> None:
    session = make_running(operator)
    silent = make_running(operator)
    for one in (session, silent):
        pinned(one)
    with across_operators("a test connects stations of 2.0.1"):
        Session.objects.update(ocpp_version="2.0.1")
        StationLink.objects.update(ocpp_version="2.0.1")
        DeviceVariable.objects.create(
            operator=operator, station=session.station, component="TariffCostCtrlr",
            variable="Enabled", variable_instance="Cost", value="true",
        )  # fmt: skip

        told = []
        for minute, energy in ((0, 8000), (1, 8000), (2, 9000)):
            Session.objects.filter(pk=session.pk).update(energy_wh=energy)
            follow_costs(now=NOW + timedelta(minutes=minute))
            told.append(tell_costs(now=NOW + timedelta(minutes=minute)))
        sent = list(Command.objects.order_by("id").values_list("action", "payload"))

    assert told == [1, 0, 1]
    assert [action for action, _payload in sent] == ["CostUpdated"] * 2
    assert [one["totalCost"] for _action, one in sent] == [40, 45]


def test_a_session_is_stopped_once_its_account_has_used_its_credit(operator: Operator) -> None:
    pinned(make_running(operator))
    limit_to(41)
    below = stop()
    limit_to(40)

    asked = [stop(), stop(NOW + timedelta(minutes=4))]

    assert (below, asked, commands()) == (0, [1, 0], ["RemoteStopTransaction"])
    with across_operators("a test reads"):
        assert AuditEntry.objects.filter(verb="session.stop_at_limit").count() == 1


def test_without_a_limit_nothing_is_stopped(operator: Operator) -> None:
    pinned(make_running(operator))
    limit_to(None)

    assert (stop(), commands()) == (0, [])


def test_a_station_out_of_reach_is_noted_and_asked_again_later(operator: Operator) -> None:
    pinned(make_running(operator, connected=False))
    limit_to(1)

    assert stop() == 0
    with across_operators("a test reads"):
        assert AuditEntry.objects.filter(verb="session.stop_refused").count() == 1
    assert stop(NOW + timedelta(minutes=6)) == 0
    with across_operators("a test reads"):
        assert AuditEntry.objects.filter(verb="session.stop_refused").count() == 2
