"""PostgreSQL and Valkey go away in the middle: recovery by itself, nothing answered is lost."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from redis.asyncio import Redis
from websockets.exceptions import ConnectionClosed

from tests.concurrency.world import Told, World, charge, missing, reconnect, sessions_told
from tests.ocpp.support import start, stop

pytestmark = pytest.mark.slow


async def charging_through(bridge_url: Any, told: Told, end: asyncio.Event) -> None:
    """A station that comes back whenever it is thrown out and repeats what was not answered."""
    number = 0
    while not end.is_set():
        cp = await reconnect(bridge_url, told.identity, 60)
        try:
            for action, payload in list(told.unanswered):
                answer = await cp.call(action, payload)
                assert answer[0] == 3, answer
            while not end.is_set():
                await charge(cp, told, 1, number)
                number += 1
        except (ConnectionClosed, ConnectionResetError):
            told.close_codes.append(cp.socket.close_code)
            number += 1
        await cp.close()


@pytest.mark.parametrize("crash", [True, False])
async def test_postgres_restarted_under_load(world: World, crash: bool) -> None:
    name = f"db{crash:d}"
    stations = [Told(f"CP-{number}") for number in range(4)]
    with world.bridge(name) as bridge:
        idle = await reconnect(bridge, "CP-7")
        end = asyncio.Event()
        load = [asyncio.create_task(charging_through(bridge, told, end)) for told in stations]
        await sessions_told(stations, 20)
        await asyncio.to_thread(world.pair.restart_postgres, crash=crash)
        before = sum(len(told.stops) for told in stations)
        await sessions_told(stations, before + 20)
        end.set()
        await asyncio.wait_for(asyncio.gather(*load), 60)

        assert bridge.process.poll() is None
        assert "currentTime" in await idle.ask("Heartbeat", {})
        assert idle.socket.close_code is None
        await idle.close()
        assert {code for told in stations for code in told.close_codes} <= {1013}
        assert missing(world, stations) == []
        if any(told.close_codes for told in stations):
            await told_of_outage(world, name)
    doubles = world.rows(
        "SELECT station_id, key FROM stations_sessionfact GROUP BY 1, 2 HAVING count(*) > 1"
    )
    assert doubles == []


async def told_of_outage(world: World, name: str) -> None:
    """The closed sockets are our outage in the journal, written after the database came back."""
    until = time.monotonic() + 10
    query = "SELECT count(*) FROM stations_connectionjournal WHERE bridge = %s AND kind = %s"
    while world.rows(query, name, "csms_outage") == [(0,)]:
        assert time.monotonic() < until
        await asyncio.sleep(0.2)


async def test_without_a_database_critical_calls_close_and_others_get_an_error(
    world: World,
) -> None:
    """CALLERROR for a StartTransaction would make a 1.6 station drop it."""
    assert world.pair.postgres is not None
    with world.bridge("alone") as bridge:
        critical, other = await reconnect(bridge, "CP-5"), await reconnect(bridge, "CP-6")
        await asyncio.to_thread(world.pair.postgres.kill)
        try:
            status = {"connectorId": 1, "status": "Available", "errorCode": "NoError"}
            refused = await other.call("StatusNotification", status)
            assert refused[:1] + refused[2:3] == [4, "InternalError"]
            await critical.send("StartTransaction", start(77), "gone")
            assert await critical.closed() == 1013
            assert critical.unasked == []
            heartbeat = await other.call("Heartbeat", {})
            assert heartbeat[0] == 3 or heartbeat[2] == "InternalError"
        finally:
            await asyncio.to_thread(world.pair.postgres.start)
            await asyncio.to_thread(world.pair.note)
        back = await reconnect(bridge, "CP-5")
        number = (await back.ask("StartTransaction", start(77)))["transactionId"]
        await back.ask("StopTransaction", stop(number))
        assert (await other.call("StatusNotification", status))[0] == 3
        await asyncio.gather(back.close(), other.close())

    rows = world.rows(
        "SELECT state FROM stations_session WHERE ocpp_transaction_id = %s", str(number)
    )
    assert rows == [("ended",)]


async def test_valkey_restarted_loses_no_fact_and_events_resume(world: World) -> None:
    told = Told("CP-4")
    with world.bridge("cache") as bridge:
        cp = await reconnect(bridge, told.identity)
        await charge(cp, told, 3, 9000)
        await asyncio.to_thread(world.pair.restart_valkey)
        await charge(cp, told, 3, 9003)
        assert cp.socket.close_code is None
        async with Redis.from_url(world.pair.urls["REDIS_URL"]) as redis:
            pubsub = redis.pubsub(ignore_subscribe_messages=True)
            await pubsub.psubscribe("portal.live.*")
            event = await next_event(cp, told, pubsub)
            await pubsub.aclose()  # type: ignore[no-untyped-call]  # its library has no types
        assert b"network" in event
        newer = await reconnect(bridge, told.identity)
        assert await cp.closed() == 1008
        await newer.close()
        assert bridge.process.poll() is None

    assert len(told.stops) >= 7
    assert missing(world, [told]) == []


async def next_event(cp: Any, told: Told, pubsub: Any) -> bytes:
    """Charge until a live event is heard."""
    until = time.monotonic() + 15
    number = 9010
    while time.monotonic() < until:
        await charge(cp, told, 1, number)
        number += 1
        message = await pubsub.get_message(timeout=0.5)
        if message is not None:
            return bytes(message["data"])
    raise AssertionError("live events did not resume")
