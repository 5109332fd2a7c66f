"""Generations fence connection state and commands, never facts; on one bridge and on two."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from stations.models import ConnectionJournal, Session, SessionFact, StationLink
from stations.ocpp.bridge.host import BridgeHost
from stations.ocpp.tests.charge_point import plug_in
from tests.ocpp.conftest import running_bridge, url_of
from tests.ocpp.support import PASSWORD, Network, event, eventually, query, start, stop


@pytest.fixture(scope="module")
def other(host: BridgeHost) -> Iterator[str]:
    """Url of a second bridge beside the first, same database and Redis."""
    with running_bridge("bridge2") as second:
        yield url_of(second)


def link(network: Network) -> StationLink:
    found: StationLink = StationLink.objects.get(station=network.station)
    return found


def journal(network: Network) -> list[tuple[int, str, str]]:
    rows = ConnectionJournal.objects.filter(station_id=network.station.pk).order_by("id")
    return [(row.generation, row.kind, row.bridge) for row in rows]


async def test_newest_connection_wins_and_the_late_end_of_the_old_changes_nothing(
    network: Network,
) -> None:
    old = await network.plug_in()
    await old.ask("Heartbeat", {})
    new = await network.plug_in()

    assert await old.closed() == 1008
    assert "currentTime" in await new.ask("Heartbeat", {})

    rows = await eventually(lambda: journal(network), lambda found: len(found) == 3)
    assert rows == [
        (1, "connected", "bridge1"),
        (2, "connected", "bridge1"),
        (1, "replaced", "bridge1"),
    ]
    now = await query(lambda: link(network))
    assert (now.generation, now.is_connected, now.disconnected_at) == (2, True, None)
    await new.close()
    gone = await eventually(lambda: link(network), lambda row: not row.is_connected)
    assert gone.disconnected_at is not None


async def test_many_sockets_at_once_leave_one(network: Network) -> None:
    points = await asyncio.gather(*(network.plug_in() for _ in range(6)))
    await asyncio.sleep(0.3)

    await eventually(lambda: link(network).generation, lambda generation: generation == 6)
    alive = [cp for cp in points if cp.socket.close_code is None]
    assert len(alive) == 1
    await alive[0].ask("Heartbeat", {})
    frames = await network.frames(action="Heartbeat")
    assert [frame.generation for frame in frames] == [6]
    await alive[0].close()


async def test_a_stop_sent_as_the_socket_drops_is_stored(network: Network) -> None:
    cp = await network.plug_in()
    number = (await cp.ask("StartTransaction", start()))["transactionId"]

    await cp.send("StopTransaction", stop(number), "last")
    cp.drop()

    session = await eventually(
        lambda: Session.objects.get(station=network.station), lambda s: s.state == "ended"
    )
    assert session.energy_wh == 7400
    again = await network.plug_in()
    await again.ask("StopTransaction", stop(number))
    await again.close()
    facts = await query(lambda: SessionFact.objects.filter(session=session).count())
    assert facts == 2


async def test_facts_from_an_old_socket_count_while_the_new_one_lives(network: Network) -> None:
    old = await network.plug_in()
    number = (await old.ask("StartTransaction", start()))["transactionId"]
    frames = [
        old.send("StopTransaction", stop(number), "late"),
        network.plug_in(),
    ]
    _sent, new = await asyncio.gather(*frames)

    await eventually(
        lambda: Session.objects.get(station=network.station).state, lambda s: s == "ended"
    )
    assert new is not None
    await new.close()


async def test_version_belongs_to_the_connection(network: Network) -> None:
    first = await network.plug_in("ocpp2.0.1")
    await first.ask("TransactionEvent", event("Started", "tx-1"))
    second = await network.plug_in("ocpp1.6")
    await second.ask("Heartbeat", {})

    assert (await query(lambda: link(network))).ocpp_version == "1.6"
    await second.close()


async def test_reconnecting_without_a_boot_is_online_at_once(network: Network) -> None:
    cp = await network.plug_in()
    await cp.ask("Heartbeat", {})
    assert (await query(lambda: link(network))).is_connected
    number = (await cp.ask("StartTransaction", start()))["transactionId"]
    assert number > 0
    await cp.close()


async def test_a_station_moves_to_another_bridge(network: Network, other: str) -> None:
    here = await network.plug_in()
    started = await here.ask("StartTransaction", start())

    there = await plug_in(other, network.station.identity, PASSWORD)

    assert await here.closed(5) == 1008
    assert await there.ask("StartTransaction", start()) == started
    await there.ask("StopTransaction", stop(started["transactionId"]))
    back = await network.plug_in()
    assert await there.closed(5) == 1008
    assert await back.ask("StopTransaction", stop(started["transactionId"])) == {}
    await back.close()

    rows = await eventually(lambda: journal(network), lambda found: len(found) == 6)
    assert sorted(rows) == [
        (1, "connected", "bridge1"),
        (1, "replaced", "bridge1"),
        (2, "connected", "bridge2"),
        (2, "replaced", "bridge2"),
        (3, "connected", "bridge1"),
        (3, "disconnected", "bridge1"),
    ]
    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.state, session.energy_wh) == ("ended", 7400)
    assert await query(session.facts.count) == 2


async def test_both_bridges_at_once_never_count_a_session_twice(
    network: Network, other: str
) -> None:
    """The same messages on both sides while the station moves to and fro."""
    for _round in range(3):
        here = await network.plug_in()
        there = await plug_in(other, network.station.identity, PASSWORD)
        sides = [here, there]
        for cp in sides:
            for number in range(4):
                at = f"2026-11-23T1{number}:00:00Z"
                with suppress(ConnectionClosed):
                    await cp.send("StartTransaction", start(number, at), f"s{number}")
        await asyncio.sleep(0.3)
        for cp in sides:
            await cp.close()

    sessions = await query(lambda: Session.objects.filter(station=network.station).count())
    facts = await query(lambda: SessionFact.objects.filter(station=network.station).count())
    assert sessions == facts
    assert 1 <= sessions <= 4
