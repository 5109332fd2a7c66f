"""A bridge that is killed, asked to end, or whose loop dies: what was answered is kept."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.concurrency.world import (
    STATIONS,
    Told,
    World,
    missing,
    reconnect,
    sessions_told,
    under_load,
)

pytestmark = pytest.mark.slow

DIES = """
from stations.ocpp.bridge import committing

def broken(self, batch):
    if any(work.frame is not None and work.frame.action == "DataTransfer" for work in batch):
        raise RuntimeError("a bug in the writer")
    write(self, batch)

write = committing.Committer.write
committing.Committer.write = broken
from celery.__main__ import main
main()
"""


def all_stations() -> list[Told]:
    return [Told(f"CP-{number}") for number in range(STATIONS)]


def connections(world: World) -> list[tuple[bool, str]]:
    return world.rows("SELECT is_connected, bridge FROM stations_stationlink ORDER BY station_id")


async def test_everything_answered_survives_kill_9(world: World) -> None:
    stations = all_stations()
    with world.bridge("killed") as bridge:
        load = asyncio.create_task(under_load(bridge, stations, rounds=2000))
        await sessions_told(stations, 150)
        bridge.process.send_signal(signal.SIGKILL)
        await asyncio.wait_for(load, 30)

    answered = sum(len(told.stops) for told in stations)
    assert answered >= 150
    assert missing(world, stations) == []
    assert connections(world) == [(True, "killed")] * STATIONS
    renewed = world.rows("SELECT renewed_at FROM stations_bridgelease WHERE bridge = 'killed'")

    with world.bridge("killed") as second:
        ended = world.rows(
            "SELECT kind, happened_at, reason FROM stations_connectionjournal "
            "WHERE kind <> 'connected' AND bridge = 'killed'"
        )
        assert connections(world) == [(False, "killed")] * STATIONS
        assert [(row[0], row[1]) for row in ended] == [("csms_outage", renewed[0][0])] * STATIONS
        open_outages = "SELECT count(*) FROM stations_csmsoutage WHERE ended_at IS NULL"
        assert world.rows(open_outages) == [(STATIONS,)]

        before = world.rows("SELECT count(*) FROM stations_session")[0][0]
        unsaid = sum(1 for told in stations for sent in told.unanswered if "Start" in sent[0])
        for told in stations:
            cp = await reconnect(second, told.identity)
            for action, payload in told.unanswered:
                first = await cp.ask(action, payload)
                assert await cp.ask(action, payload) == first
            await cp.close()
        after = world.rows("SELECT count(*) FROM stations_session")[0][0]
        assert world.rows(open_outages) == [(0,)]
    assert before <= after <= before + unsaid
    doubles = world.rows(
        "SELECT station_id, key FROM stations_sessionfact GROUP BY 1, 2 HAVING count(*) > 1"
    )
    assert doubles == []


async def test_a_bridge_that_dies_for_good_is_ended_by_the_others(world: World) -> None:
    with world.bridge("gone") as bridge:
        await reconnect(bridge, "CP-0")
        bridge.process.kill()
        bridge.process.wait()
    end = (
        "import django\ndjango.setup()\n"
        "from stations.ocpp.leases import end_dead_bridges\n"
        "print(end_dead_bridges())\n"
    )

    world.run(["-c", end])
    alive = "SELECT is_connected FROM stations_stationlink WHERE bridge = 'gone'"
    assert world.rows(alive) == [(True,)]
    world.change(
        "UPDATE stations_bridgelease SET renewed_at = now() - interval '1 minute' "
        "WHERE bridge = 'gone'"
    )
    world.run(["-c", end])

    assert world.rows(alive) == [(False,)]
    journal = world.rows(
        "SELECT j.kind, j.happened_at = l.renewed_at FROM stations_connectionjournal j "
        "JOIN stations_bridgelease l USING (bridge) "
        "WHERE j.bridge = 'gone' AND kind <> 'connected'"
    )
    assert journal == [("csms_outage", True)]


async def test_sigterm_drains_and_exits_cleanly(world: World) -> None:
    stations = all_stations()
    with world.bridge("polite") as bridge:
        load = asyncio.create_task(under_load(bridge, stations, rounds=2000, begin=5000))
        await sessions_told(stations, 50)
        bridge.process.terminate()
        await asyncio.wait_for(load, 30)
        code = await asyncio.to_thread(bridge.process.wait, 40)

    assert code == 0, bridge.log.read_text()[-2000:]
    assert {code for told in stations for code in told.close_codes} == {1001}
    assert missing(world, stations) == []
    assert connections(world) == [(False, "polite")] * STATIONS
    lease = "SELECT stopped_at IS NOT NULL FROM stations_bridgelease WHERE bridge = 'polite'"
    assert world.rows(lease) == [(True,)]
    kinds = world.rows(
        "SELECT DISTINCT kind FROM stations_connectionjournal "
        "WHERE bridge = 'polite' AND kind <> 'connected'"
    )
    assert kinds == [("csms_outage",)]
    # Whatever was written was also journalled with the answer it got, or would have got.
    halves = world.rows(
        "SELECT count(*) FROM stations_framejournal WHERE direction = 'in' AND answer IS NULL"
    )
    assert halves == [(0,)]


async def test_a_dead_loop_ends_the_process_with_a_failure(world: World) -> None:
    with world.bridge("broken", ["-c", DIES]) as bridge:
        cp = await reconnect(bridge, "CP-1")
        await cp.send("DataTransfer", {"vendorId": "v"}, "end")
        code = await asyncio.to_thread(bridge.process.wait, 30)
        await cp.close()

    assert code == 70
