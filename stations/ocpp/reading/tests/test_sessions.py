"""Session messages become facts, valid or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.ocpp.reading import READERS, SESSION_ACTIONS, read, read_fact
from stations.ocpp.reading.shapes import IdToken, SessionMessage, Unreadable
from stations.ocpp.reading.tests.support import (
    EVENT,
    JSON,
    METER_VALUES,
    NOW,
    START,
    STOCKHOLM,
    STOP,
    arrival,
    event,
    meter_values,
    session,
    start,
    stop,
)
from stations.sessions.facts import Fact, Sample

AT = datetime(2026, 3, 1, 11, 59, 58, tzinfo=UTC)


def test_start_of_1_6() -> None:
    message = session("1.6", "StartTransaction", START | {"reservationId": 3})

    assert message.token == IdToken(value="ABC123")
    assert message.fact == Fact(
        key=message.fact.key,
        kind="start",
        station="CS1",
        version="1.6",
        arrived_at=NOW,
        at_raw="2026-03-01T11:59:58Z",
        at=AT,
        evse=1,
        connector=1,
        id_token="ABC123",
        meter_wh=Decimal(1000),
        reservation=3,
    )
    assert len(message.fact.key) == 32


def test_stop_of_1_6() -> None:
    data = [{"timestamp": "2026-03-01T11:00:00Z", "sampledValue": [{"value": "900"}]}]

    fact = stop(transactionData=data)

    assert (fact.kind, fact.transaction, fact.meter_wh) == ("stop", "7", Decimal(5000))
    assert (fact.id_token, fact.reason, fact.evse) == ("ABC123", "EVDisconnected", None)
    assert fact.readings[0].samples == (Sample(raw="900", value=Decimal(900)),)
    assert fact.notes == ()


def test_stop_without_reason_is_local() -> None:
    assert stop(reason=None).reason == "Local"
    assert stop(reason="evdisconnected").reason == "EVDisconnected"


def test_meter_values_of_1_6() -> None:
    fact = meter_values([{"value": "1.5", "unit": "kWh"}, {"value": "7", "measurand": "SoC"}])

    assert (fact.kind, fact.transaction, fact.evse, fact.at) == ("readings", "7", 1, AT)
    assert [sample.value for sample in fact.readings[0].samples] == [Decimal("1.5"), Decimal(7)]
    assert fact.readings[0].samples[0].unit == "kWh"
    assert fact.readings[0].samples[1].measurand == "SoC"


def test_started_of_2_0_1() -> None:
    message = session(
        "2.0.1",
        "TransactionEvent",
        EVENT
        | {
            "offline": True,
            "reservationId": 4,
            "numberOfPhasesUsed": 3,
            "cableMaxCurrent": 32,
            "transactionInfo": {
                "transactionId": "T-1",
                "chargingState": "Charging",
                "remoteStartId": 9,
            },
        },
    )

    assert message.token == IdToken(value="ABC123", type="ISO14443")
    assert (message.phases_used, message.cable_max_a) == (3, 32)
    fact = message.fact
    assert (fact.kind, fact.transaction, fact.evse, fact.connector) == ("start", "T-1", 1, 1)
    assert (fact.seq_no, fact.offline, fact.trigger) == (0, True, "Authorized")
    assert (fact.charging_state, fact.remote_start, fact.reservation) == ("Charging", 9, 4)
    assert fact.reason is None
    assert fact.notes == ()


def test_ended_of_2_0_1() -> None:
    fact = event(
        eventType="Ended",
        transactionInfo={"transactionId": "T-1", "stoppedReason": "Remote"},
        meterValue=[
            {
                "timestamp": "2026-03-01T11:59:58Z",
                "sampledValue": [
                    {
                        "value": 1.5,
                        "context": "Transaction.End",
                        "unitOfMeasure": {"unit": "Wh", "multiplier": 3},
                        "signedMeterValue": {"signedMeterData": "AA=="},
                    }
                ],
            }
        ],
    )

    assert (fact.kind, fact.reason) == ("stop", "Remote")
    assert fact.readings[0].samples == (
        Sample(
            raw="1.5",
            value=Decimal("1.5"),
            unit="Wh",
            multiplier=3,
            context="Transaction.End",
            signed=True,
            signed_data="AA==",
        ),
    )


def test_meter_values_of_2_0_1() -> None:
    message = session(
        "2.0.1", "MeterValues", {"evseId": 2, "meterValue": METER_VALUES["meterValue"]}
    )

    assert (message.fact.kind, message.fact.evse, message.fact.transaction) == ("readings", 2, None)


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        ("1.6", "StartTransaction", {}),
        ("1.6", "StartTransaction", []),
        ("1.6", "StartTransaction", {"meterStart": 5, "timestamp": "2026-03-01T11:59:58Z"}),
        ("1.6", "StopTransaction", {}),
        ("1.6", "StopTransaction", {"reason": "Local"}),
        ("1.6", "StopTransaction", None),
        ("1.6", "MeterValues", {}),
        ("1.6", "MeterValues", {"meterValue": []}),
        ("2.0.1", "TransactionEvent", {}),
        ("2.0.1", "TransactionEvent", {"eventType": "Started"}),
        ("2.0.1", "TransactionEvent", "Started"),
        ("2.0.1", "MeterValues", {"meterValue": []}),
    ],
)
def test_only_what_says_nothing_is_unreadable(version: str, action: str, payload: Any) -> None:
    assert isinstance(read(action, payload, arrival(version)), Unreadable)
    assert (
        read_fact(version, action, payload, station="CS1", arrived_at=NOW, zone=STOCKHOLM) is None
    )


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        ({"connectorId": None}, ("connector_missing",)),
        ({"connectorId": 0}, ("connector_implausible",)),
        ({"connectorId": "2"}, ("number_from_text",)),
        ({"idTag": None}, ("id_token_missing",)),
        ({"idTag": 12345}, ("text_from_number",)),
        ({"meterStart": None}, ("meter_missing",)),
        ({"meterStart": "12,5"}, ("decimal_comma",)),
        ({"meterStart": "x"}, ("not_a_number", "meter_missing")),
        ({"timestamp": None}, ("time_missing",)),
        ({"timestamp": "yesterday"}, ("time_unreadable",)),
        ({"surplus": {"a": 1}}, ()),
    ],
)
def test_odd_start_is_read_with_notes(changes: dict[str, Any], notes: tuple[str, ...]) -> None:
    assert start(**changes).notes == notes


def test_key_does_not_depend_on_arrival_or_order_of_members() -> None:
    later = {"arrived_at": NOW + timedelta(days=2), "zone": STOCKHOLM}
    turned = dict(reversed(EVENT.items()))

    again = read_fact("2.0.1", "TransactionEvent", turned, station="CS1", **later)  # type: ignore[arg-type]  # values of many types

    assert again is not None
    assert again.key == event().key


@pytest.mark.parametrize(
    "changes",
    [
        {"connectorId": 2},
        {"idTag": "OTHER"},
        {"meterStart": 1001},
        {"timestamp": "2026-03-01T11:59:59Z"},
    ],
)
def test_another_start_has_another_key(changes: dict[str, Any]) -> None:
    assert start(**changes).key != start().key
    assert start(surplus=1).key == start().key


@pytest.mark.parametrize(
    "changes",
    [
        {"transactionId": 8},
        {"meterStop": 5001},
        {"timestamp": "2026-03-01T11:59:59Z"},
        {"reason": "Local"},
        {"idTag": None},
    ],
)
def test_another_stop_has_another_key(changes: dict[str, Any]) -> None:
    assert stop(**changes).key != stop().key


def test_key_is_of_one_station() -> None:
    other = read("StartTransaction", START, arrival(station="CS2"))

    assert isinstance(other, SessionMessage)
    assert other.fact.key != start().key


def test_second_session_of_a_station_without_clock_is_no_repeat() -> None:
    undated = START | {"timestamp": "1970-01-01T00:00:00Z", "meterStart": 0}

    first, repeat, second = (
        read_fact("1.6", "StartTransaction", undated, station="CS1", arrived_at=at, zone=STOCKHOLM)
        for at in (NOW, NOW + timedelta(minutes=1), NOW + timedelta(hours=3))
    )

    assert first is not None
    assert repeat is not None
    assert second is not None
    assert first.key == repeat.key
    assert first.key != second.key


def test_other_actions_are_no_facts() -> None:
    arguments: dict[str, Any] = {"station": "CS1", "arrived_at": NOW, "zone": STOCKHOLM}

    assert read_fact("1.6", "Heartbeat", {}, **arguments) is None
    assert read_fact("1.6", "TransactionEvent", EVENT, **arguments) is None
    assert read_fact("0.9", "StartTransaction", START, **arguments) is None


MEMBERS = sorted(START.keys() | STOP.keys() | METER_VALUES.keys() | EVENT.keys())


@settings(deadline=None)
@given(
    st.sampled_from([(v, a) for v, actions in SESSION_ACTIONS.items() for a in sorted(actions)]),
    JSON | st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=6),
)
def test_session_readers_never_raise(which: tuple[str, str], payload: Any) -> None:
    version, action = which

    message = READERS[version][action](payload, arrival(version))

    assert isinstance(message, SessionMessage | Unreadable)


@settings(deadline=None)
@given(st.data())
def test_one_broken_member_never_loses_a_session_that_names_itself(data: st.DataObject) -> None:
    action, payload, keep = data.draw(
        st.sampled_from(
            [
                ("StartTransaction", START, "connectorId"),
                ("StopTransaction", STOP, "transactionId"),
                ("TransactionEvent", EVENT, "transactionInfo"),
            ]
        )
    )
    member = data.draw(st.sampled_from(sorted(payload.keys() - {keep})))
    version = "2.0.1" if action == "TransactionEvent" else "1.6"

    fact = read_fact(
        version,
        action,
        payload | {member: data.draw(JSON)},
        station="CS1",
        arrived_at=NOW,
        zone=STOCKHOLM,
    )

    assert fact is not None
    assert fact.at is None or fact.at.tzinfo is UTC
