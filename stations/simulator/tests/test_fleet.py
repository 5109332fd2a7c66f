"""Whole runs against a small network: sessions, outages, refusals, bad meters."""

from __future__ import annotations

import asyncio
import base64
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from stations.simulator.battery import arriving_battery
from stations.simulator.evse import Arrival, Stop
from stations.simulator.fleet import Fleet
from stations.simulator.meters import MeterFault
from stations.simulator.scenario import Scenario, with_habits
from stations.simulator.specs import EvseSpec, SpecError, StationSpec, make_fleet
from stations.simulator.tests.network import Network, running

# A Tuesday at noon in Stockholm: at night few cars come.
NOON = datetime(2026, 9, 1, 10, tzinfo=UTC)
BUSY = Scenario(
    seed=7, duration_s=2.0, speed=300.0, begin_at=NOON, least_busy=0.6, boot_spread_s=0.1
)
DC = EvseSpec(1, 150_000.0, is_dc=True)
TOKENS = {"": ["04A1B2C3D4E5F6", "1A2B3C4D"]}


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """A network side that remembers what it is told."""
    async with running() as network:
        yield network


def fleet(network: Network, scenario: Scenario, **changes: Any) -> Fleet:
    """Two 1.6 and two 2.0.1 stations."""
    specs = make_fleet(
        ["SIM1", "SIM2", "SIM3", "SIM4"], seed=1, versions=("1.6", "2.0.1"), password="secret"
    )
    values: dict[str, Any] = {"specs": specs, "good": TOKENS, **changes}
    return Fleet(url=network.url, scenario=scenario, **values)


async def test_what_the_stations_believe_is_what_the_network_was_told(network: Network) -> None:
    report = await fleet(network, BUSY).run()

    told = _told_sessions(network)
    believed = {row["transaction_id"]: row for row in report["sessions"]}
    assert len(believed) >= 6
    assert report["totals"]["delivered"] == len(believed)
    assert set(told) == set(believed)
    for transaction, row in believed.items():
        begin_wh, end_wh = told[transaction]
        assert (begin_wh, end_wh) == (row["meter_start_wh"], row["meter_stop_wh"])
        assert end_wh - begin_wh == pytest.approx(row["energy_wh"], abs=1.1)
        assert row["energy_wh"] > 0


def _told_sessions(network: Network) -> dict[str, tuple[float, float]]:
    """Transaction id: register at begin and end, as the network heard it."""
    begins: dict[str, float] = {}
    ends: dict[str, float] = {}
    for start in network.of("StartTransaction"):
        begins[str(start["answered"])] = start["meter_start"]
    for stop in network.of("StopTransaction"):
        ends[str(stop["transaction_id"])] = stop["meter_stop"]
    for event in network.of("TransactionEvent"):
        transaction = event["transaction_info"]["transaction_id"]
        if event["event_type"] in ("Started", "Ended"):
            value = event["meter_value"][0]["sampled_value"][0]["value"]
            (begins if event["event_type"] == "Started" else ends)[transaction] = value
    return {transaction: (begins[transaction], ends[transaction]) for transaction in begins}


async def test_messages_of_a_session_come_in_order(network: Network) -> None:
    await fleet(network, BUSY).run()

    numbers: dict[str, list[int]] = defaultdict(list)
    for event in network.of("TransactionEvent"):
        numbers[event["transaction_info"]["transaction_id"]].append(event["seq_no"])
    assert numbers
    assert all(seen == list(range(len(seen))) for seen in numbers.values())
    statuses = [s["status"] for s in network.of("StatusNotification", "SIM1") if "status" in s]
    assert statuses[:3] == ["Available", "Available", "Available"]
    assert {"Preparing", "Charging"} <= set(statuses)
    assert [s["connector_id"] for s in network.of("StatusNotification", "SIM1")][:3] == [0, 1, 2]


async def test_stations_authenticate_and_boot_before_anything_else(network: Network) -> None:
    await fleet(network, replace(BUSY, duration_s=0.5)).run()

    assert base64.b64decode(network.headers["SIM1"].removeprefix("Basic ")) == b"SIM1:secret"
    for identity in ("SIM1", "SIM2", "SIM3", "SIM4"):
        first = next(action for station, action, _p in network.received if station == identity)
        assert first == "BootNotification"


async def test_refused_tokens_never_start_a_session(network: Network) -> None:
    network.refuse = {"BAD"}

    report = await fleet(network, replace(BUSY, stranger_share=1.0), bad={"": ["BAD"]}).run()

    assert report["sessions"] == []
    assert report["counts"]["refused"] > 0
    assert not network.of("StartTransaction")
    assert not network.of("TransactionEvent")


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_a_session_begun_without_a_connection_is_told_afterwards(
    network: Network, version: str
) -> None:
    spec = StationSpec(identity="AWAY", version=version, kind="corridor", evses=(DC,))
    quiet = replace(BUSY, duration_s=None, speed=60.0, most_busy=0.0)
    run = fleet(network, quiet, specs=[spec])
    stop = asyncio.Event()
    task = asyncio.create_task(run.run(stop))
    await network.until(lambda: len(network.of("StatusNotification")) >= 2)
    station = run.stations[0]
    evse = station.evses[1]

    station.disconnect(stay_away=True)
    await network.until(lambda: station.wire is None)
    battery = arriving_battery(random.Random(1), dc=True, shrink=60.0)
    evse.signals.put_nowait(Arrival("04A1B2C3D4E5F6", battery, 0.0))
    await network.until(lambda: evse.tx is not None)
    await network.until(lambda: len(station.outbox) >= 3)
    evse.signals.put_nowait(Stop("Local"))
    await network.until(lambda: evse.tx is None)
    assert not _told_sessions(network)
    station.come_back()
    await network.until(lambda: len(station.outbox) == 0)
    stop.set()
    report = await task

    [believed] = report["sessions"]
    assert believed["begun_offline"]
    assert believed["delivered"]
    told = _told_sessions(network)[believed["transaction_id"]]
    assert told == (believed["meter_start_wh"], believed["meter_stop_wh"])
    events = network.of("TransactionEvent")
    assert all(event.get("offline") for event in events)
    assert len(network.of("BootNotification")) == 2


async def test_gaps_come_and_go_and_lose_nothing(network: Network) -> None:
    report = await fleet(network, replace(BUSY, offline=2, duration_s=3.0)).run()

    assert report["counts"]["offline_gaps"] >= 2
    assert report["totals"]["delivered"] == report["totals"]["sessions"]
    assert set(_told_sessions(network)) == {row["transaction_id"] for row in report["sessions"]}


async def test_a_storm_drops_every_connection_and_loses_nothing(network: Network) -> None:
    report = await fleet(network, replace(BUSY, storm_every_s=500.0)).run()

    assert report["counts"]["storms"] >= 1
    assert report["counts"]["connections"] > 4
    assert report["totals"]["delivered"] == report["totals"]["sessions"] > 0


async def test_faulted_evses_tell_why_and_recover(network: Network) -> None:
    await fleet(network, replace(BUSY, faulted=2, speed=900.0, duration_s=4.0)).run()

    codes = {s["error_code"] for s in network.of("StatusNotification") if "error_code" in s}
    words = {s.get("connector_status") for s in network.of("StatusNotification")}
    assert len(codes) > 1 or "Faulted" in words
    after_fault = [
        [s.get("status") or s.get("connector_status") for s in network.of("StatusNotification", i)]
        for i in ("SIM1", "SIM2", "SIM3", "SIM4")
    ]
    assert any(
        "Faulted" in words and words[words.index("Faulted") :].count("Available")
        for words in after_fault
    )


async def test_a_network_that_is_not_there_yet_is_waited_for(network: Network) -> None:
    network.closed = True
    run = asyncio.create_task(fleet(network, replace(BUSY, duration_s=4.0)).run())
    await network.until(lambda: len(network.sockets) == 4)
    network.closed = False

    report = await run

    assert report["counts"]["boots"] >= 4


async def test_bad_meters_lie_and_the_ledger_knows_the_truth(network: Network) -> None:
    spec = StationSpec(
        identity="LIAR",
        meter_fault=MeterFault.ZERO_STOP,
        evses=(EvseSpec(1, 150_000.0, is_dc=True),),
        kind="corridor",
    )

    report = await fleet(network, replace(BUSY, least_busy=1.0), specs=[spec]).run()

    assert all(row["meter_stop_wh"] == 0 for row in report["sessions"])
    assert all(row["energy_wh"] > 0 for row in report["sessions"])
    assert {row["meter_fault"] for row in report["sessions"]} == {"zero_stop"}
    assert all(stop["meter_stop"] == 0 for stop in network.of("StopTransaction"))


def test_habits_are_given_by_seed() -> None:
    specs = make_fleet([f"S{n}" for n in range(60)], seed=1, versions=("1.6",), password=None)
    scenario = Scenario(seed=3, bad_meters=0.3, drifting=0.3)

    once, again = with_habits(specs, scenario), with_habits(specs, scenario)

    assert once == again
    assert 5 < sum(spec.meter_fault is not MeterFault.NONE for spec in once) < 35
    assert 5 < sum(spec.drift_s != 0 for spec in once) < 35


def test_a_fleet_without_tokens_is_refused_before_it_starts() -> None:
    specs = make_fleet(["A"], seed=1, versions=("1.6",), password=None)

    with pytest.raises(SpecError, match="no tokens"):
        Fleet(url="ws://127.0.0.1:1", specs=specs, scenario=BUSY, good={})
