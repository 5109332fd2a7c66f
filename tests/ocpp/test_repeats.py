"""The same content twice is one fact with one answer, whatever ids, sockets and bridges."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from stations.models import MeterReading, Session, SessionFact, Station
from stations.ocpp.bridge.host import BridgeHost
from stations.ocpp.tests.charge_point import RawChargePoint, plug_in
from tests.ocpp.conftest import running_bridge, url_of
from tests.ocpp.support import PASSWORD, Network, event, query, samples, start, stop


def counted(station: Station) -> dict[str, int]:
    """Rows that a repeat must not add to."""
    return {
        "sessions": Session.objects.filter(station=station).count(),
        "facts": SessionFact.objects.filter(station=station).count(),
        "readings": MeterReading.objects.filter(station_id=station.pk).count(),
    }


def readings_of(number: int) -> dict[str, Any]:
    return {"connectorId": 1, "transactionId": number, "meterValue": [samples("3000")]}


async def whole_session_16(cp: RawChargePoint) -> list[dict[str, Any]]:
    started = await cp.ask("StartTransaction", start())
    number = started["transactionId"]
    return [
        started,
        await cp.ask("MeterValues", readings_of(number)),
        await cp.ask("StopTransaction", stop(number, idTag="04A2B3C4")),
    ]


async def whole_session_201(cp: RawChargePoint) -> list[dict[str, Any]]:
    token = {"idToken": "04A2B3C4", "type": "ISO14443"}
    meter = [samples(1000), samples(2000, "2026-11-23T10:30:00Z")]
    return [
        await cp.ask("TransactionEvent", event("Started", "t1", idToken=token)),
        await cp.ask(
            "TransactionEvent",
            event("Updated", "t1", "2026-11-23T10:30:00Z", meterValue=meter),
        ),
        await cp.ask("TransactionEvent", event("Ended", "t1", "2026-11-23T11:00:00Z")),
    ]


@pytest.mark.parametrize(
    ("version", "story", "facts", "readings"),
    [("ocpp1.6", whole_session_16, 3, 1), ("ocpp2.0.1", whole_session_201, 3, 2)],
)
async def test_repeats_on_one_socket_another_socket_and_another_bridge(
    network: Network,
    version: str,
    story: Callable[[RawChargePoint], Any],
    facts: int,
    readings: int,
) -> None:
    station = network.station
    cp = await network.plug_in(version)
    first = await story(cp)
    assert await story(cp) == first
    await cp.close()

    back = await network.plug_in(version)
    assert await story(back) == first
    await back.close()

    with running_bridge("bridge3") as other:
        moved = await plug_in(url_of(other), station.identity, PASSWORD, version)
        assert await story(moved) == first
        await moved.close()

    assert await query(lambda: counted(station)) == {
        "sessions": 1,
        "facts": facts,
        "readings": readings,
    }


async def test_repeats_after_a_restart_of_the_bridge(network: Network) -> None:
    first: list[Any] = []
    for _life in range(2):
        with running_bridge("bridge4") as bridge:
            cp = await plug_in(url_of(bridge), network.station.identity, PASSWORD)
            first.append(await whole_session_16(cp))
            await cp.close()

    assert first[0] == first[1]
    assert (await query(lambda: counted(network.station)))["facts"] == 3


async def test_repeats_in_one_batch_get_one_answer(network: Network) -> None:
    """All of them are on the wire before the first is committed."""
    cp = await network.plug_in()
    waiting = [cp.call("StartTransaction", start(), message_id=f"x{n}") for n in range(20)]
    answers = [frame[2] for frame in await asyncio.gather(*waiting)]

    assert len({answer["transactionId"] for answer in answers}) == 1
    assert await query(lambda: counted(network.station)) == {
        "sessions": 1,
        "facts": 1,
        "readings": 0,
    }
    await cp.close()


async def test_a_message_id_says_nothing(network: Network) -> None:
    """The same id on two different messages is two messages (stations restart counters)."""
    cp = await network.plug_in()
    one = await cp.call("StartTransaction", start(), message_id="1")
    two = await cp.call(
        "StartTransaction", start(5, "2026-11-23T12:00:00Z", connectorId=2), message_id="1"
    )

    assert one[2]["transactionId"] != two[2]["transactionId"]
    assert (await query(lambda: counted(network.station)))["sessions"] == 2
    await cp.close()


@pytest.mark.parametrize("key", [17, "", 1.5, "ü" * 40, 2**60])
async def test_message_ids_of_any_form_come_back_as_given(network: Network, key: Any) -> None:
    cp = await network.plug_in()

    frame = await cp.call("Heartbeat", {}, message_id=key)

    assert frame[0] == 3
    assert frame[1] == key
    await cp.close()


async def test_sequence_numbers_of_zero_everywhere_lose_nothing(network: Network) -> None:
    cp = await network.plug_in("ocpp2.0.1")
    for number in range(5):
        at = f"2026-11-23T10:0{number}:00Z"
        meter = [samples(1000 + number * 100, at)]
        kind = "Started" if number == 0 else "Updated"
        await cp.ask("TransactionEvent", event(kind, "zero", at, seqNo=0, meterValue=meter))
    await cp.close()

    session = await query(lambda: Session.objects.get(station=network.station))
    assert session.energy_wh == 400
    assert await query(session.facts.count) == 5


async def test_transaction_ids_are_unique_over_all_stations(network: Network) -> None:
    other = await network.another()
    numbers = set()
    for station in (network.station, other):
        cp = await network.plug_in(station=station)
        for at in ("2026-11-23T10:00:00Z", "2026-11-23T12:00:00Z"):
            answer = await cp.ask("StartTransaction", start(0, at))
            numbers.add(answer["transactionId"])
        await cp.close()

    assert len(numbers) == 4


async def test_a_stop_for_another_station_changes_nothing_there(network: Network) -> None:
    other = await network.another()
    owner, stranger = await network.plug_in(), await network.plug_in(station=other)
    number = (await owner.ask("StartTransaction", start()))["transactionId"]

    assert await stranger.ask("StopTransaction", stop(number, idTag="04A2B3C4"))
    await stranger.ask("MeterValues", readings_of(number))

    session = await query(lambda: Session.objects.get(ocpp_transaction_id=str(number)))
    assert (session.state, session.energy_wh) == ("active", 0)
    assert await query(session.facts.count) == 1
    kept = await query(lambda: SessionFact.objects.get(station=other, kind="stop"))
    assert kept.session_id is None
    await owner.close()
    await stranger.close()


async def test_the_same_transaction_id_of_two_201_stations_is_two_sessions(
    network: Network,
) -> None:
    other = await network.another()
    for station in (network.station, other):
        cp = await network.plug_in("ocpp2.0.1", station)
        await cp.ask("TransactionEvent", event("Started", "same"))
        await cp.close()
    ended = await network.plug_in("ocpp2.0.1", other)
    await ended.ask("TransactionEvent", event("Ended", "same", "2026-11-23T11:00:00Z"))
    await ended.close()

    states = await query(
        lambda: [
            Session.objects.get(station=s, ocpp_transaction_id="same").state
            for s in (network.station, other)
        ]
    )
    assert states == ["active", "ended"]


@pytest.mark.parametrize("unknown", [-1, 0, 999_999_999, "abc", None])
async def test_a_stop_without_a_known_id_is_answered_and_kept(
    network: Network, unknown: Any
) -> None:
    """-1, 0 and nothing close the one session that fits; foreign ids wait for review."""
    cp = await network.plug_in()
    await cp.ask("StartTransaction", start())

    answer = await cp.ask("StopTransaction", stop(unknown, idTag="04A2B3C4"))

    assert answer["idTagInfo"]["status"] == "Accepted"
    fact = await query(lambda: SessionFact.objects.get(station=network.station, kind="stop"))
    session = await query(lambda: Session.objects.get(station=network.station))
    closes = unknown in (-1, 0, None)
    assert (fact.session_id == session.pk) is closes
    assert session.state == ("ended" if closes else "active")
    await cp.close()


async def test_a_clock_that_was_never_set_still_makes_two_sessions(
    network: Network, monkeypatch: pytest.MonkeyPatch, host: BridgeHost
) -> None:
    """Start with 1970 and meter 0 again an hour later: not a repeat."""
    cp = await network.plug_in()
    one = await cp.ask("StartTransaction", start(0, "1970-01-01T00:00:00Z"))
    again = await cp.ask("StartTransaction", start(0, "1970-01-01T00:00:00Z"))
    clock = "stations.ocpp.bridge.connection.datetime"
    later = type("Later", (datetime,), {"now": lambda _zone: datetime(2026, 12, 1, tzinfo=UTC)})
    monkeypatch.setattr(clock, later)
    two = await cp.ask("StartTransaction", start(0, "1970-01-01T00:00:00Z"))

    assert one == again
    assert one != two
    await cp.close()
