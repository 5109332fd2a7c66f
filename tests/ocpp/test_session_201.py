"""Sessions of 2.0.1: whole, out of order, with half of everything missing."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from stations.hardware.models import DeviceVariable
from stations.models import MeterReading, Session, SessionFact
from stations.sessions.services import match_late_facts, reconcile_due_sessions
from tests.factories.tariffs import make_assignment, make_tariff, make_version
from tests.ocpp.ordering import ask, ended
from tests.ocpp.support import TOKEN, Network, event, query, samples

CARD = {"idToken": TOKEN, "type": "ISO14443"}


def register(value: object, at: str, context: str = "Sample.Periodic") -> dict[str, Any]:
    return samples(value, at, context=context)


def whole(transaction: str) -> list[dict[str, Any]]:
    """Cable, card, two samples, end: 7.4 kWh."""
    ended = {"stoppedReason": "EVDisconnected"}
    begin = [register(1000, "2026-11-23T10:00:00Z", "Transaction.Begin")]
    end = [register(8400, "2026-11-23T11:00:00Z", "Transaction.End")]
    return [
        event(
            "Started",
            transaction,
            seqNo=0,
            triggerReason="CablePluggedIn",
            info={"chargingState": "EVConnected"},
            meterValue=begin,
        ),
        event(
            "Updated",
            transaction,
            "2026-11-23T10:00:30Z",
            seqNo=1,
            triggerReason="Authorized",
            idToken=CARD,
            info={"chargingState": "Charging"},
        ),
        event(
            "Updated",
            transaction,
            "2026-11-23T10:30:00Z",
            seqNo=2,
            triggerReason="MeterValuePeriodic",
            evse=None,
            meterValue=[register(4700, "2026-11-23T10:30:00Z")],
        ),
        event(
            "Ended",
            transaction,
            "2026-11-23T11:00:00Z",
            seqNo=3,
            triggerReason="EVCommunicationLost",
            info=ended,
            meterValue=begin + end,
        ),
    ]


def with_prices(network: Network) -> None:
    """A tariff for everybody, and a station that says of itself that it shows prices."""
    tariff = make_tariff(operator=network.operator)
    make_version(tariff)
    make_assignment(tariff)
    DeviceVariable.objects.create(
        operator=network.operator,
        station=network.station,
        component="TariffCostCtrlr",
        variable="Enabled",
        variable_instance="Tariff",
        attribute="Actual",
        value="true",
    )


async def told(network: Network, events: list[dict[str, Any]]) -> Session:
    """The session after these events, reconciled."""
    cp = await network.plug_in("ocpp2.0.1")
    for one in events:
        await cp.ask("TransactionEvent", one)
    await cp.close()
    await query(reconcile_due_sessions)
    return await query(lambda: Session.objects.get(station=network.station))


async def test_what_a_session_has_cost_is_said_again_in_answers_until_its_end(
    network: Network,
) -> None:
    cp = await network.plug_in("ocpp2.0.1")
    started, card, running, last = whole("tx")
    before = await cp.ask("TransactionEvent", started)

    cost = {"transactionId": "tx", "totalCost": 12.5}
    command = await ask(network, "CostUpdated", cost, ocpp_version="2.0.1")
    await cp.answer(await cp.next_call(), {})
    await ended(command)
    answers = [await cp.ask("TransactionEvent", one) for one in (card, running, running, last)]
    other = await cp.ask("TransactionEvent", whole("another")[0])
    await cp.close()

    assert (before, other) == ({}, {})
    assert answers[0]["idTokenInfo"]["status"] == "Accepted"
    assert [one.get("totalCost") for one in answers] == [12.5, 12.5, 12.5, None]


async def test_a_station_that_shows_prices_is_told_what_the_card_pays(network: Network) -> None:
    await query(partial(with_prices, network))
    cp = await network.plug_in("ocpp2.0.1")
    started, card, *_rest = whole("tx")

    asked = await cp.ask("Authorize", {"idToken": CARD})
    answers = [await cp.ask("TransactionEvent", one) for one in (started, card)]
    unknown = await cp.ask("Authorize", {"idToken": {"idToken": "04FFFF", "type": "ISO14443"}})
    await cp.close()

    told = {"format": "UTF8", "language": "sv", "content": "Energi: 4,50 kr/kWh (inkl. 25 % moms)"}
    assert asked["idTokenInfo"]["personalMessage"] == told
    assert answers[1]["idTokenInfo"]["personalMessage"] == told
    assert unknown["idTokenInfo"] == {"status": "Invalid"}


async def test_a_whole_session(network: Network) -> None:
    session = await told(network, whole("tx"))

    assert (session.state, session.energy_wh) == ("ended", Decimal(7400))
    assert (session.id_token, session.authorised) == (TOKEN, True)
    assert session.stop_reason == "EVDisconnected"
    assert session.started_at == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert session.stopped_at == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert (session.evse_number, session.connector_number) == (1, 1)
    assert [f for f in session.findings if f["severity"] == "doubtful"] == []
    assert not session.is_held
    values = await query(lambda: MeterReading.objects.filter(session_id=session.pk).count())
    assert values == 4


async def test_every_order_tells_the_same_story(network: Network) -> None:
    """Each order is a station of its own; every third of the 24."""
    outcomes = set()
    for order in list(itertools.permutations(whole("tx")))[::3]:
        station = await network.another()
        cp = await network.plug_in("ocpp2.0.1", station)
        for one in order:
            await cp.ask("TransactionEvent", one)
        await cp.close()
        await query(reconcile_due_sessions)
        session = await query(partial(Session.objects.get, station=station))
        codes = tuple(sorted(f["code"] for f in session.findings))
        outcomes.add(
            (session.state, session.energy_wh, session.id_token, session.started_at, codes)
        )

    assert len(outcomes) == 1
    assert outcomes.pop()[:2] == ("ended", Decimal(7400))


async def test_an_end_alone_is_a_session_without_start(network: Network) -> None:
    session = await told(network, whole("tx")[3:])

    assert session.state == "start_missing"
    codes = {f["code"] for f in session.findings}
    assert "start_missing" in codes
    assert session.is_held


async def test_events_without_meter_values_leave_the_energy_unknown(network: Network) -> None:
    """Client C: no meterValue at all, Ended without evse and stoppedReason (quirk 6)."""
    session = await told(
        network,
        [
            event("Started", "c", info={"chargingState": "Charging"}, idToken=CARD),
            event("Ended", "c", "2026-11-23T11:00:00Z", evse=None),
        ],
    )

    assert (session.state, session.energy_wh) == ("ended", None)
    assert session.stop_reason == "Local"
    assert "no_readings" in {f["code"] for f in session.findings}
    assert session.is_held


async def test_an_evse_without_connector_and_a_remote_start_without_token(
    network: Network,
) -> None:
    """Client A (quirk 2)."""
    session = await told(
        network,
        [
            event("Started", "r", evse={"id": 2}, info={"remoteStartId": 4711}),
            event("Ended", "r", "2026-11-23T11:00:00Z", evse=None),
        ],
    )

    assert (session.evse_number, session.connector_number) == (2, None)
    assert session.remote_start_id == 4711
    assert session.id_token == ""


async def test_offline_events_change_no_live_state_of_another_session(network: Network) -> None:
    cp = await network.plug_in("ocpp2.0.1")
    await cp.ask("TransactionEvent", event("Started", "now", "2026-11-23T12:00:00Z"))
    for one in whole("before"):
        await cp.ask("TransactionEvent", one | {"offline": True})
    await cp.close()
    await query(reconcile_due_sessions)

    states = await query(
        lambda: dict(
            Session.objects.filter(station=network.station).values_list(
                "ocpp_transaction_id", "state"
            )
        )
    )
    assert states == {"now": "active", "before": "ended"}
    before = await query(
        lambda: Session.objects.get(station=network.station, ocpp_transaction_id="before")
    )
    assert (before.is_offline, before.energy_wh) == (True, Decimal(7400))


async def test_a_start_displaces_what_ran_on_its_evse(network: Network) -> None:
    """Client D: two Started on one EVSE, the first never ends (quirk 9)."""
    cp = await network.plug_in("ocpp2.0.1")
    await cp.ask("TransactionEvent", event("Started", "one"))
    await cp.ask("TransactionEvent", event("Started", "two", "2026-11-23T10:05:00Z"))
    await cp.close()
    await query(reconcile_due_sessions)

    sessions = await query(
        lambda: {s.ocpp_transaction_id: s for s in Session.objects.filter(station=network.station)}
    )
    assert sessions["one"].state == "end_missing"
    assert "superseded" in {f["code"] for f in sessions["one"].findings}
    assert sessions["one"].is_held
    assert sessions["two"].state == "active"


async def test_readings_after_the_end_do_not_reopen(network: Network) -> None:
    session = await told(
        network,
        [
            *whole("late"),
            event(
                "Updated",
                "late",
                "2026-11-23T11:10:00Z",
                meterValue=[register(9000, "2026-11-23T11:10:00Z")],
            ),
        ],
    )

    assert (session.state, session.energy_wh) == ("ended", Decimal(7400))
    assert "events_after_end" in {f["code"] for f in session.findings}


async def test_meter_values_without_a_transaction_belong_to_what_runs(network: Network) -> None:
    """Client D sends energy only in MeterValues (quirk 9)."""
    cp = await network.plug_in("ocpp2.0.1")
    await cp.ask("TransactionEvent", event("Started", "m"))
    for value, at in ((1000, "10:00:01"), (6000, "10:59:59")):
        meter = [register(value, f"2026-11-23T{at}Z")]
        await cp.ask("MeterValues", {"evseId": 1, "meterValue": meter})
    await cp.ask("TransactionEvent", event("Ended", "m", "2026-11-23T11:00:00Z"))
    await cp.close()
    await query(reconcile_due_sessions)

    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.state, session.energy_wh) == ("ended", Decimal(5000))


async def test_an_event_without_transaction_is_kept(network: Network) -> None:
    cp = await network.plug_in("ocpp2.0.1")
    answer = await cp.call(
        "TransactionEvent",
        {
            "eventType": "Ended",
            "timestamp": "2026-11-23T10:00:00Z",
            "triggerReason": "Trigger",
            "seqNo": 1,
            "transactionInfo": {},
            "evse": {"id": 1},
        },
    )
    await cp.close()

    assert answer[0] == 3
    fact = await query(lambda: SessionFact.objects.get(station=network.station))
    assert fact.kind == "stop"
    await query(lambda: match_late_facts(now=datetime.now(UTC) + timedelta(hours=1)))


@pytest.mark.parametrize("kind", ["started", "STARTED", "Begin", None, 7])
async def test_event_types_of_any_spelling_lose_no_session(network: Network, kind: Any) -> None:
    session = await told(network, [event("x", "odd") | {"eventType": kind}])

    assert session.ocpp_transaction_id == "odd"
    assert session.state == "active"
