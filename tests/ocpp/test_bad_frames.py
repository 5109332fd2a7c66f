"""Frames that are no messages, and messages that break the rules: answered by the book, kept
in the journal, and never the end of a connection."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from stations.models import FrameJournal, Session, StationEvent
from stations.ocpp.tests.charge_point import RawChargePoint
from stations.sessions.services import reconcile_due_sessions
from tests.ocpp.support import Network, eventually, query, start, stop


async def still_there(cp: RawChargePoint) -> None:
    assert "currentTime" in await cp.ask("Heartbeat", {})


DEEP = '{"a":' * 60 + "1" + "}" * 60
NO_MESSAGES: dict[str, tuple[str | bytes, str]] = {
    "no JSON": ("hello", "not_json"),
    "cut JSON": ('[2,"cut","Heartbeat",{', "not_json"),
    "no list": ('{"a":1}', "not_a_list"),
    "empty list": ("[]", "empty"),
    "empty frame": ("", "not_json"),
    "no UTF-8": (b'[2,"u","Heartbeat",{"a":"\xff\xfe"}]', "not_utf8"),
    "binary": (bytes(range(256)), "not_utf8"),
    "too deep": (f'[2,"deep","DataTransfer",{DEEP}]', "too_deep"),
    "three elements": ('[2,"three","Heartbeat"]', "array_size"),
    "object as id": ('[2,{"a":1},"Heartbeat",{}]', "bad_message_id"),
    "number as action": ('[2,"n",7,{}]', "bad_action"),
    "unknown type": ('[9,"t","Heartbeat",{}]', "unknown_message_type"),
    "too large": ('[2,"large","DataTransfer",{"data":"' + "x" * 600_000 + '"}]', "too_large"),
}


@pytest.mark.parametrize("version", ["ocpp1.6", "ocpp2.0.1"])
@pytest.mark.parametrize("name", NO_MESSAGES)
async def test_a_frame_that_is_no_message(network: Network, name: str, version: str) -> None:
    frame, reason = NO_MESSAGES[name]
    cp = await network.plug_in(version)

    await cp.socket.send(frame)
    await still_there(cp)

    stray = (await network.frames(direction="stray"))[0]
    assert (stray.outcome, stray.error_code) == ("bad", reason)
    if version == "ocpp2.0.1":
        expected = {"unknown_message_type": "MessageTypeNotSupported"}
        assert cp.unasked[0][0] == 4
        assert cp.unasked[0][2] == expected.get(reason, "RpcFrameworkError")
    elif cp.unasked:
        assert cp.unasked[0][0] == 4
        assert cp.unasked[0][2] == "FormationViolation"
    await cp.close()


@pytest.mark.parametrize(("name", "key"), [("cut JSON", "cut"), ("too deep", "deep")])
async def test_16_gets_an_answer_where_the_id_can_be_read(
    network: Network, name: str, key: str
) -> None:
    cp = await network.plug_in()

    answer = await cp.raw(NO_MESSAGES[name][0], key)

    assert answer[:3] == [4, key, "FormationViolation"]
    await cp.close()


async def test_a_binary_frame_that_holds_a_message_is_read(network: Network) -> None:
    cp = await network.plug_in()

    assert (await cp.raw(b'[2,"b","Heartbeat",{}]', "b"))[0] == 3

    await cp.close()


async def test_a_frame_beyond_all_limits_ends_only_its_own_socket(network: Network) -> None:
    cp = await network.plug_in()
    with suppress(ConnectionClosed):
        await cp.socket.send("x" * (3 * 1024 * 1024))
    assert await cp.closed() in (1006, 1009)

    again = await network.plug_in()
    await still_there(again)
    await again.close()


async def test_of_duplicate_keys_the_last_wins_with_a_finding(network: Network) -> None:
    cp = await network.plug_in()

    frame = (
        '[2,"d","StartTransaction",{"connectorId":2,"connectorId":1,"idTag":"04A2B3C4",'
        '"meterStart":1,"meterStart":7,"timestamp":"2026-11-23T10:00:00Z"}]'
    )
    assert (await cp.raw(frame, "d"))[0] == 3

    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.evse_number, session.meter_start_wh) == (1, 7)
    journal = (await network.frames(message_id="d"))[0]
    assert "duplicate_key" in journal.findings
    await cp.close()


async def test_nul_characters_are_taken_out_with_a_finding(network: Network) -> None:
    cp = await network.plug_in()

    frame = (
        '[2,"nul","BootNotification",{"chargePointVendor":"Ven\\u0000dor",'
        '"chargePointModel":"M\\u0000","firmwareVersion":"\\ud800"}]'
    )
    assert (await cp.raw(frame, "nul"))[0] == 3
    data = '[2,"n2","DataTransfer",{"vendorId":"v","data":"a\\u0000b"}]'
    assert (await cp.raw(data, "n2"))[0] == 3

    await query(network.station.refresh_from_db)
    assert network.station.vendor == "Vendor"
    assert network.station.boot_info["chargePointModel"] == "M"
    event = await query(lambda: StationEvent.objects.get(station=network.station))
    assert event.data["data"] == "ab"
    assert "control_characters" in (await network.frames(message_id="n2"))[0].findings
    await cp.close()


@pytest.mark.parametrize(
    "number", ["1e308", "1e400", "-1e400", "9" * 400, "NaN", "-0.0", "123456789012345678901"]
)
async def test_numbers_out_of_range_lose_no_session(network: Network, number: str) -> None:
    cp = await network.plug_in()

    frame = (
        f'[2,"s","StartTransaction",{{"connectorId":1,"idTag":"04A2B3C4","meterStart":{number},'
        '"timestamp":"2026-11-23T10:00:00Z","reservationId":99999999999999999999}]'
    )
    answer = await cp.raw(frame, "s")
    assert answer[0] == 3, answer
    transaction = answer[2]["transactionId"]
    values = (
        f'[2,"m","MeterValues",{{"connectorId":{number},"transactionId":{transaction},'
        f'"meterValue":[{{"timestamp":"2026-11-23T10:10:00Z","sampledValue":[{{"value":{number}}}'
        f',{{"value":"{number}"}}]}}]}}]'
    )
    assert (await cp.raw(values, "m"))[0] == 3
    assert await cp.ask("StopTransaction", stop(transaction)) == {}

    session = await query(lambda: Session.objects.get(station=network.station))
    assert session.state == "ended"
    await cp.close()


async def test_a_register_beyond_the_column_is_kept_as_fact_and_not_as_figure(
    network: Network,
) -> None:
    """13 digits pass the readers; the column holds 12."""
    cp = await network.plug_in()

    number = (await cp.ask("StartTransaction", start(9_000_000_000_000)))["transactionId"]
    await cp.ask("StopTransaction", stop(number, 9_000_000_001_000, reason="Local"))

    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.state, session.meter_start_wh) == ("ended", None)
    await query(reconcile_due_sessions)
    await query(session.refresh_from_db)
    assert (session.reconcile_due, session.energy_wh) == (False, 1000)
    await cp.close()


@pytest.mark.parametrize(
    ("version", "action", "code"),
    [
        ("ocpp1.6", "Frobnicate", "NotImplemented"),
        ("ocpp1.6", "TransactionEvent", "NotImplemented"),
        ("ocpp1.6", "RemoteStartTransaction", "NotImplemented"),
        ("ocpp2.0.1", "StartTransaction", "NotImplemented"),
        ("ocpp2.0.1", "<script>alert(1)</script>" * 20, "NotImplemented"),
    ],
)
async def test_unknown_actions(network: Network, version: str, action: str, code: str) -> None:
    cp = await network.plug_in(version)

    answer = await cp.call(action, {})

    assert answer[:3] == [4, "m1", code]
    assert isinstance(answer[3], str)
    assert answer[4] == {}
    row = (await network.frames())[0]
    assert (row.outcome, row.error_code, row.action) == ("error", code, action[:60])
    await still_there(cp)
    await cp.close()


@pytest.mark.parametrize(
    ("version", "action", "payload", "code"),
    [
        ("ocpp1.6", "Authorize", {}, "ProtocolError"),
        ("ocpp1.6", "Authorize", {"idTag": {}}, "TypeConstraintViolation"),
        ("ocpp1.6", "StatusNotification", "hello", "TypeConstraintViolation"),
        ("ocpp1.6", "StartTransaction", {"meterStart": 1}, "ProtocolError"),
        ("ocpp1.6", "MeterValues", [1, 2], "TypeConstraintViolation"),
        ("ocpp2.0.1", "Authorize", {}, "ProtocolError"),
        ("ocpp2.0.1", "TransactionEvent", {"eventType": "Started"}, "ProtocolError"),
        ("ocpp2.0.1", "StatusNotification", 7, "TypeConstraintViolation"),
    ],
)
async def test_only_what_nobody_can_read_is_refused(
    network: Network, version: str, action: str, payload: Any, code: str
) -> None:
    cp = await network.plug_in(version)

    answer = await cp.call(action, payload)

    assert answer[:3] == [4, "m1", code]
    await still_there(cp)
    await cp.close()


async def test_answers_that_nobody_asked_for_are_kept_and_ignored(network: Network) -> None:
    other = await network.another()
    cp, stranger = await network.plug_in(), await network.plug_in(station=other)

    for frame in (
        '[3,"nobody",{"status":"Accepted"}]',
        '[3,"nobody",{"status":"Accepted"}]',
        '[4,"nobody","GenericError","text",{}]',
        "[3,17,null]",
        '[3,"key",{"configurationKey":[{"key":"AuthorizationKey","value":"hunter2hunter2"}]}]',
        '[4,"x"]',
        '[3,"p",{"configurationKey":[{"key":"AuthorizationKey","value":"hunter2hunter2"',
    ):
        await cp.socket.send(frame)
    await still_there(cp)
    await still_there(stranger)

    rows = await eventually(
        lambda: [(r.outcome, r.error_code, r.request) for r in strays(network)],
        lambda found: len(found) == 7,
    )
    assert [row[1] for row in rows[:5]] == ["unexpected_answer"] * 5
    assert not [row for row in rows if "hunter2" in row[2]]
    assert cp.unasked == []
    await asyncio.gather(cp.close(), stranger.close())


def strays(network: Network) -> Any:
    return FrameJournal.objects.filter(station_id=network.station.pk, direction="stray").order_by(
        "id"
    )
