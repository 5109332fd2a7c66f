"""What stations remember across a restart of the simulator."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from stations.simulator.battery import arriving_battery
from stations.simulator.evse import Arrival
from stations.simulator.fleet import Fleet
from stations.simulator.scenario import Scenario
from stations.simulator.specs import EvseSpec, StationSpec
from stations.simulator.tests.network import Network, running

QUIET = Scenario(seed=1, speed=60.0, most_busy=0.0, boot_spread_s=0.01)
DC = EvseSpec(1, 150_000.0, is_dc=True)


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """A network side that remembers what it is told."""
    async with running() as network:
        yield network


def fleet(network: Network, version: str, memory: Path) -> Fleet:
    """One fast station that remembers."""
    spec = StationSpec(identity="KEEPS", version=version, kind="corridor", evses=(DC,))
    return Fleet(url=network.url, specs=[spec], scenario=QUIET, good={"": ["AB"]}, memory=memory)


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_a_session_cut_short_is_ended_after_the_restart(
    network: Network, version: str, tmp_path: Path
) -> None:
    first = fleet(network, version, tmp_path / "memory.json")
    stop = asyncio.Event()
    task = asyncio.create_task(first.run(stop))
    await network.until(lambda: len(network.of("StatusNotification")) >= 2)
    evse = first.stations[0].evses[1]
    battery = arriving_battery(random.Random(1), dc=True, shrink=60.0)
    evse.signals.put_nowait(Arrival("AB", battery, 0.0))
    await network.until(lambda: evse.tx is not None and evse.tx.id is not None)
    await network.until(
        lambda: network.of("MeterValues") or len(network.of("TransactionEvent")) > 2
    )
    stop.set()
    await task
    register_wh = evse.meter.register_wh
    assert not network.of("StopTransaction")

    second = fleet(network, version, tmp_path / "memory.json")
    stop = asyncio.Event()
    task = asyncio.create_task(second.run(stop))
    # Heard by the network, and its answer heard by the station.
    await network.until(
        lambda: second.stations and _ended(network) and not len(second.stations[0].outbox)
    )
    stop.set()
    report = await task

    assert _ended(network) == [pytest.approx(register_wh, abs=1.1)]
    assert second.stations[0].evses[1].meter.register_wh == pytest.approx(register_wh, abs=0.1)
    [believed] = report["sessions"]
    assert (believed["reason"], believed["delivered"]) == ("PowerLoss", True)


def _ended(network: Network) -> list[float]:
    """Registers at the end of sessions that lost power."""
    stops = [s["meter_stop"] for s in network.of("StopTransaction") if s["reason"] == "PowerLoss"]
    return stops + [
        event["meter_value"][0]["sampled_value"][0]["value"]
        for event in network.of("TransactionEvent")
        if event["transaction_info"].get("stopped_reason") == "PowerLoss"
    ]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"KEEPS": {"1": {}}}', '{"KEEPS": 5}'])
async def test_a_damaged_file_is_no_reason_not_to_start(
    network: Network, tmp_path: Path, content: str
) -> None:
    (tmp_path / "memory.json").write_text(content)
    run = fleet(network, "1.6", tmp_path / "memory.json")
    run.scenario = replace(QUIET, duration_s=0.6)

    report = await run.run()

    assert report["counts"]["boots"] == 1
