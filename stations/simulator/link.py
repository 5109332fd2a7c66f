"""Keeping a simulated station connected: socket, boot, heartbeats, back-off."""

from __future__ import annotations

import asyncio
import base64
import logging
from typing import Any, Final
from urllib.parse import quote

from ocpp.exceptions import OCPPError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.typing import Subprotocol

from stations.simulator.endings import end_tasks
from stations.simulator.specs import StationSpec
from stations.simulator.station import SimStation
from stations.simulator.v16.point import Point16
from stations.simulator.v201.point import Point201

LOGGER = logging.getLogger("stations.simulator.link")
SUBPROTOCOLS: Final = {"1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1"}
LONGEST_WAIT_S: Final = 30.0
_RETRY_S: Final = 2.0


async def keep_connected(station: SimStation, url: str) -> None:
    """Connect, talk, connect again, for ever. ``url`` is the bridge's, without identity."""
    failures = 0
    while True:
        await station.wanted.wait()
        try:
            async with _open(station, url) as socket:
                station.world.ledger.count("connections")
                failures = 0
                await _talk(station, socket)
        except InvalidHandshake as error:
            failures += 1
            station.world.ledger.count("handshakes_refused")
            LOGGER.info("%s: refused: %s", station.spec.identity, error)
        except (OSError, TimeoutError, WebSocketException) as error:
            failures += 1
            LOGGER.info("%s: no connection: %s", station.spec.identity, error)
        finally:
            station.detach()
        longest_s = min(LONGEST_WAIT_S, 0.5 * 2 ** min(failures, 8))
        await asyncio.sleep(station.rng.uniform(0.3, 1.0) * longest_s)


def _open(station: SimStation, url: str) -> connect:
    spec = station.spec
    return connect(
        f"{url.rstrip('/')}/{quote(spec.identity, safe='')}",
        subprotocols=[Subprotocol(SUBPROTOCOLS[spec.version])],
        additional_headers=_authorization(spec),
        user_agent_header=f"{spec.vendor.encode('ascii', 'ignore').decode()}-sim",
        compression=None,
        proxy=None,
        open_timeout=20,
        close_timeout=2,
        ping_interval=60,
        ping_timeout=60,
        max_size=1_000_000,
    )


def _authorization(spec: StationSpec) -> dict[str, str]:
    if spec.password is None:
        return {}
    pair = f"{spec.identity}:{spec.password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


async def _talk(station: SimStation, socket: ClientConnection) -> None:
    """Use one connection until either side drops it."""
    point: Any = (Point16 if station.spec.version == "1.6" else Point201)(station, socket)
    tasks = [
        asyncio.create_task(point.start()),
        asyncio.create_task(_work(station, point)),
        asyncio.create_task(station.cut.wait()),
    ]
    try:
        done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await end_tasks(tasks)


async def _work(station: SimStation, point: Any) -> None:
    """Boot, tell all statuses, then send what is queued and heartbeats."""
    interval_s = await _boot(station, point)
    for number in (0, *station.evses):
        status, error, info = station.words(number)
        await point.status(number, status, error, info, station.now())
    station.attach(point)
    beats = asyncio.create_task(_beat(station, interval_s))
    try:
        await station.outbox.pump(point, _RETRY_S)
    finally:
        await end_tasks([beats])


async def _boot(station: SimStation, point: Any) -> int:
    """Boot until accepted; the heartbeat interval in (real) seconds."""
    while True:
        try:
            booted = await point.boot(station.memory.boot_reason)
        except OCPPError:
            await asyncio.sleep(_RETRY_S)
            continue
        if booted.accepted:
            station.world.ledger.count("boots")
            return max(5, booted.interval_s or 300)
        await asyncio.sleep(min(max(1, booted.interval_s), 60))


async def _beat(station: SimStation, interval_s: int) -> None:
    while True:
        await asyncio.sleep(interval_s * station.rng.uniform(0.95, 1.0))
        station.tell(lambda wire: wire.heartbeat())
