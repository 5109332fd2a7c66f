"""Lease, registry and last signs of life: what a bridge does by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from stations.models import (
    BridgeLease,
    ConnectionJournal,
    CsmsOutage,
    FrameJournal,
    Site,
    Station,
    StationLink,
)
from stations.ocpp.bridge import chores, server
from stations.ocpp.bridge.host import BridgeHost
from stations.ocpp.leases import end_dead_bridges
from stations.ocpp.tests.charge_point import plug_in
from tests.ocpp.conftest import running_bridge, url_of
from tests.ocpp.support import PASSWORD, Network, eventually, query

QUICK = 0.2


@pytest.fixture(scope="module")
def host(site: Site) -> Iterator[BridgeHost]:
    """A bridge whose clock runs faster."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LEASE_SECONDS", "SEEN_SECONDS"):
            patch.setattr(chores, name, QUICK)
        patch.setattr(chores, "REGISTRY_SECONDS", 1)
        with running_bridge("clock") as started:
            yield started


def lease(name: str = "clock") -> BridgeLease:
    found: BridgeLease = BridgeLease.objects.get(bridge=name)
    return found


def link(station: Station) -> StationLink:
    found: StationLink = StationLink.objects.get(station=station)
    return found


async def test_the_lease_is_renewed(network: Network) -> None:
    first = await query(lease)
    assert first.stopped_at is None
    assert network.host.runtime is not None
    assert first.instance == network.host.runtime.instance

    await eventually(lease, lambda row: row.renewed_at > first.renewed_at)


async def test_an_orderly_end_gives_the_lease_back(site: Site) -> None:
    def live() -> None:
        with running_bridge("short"):
            assert BridgeLease.objects.get(bridge="short").stopped_at is None

    await query(live)

    assert (await query(lambda: lease("short"))).stopped_at is not None
    assert await query(end_dead_bridges) == []


async def test_a_stopping_bridge_takes_the_blame(network: Network, site: Site) -> None:
    with running_bridge("going") as going:
        cp = await plug_in(url_of(going), network.station.identity, PASSWORD)
        stopping = asyncio.to_thread(going.stop, 15)
        await asyncio.gather(stopping, cp.closed())

    assert cp.socket.close_code == 1001
    rows = await query(
        lambda: list(ConnectionJournal.objects.filter(station_id=network.station.pk).order_by("id"))
    )
    assert [row.kind for row in rows] == ["connected", "csms_outage"]
    outage = await query(lambda: CsmsOutage.objects.get(station=network.station))
    assert outage.ended_at is None

    back = await network.plug_in()
    ended = await eventually(
        lambda: CsmsOutage.objects.get(station=network.station), lambda o: o.ended_at is not None
    )
    assert ended.ended_at is not None
    assert ended.ended_at >= ended.began_at
    await back.close()


async def test_heartbeats_touch_memory_and_are_flushed_in_bulk(network: Network) -> None:
    """Between flushes the database hears nothing of a heartbeat but its line in the journal."""
    cp = await network.plug_in()
    before = await query(lambda: updates("stations_stationlink"))
    for _beat in range(50):
        await cp.ask("Heartbeat", {})
    sent_at = datetime.now(UTC)

    seen = await eventually(
        lambda: link(network.station).last_seen_at,
        lambda at: at is not None and at > sent_at - timedelta(seconds=2),
    )
    assert seen is not None
    after = await query(lambda: updates("stations_stationlink"))
    frames = await query(lambda: FrameJournal.objects.filter(station_id=network.station.pk).count())
    assert frames == 50
    assert after - before < 25
    await cp.close()


def updates(table: str) -> int:
    """Row versions written so far, of which PostgreSQL keeps count in the row itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = %s", [table])
        return int(cursor.fetchone()[0])


async def test_the_registry_names_who_is_here(network: Network) -> None:
    cp = await network.plug_in()
    key = str(network.station.pk).encode()

    def registry() -> dict[Any, Any]:
        with Redis.from_url(settings.REDIS_URL) as redis:
            found: Any = redis.hgetall("portal.bridge.clock")
            return dict(found)

    await eventually(registry, lambda found: found.get(key) == b"1")
    await cp.close()
    await eventually(registry, lambda found: key not in found)


async def test_a_connection_that_another_bridge_replaced_is_closed_without_redis(
    network: Network,
) -> None:
    """The message about it was lost: the next flush of last-seen finds out."""
    cp = await network.plug_in()
    await cp.ask("Heartbeat", {})
    await query(
        lambda: StationLink.objects.filter(station=network.station).update(
            generation=9, bridge="elsewhere"
        )
    )

    assert await cp.closed(5) == 1008
    row = await eventually(
        lambda: ConnectionJournal.objects.filter(
            station_id=network.station.pk, kind="replaced"
        ).first(),
        bool,
    )
    assert row is not None
    assert (await query(lambda: link(network.station))).is_connected


async def test_a_bridge_taken_for_dead_that_lives_gets_its_stations_back(
    network: Network,
) -> None:
    cp = await network.plug_in()
    await cp.ask("Heartbeat", {})

    def declare_dead() -> None:
        BridgeLease.objects.filter(bridge="clock").update(
            renewed_at=datetime.now(UTC) - timedelta(minutes=2)
        )
        StationLink.objects.filter(station=network.station).update(is_connected=False)
        CsmsOutage.objects.create(
            operator=network.operator,
            station=network.station,
            bridge="clock",
            generation=1,
            began_at=datetime.now(UTC),
        )

    await query(declare_dead)

    await eventually(lambda: link(network.station).is_connected, bool)
    await eventually(
        lambda: CsmsOutage.objects.get(station=network.station).ended_at, lambda at: at is not None
    )
    await cp.close()


async def test_a_station_that_went_silent_is_found_by_ping(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line hangs: no close, no pong. TCP alone would take hours to tell."""
    monkeypatch.setattr(server, "PING_SECONDS", QUICK)
    with running_bridge("pinging") as pinging:
        quiet = await plug_in(url_of(pinging), network.station.identity, PASSWORD)
        other = await network.another()
        alive = await plug_in(url_of(pinging), other.identity, PASSWORD)
        await quiet.ask("Heartbeat", {})
        quiet.socket.transport.pause_reading()

        gone = await eventually(lambda: link(network.station), lambda row: not row.is_connected)
        assert gone.disconnected_at is not None
        assert "currentTime" in await alive.ask("Heartbeat", {})
        await alive.close()
        quiet.drop()
    row = await query(
        lambda: ConnectionJournal.objects.get(station_id=network.station.pk, kind="disconnected")
    )
    assert row.close_code in (1006, 1011)
