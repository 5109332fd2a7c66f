"""The driver is told when charging ends and before the idle fee; a late warning costs nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils.dateparse import parse_datetime

from billing.rating import attention
from billing.rating.engine import compile_tariff
from billing.rating.idle_models import IdleNotice
from billing.rating.idle_warning import Told, fee_begins_at, free_until, warn_by
from billing.rating.models import RatedSession
from billing.rating.pinning import pin_live_sessions
from billing.tariffs.model import parse_tariff
from core.accounts.models import Operator
from core.tenancy.scopes import across_operators, operator_scope
from customers.idle.services import Done, tell_idle_drivers
from stations.sessions.models import Session
from tests.factories.api import api_client
from tests.factories.core import make_operator
from tests.factories.customers import make_driver
from tests.factories.rating import (
    ATTRIBUTOR,
    BEGAN,
    energy_price,
    make_ended,
    make_price,
    rate_all,
    stored,
)
from tests.factories.stations import make_evse, make_station

PRICE = energy_price(5, extras={"idle": {"grace_seconds": 900}})
PRICE["elements"][0]["price_components"].append(
    {"type": "PARKING_TIME", "price": 60, "vat": 25, "step_size": 1}
)


def minute(number: float) -> datetime:
    return BEGAN + timedelta(minutes=number)


@pytest.fixture
def operator(settings: Any) -> Operator:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR
    made = make_operator()
    make_price(made, PRICE)
    return made


def make_idle(operator: Operator, email: str = "dina@example.com") -> Session:
    """Ten kWh in half an hour; then the car takes no more."""
    driver = make_driver(operator=operator, name="Dina", email=email, language="en")
    station = make_station(operator=operator, evses=0)
    session = make_ended(
        station=station,
        state="active",
        stopped_at=None,
        evse=make_evse(station=station),
        intervals={},
        charging_state="SuspendedEV",
        last_fact_at=minute(30),
        token_snapshot={"driver": driver.public_id},
    )
    with across_operators("a test pins"):
        pin_live_sessions(now=minute(1))
    return session


def turn(at: float) -> Done:
    with across_operators("a test lets time pass"):
        return tell_idle_drivers(now=minute(at))


def idle_fee(session: Session, until: float) -> Decimal:
    """The idle fee after the car has left."""
    with across_operators("a test ends the session"):
        Session.objects.filter(pk=session.pk).update(
            state="ended",
            stopped_at=minute(until),
            charging_state="",
            intervals=stored([(0, 0), (30, 10_000)], idle=(30, int(until))),
            reconciled_at=minute(until),
        )
    rate_all()
    with across_operators("a test reads"):
        lines = RatedSession.objects.get(session=session, is_current=True).lines.all()
        return sum((one.gross for one in lines if one.kind == "PARKING_TIME"), Decimal(0))


@pytest.mark.django_db
def test_the_driver_is_told_at_the_end_and_ten_minutes_before_the_fee(
    operator: Operator, mailoutbox: list[EmailMessage]
) -> None:
    session = make_idle(operator)
    turns = [turn(at) for at in (30, 31, 34.5, 36, 44)]

    assert [(one.begun, one.sent) for one in turns] == [(1, 1), (0, 0), (0, 1), (0, 0), (0, 0)]
    assert [(one.to, one.subject) for one in mailoutbox] == [
        (["dina@example.com"], "Charging has ended"),
        (["dina@example.com"], "Idle fee from 11:45"),
    ]
    assert idle_fee(session, 60) == Decimal(15)  # minutes 45 to 60, a krona each
    turn(61)
    with across_operators("a test reads"):
        notice = IdleNotice.objects.get()
    assert (notice.warned_at, notice.ended_at) == (minute(34.5), minute(61))
    client = api_client(operator)
    (told,) = client.get("/api/v1/idle-notices", {"goes_on": "false"}).json()["results"]
    assert (told["session"], parse_datetime(told["warned_at"])) == (
        session.public_id, minute(34.5),
    )  # fmt: skip
    assert client.get("/api/v1/idle-notices", {"is_warned": "false"}).json()["results"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("warned", "begins"), [(34.5, 45), (40, 50)])
def test_a_car_needs_attention_from_when_its_stay_costs_until_it_leaves(
    operator: Operator, mailoutbox: list[EmailMessage], warned: float, begins: float
) -> None:
    session = make_idle(operator)
    turn(30)

    def seen(at: float) -> list[tuple[str, datetime | None]]:
        with operator_scope(operator):
            found = list(attention.source.concerns(minute(at)))
        return [(str(one.url), one.since_at) for one in found]

    assert seen(46) == []
    turn(warned)
    assert seen(begins - 0.1) == []
    assert seen(begins) == [(f"/sessions/{session.public_id}/", minute(begins))]
    with operator_scope(make_operator()):
        assert list(attention.source.concerns(minute(begins))) == []
    with across_operators("a test lets the car leave"):
        Session.objects.filter(pk=session.pk).update(state="ended", stopped_at=minute(60))
    turn(61)
    assert seen(61) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("warned", "fee"), [(48, 2), (None, 0)])
def test_a_warning_that_came_late_or_never_puts_the_fee_off(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, warned: float | None, fee: int
) -> None:
    session = make_idle(operator)
    turn(30)
    with monkeypatch.context() as broken:
        broken.setattr("customers.idle.services.why_not_sent", lambda _message: "SMTP 421")
        assert turn(36).sent == 0
    if warned is not None:
        assert turn(warned).sent == 1

    assert idle_fee(session, 60) == Decimal(fee)


@pytest.mark.django_db
def test_the_fee_begins_no_earlier_than_the_driver_was_told(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    session = make_idle(operator)
    monkeypatch.setattr("customers.idle.services.MOST", 1)
    make_idle(operator, email="")

    turns = [turn(at) for at in (40, 45)]  # noticed ten minutes late

    assert [(one.begun, one.sent) for one in turns] == [(1, 1), (0, 1)]
    assert mailoutbox[-1].subject == "Idle fee from 11:55"
    assert idle_fee(session, 60) == Decimal(5)


@pytest.mark.django_db
def test_who_has_no_address_pays_by_the_tariff(
    operator: Operator, mailoutbox: list[EmailMessage]
) -> None:
    session = make_idle(operator, email="")

    assert (turn(30), mailoutbox) == (Done(0, 0), [])
    assert idle_fee(session, 60) == Decimal(15)


def test_the_fee_begins_after_grace_and_free_hours() -> None:
    extras = {
        "idle": {
            "grace_seconds": 900,
            "free_hours": [{"start_time": "22:00", "end_time": "07:00"}],
        }
    }
    paid = compile_tariff(parse_tariff(PRICE | {"extras": extras}))
    free = compile_tariff(parse_tariff(energy_price(5)))
    evening = datetime(2026, 11, 2, 20, 50, tzinfo=UTC)  # 21:50 in Stockholm

    begins = fee_begins_at(paid, evening, "Europe/Stockholm", None)

    assert begins == datetime(2026, 11, 3, 6, 0, tzinfo=UTC)
    assert fee_begins_at(free, evening, "Europe/Stockholm", None) is None
    assert warn_by(minute(0), minute(5)) == minute(2)  # a short grace: at once


@pytest.mark.parametrize(
    ("warned", "ended", "until"),
    [(5, None, None), (9, None, 19), (None, None, 60), (None, 4, None), (None, 40, 40)],
)
def test_a_late_warning_frees_until_it_would_have_been_in_time(
    warned: int | None, ended: int | None, until: int | None
) -> None:
    of = {None: None} | {number: minute(number) for number in (4, 5, 9, 19, 40, 60)}
    told = Told(minute(0), minute(15), minute(5), of[warned], of[ended])
    in_time = Told(minute(41), minute(56), minute(46), minute(46))

    assert free_until([told, in_time], minute(60)) == of[until]
