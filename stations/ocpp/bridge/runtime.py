"""One bridge: its loop, writer, connections, lease and registry."""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import orjson
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis
from websockets.asyncio.server import Server, ServerConnection

from stations.ocpp.answers import apply_answer
from stations.ocpp.bridge import chores, command_rows, metrics
from stations.ocpp.bridge.authorise import Authoriser
from stations.ocpp.bridge.connection import GOING_AWAY, REPLACED, Connection
from stations.ocpp.bridge.directory import KnownStation, Pool
from stations.ocpp.bridge.limits import AttemptLimiter
from stations.ocpp.bridge.publisher import Publisher
from stations.ocpp.bridge.server import Gate
from stations.ocpp.bridge.work import Work
from stations.ocpp.bridge.writer import Writer
from stations.ocpp.wire.validators import warm_up
from stations.ocpp.writes.commands import CommandWrite
from stations.ocpp.writes.connections import ConnectedWrite, DisconnectedWrite

logger = logging.getLogger(__name__)
T = TypeVar("T")

HEARTBEAT_SECONDS = 300
NUMBERING_SECONDS = 30
DRAIN_SECONDS = 10


class BridgeSettings(Protocol):
    """The Django settings that the bridge reads."""

    BRIDGE_HOST: str
    BRIDGE_PORT: int
    BRIDGE_TLS_PORT: int
    BRIDGE_TLS_CERT: Any
    BRIDGE_TLS_KEY: Any
    BRIDGE_NAME: str
    REDIS_URL: str
    STATION_KEY: str
    ALLOW_PROFILE_0: bool
    TRUSTED_PROXIES: list[str]


class Refused:
    """Where the refusal of work goes that answers no station (``work.Answering``)."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell

    def answer(self, frame: bytes) -> None:
        """There is nothing to answer."""

    def give_up(self, reason: str) -> None:
        """The work was not done."""
        self._tell()


class Runtime:
    """Everything that one bridge process owns. Lives on one event loop."""

    def __init__(self, settings: BridgeSettings, dsn: str) -> None:
        self.settings = settings
        self.name = settings.BRIDGE_NAME
        self.instance = uuid.uuid4()
        self.dsn = dsn
        self.connections: dict[int, Connection] = {}
        self.attempts = AttemptLimiter()
        self.authorise = Authoriser()
        self.nobody = KnownStation(0, 0, 0, "", 0, "", "", False, ZoneInfo("UTC"), False, False)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._servers: list[Server] = []
        self._answers = ThreadPoolExecutor(2, thread_name_prefix="answers")
        self._is_stopping = False
        self._arriving = 0  # connections that wait for their number
        self.ports: list[int] = []

    async def open(self) -> None:
        """Connect to the servers, take the lease, listen."""
        self.pool: Pool = AsyncConnectionPool(
            self.dsn, min_size=1, max_size=6, open=False, kwargs={"autocommit": True}
        )
        await self.pool.open()
        self.redis = Redis.from_url(self.settings.REDIS_URL)
        self.publisher = Publisher(self.redis)
        self.writer = Writer(self.dsn, published=self.publisher.committed)
        await self.writer.open()
        warm_up("1.6")
        warm_up("2.0.1")
        await chores.take_lease(self)
        gate = Gate(self)
        host = self.settings.BRIDGE_HOST
        if self.settings.BRIDGE_PORT:  # -1: any free port
            self._servers.append(await gate.listen(host, max(self.settings.BRIDGE_PORT, 0)))
        if self.settings.BRIDGE_TLS_PORT:
            tls, port = _tls(self.settings), max(self.settings.BRIDGE_TLS_PORT, 0)
            self._servers.append(await gate.listen(host, port, tls))
        self.ports = [s.sockets[0].getsockname()[1] for s in self._servers]
        for chore in (
            self.publisher.run(),
            chores.renew_lease(self),
            chores.flush_seen(self),
            chores.publish_registry(self),
            chores.pull_commands(self),
            chores.follow_replacements(self),
            chores.ensure_partitions(self),
        ):
            self.spawn(chore)
        logger.info("bridge %s listens on %s:%s", self.name, host, self.ports)

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something in the background and keep hold of it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def heartbeat_interval(self) -> int:
        """Seconds; spread, so that a fleet that reconnects together drifts apart."""
        return HEARTBEAT_SECONDS + random.randint(0, HEARTBEAT_SECONDS // 10)  # noqa: S311 - no secret

    # Connections

    async def serve(
        self, socket: ServerConnection, station: KnownStation, version: str, source: str
    ) -> None:
        """Number the connection, replace an older one, read to the end, journal the end."""
        if self._is_stopping:
            await socket.close(GOING_AWAY, "bridge stops")
            return
        connection = Connection(self, socket, station, version)
        self._arriving += 1
        try:
            is_numbered = await self._number(connection, source)
        finally:
            self._arriving -= 1
        if not is_numbered:
            await socket.close(1013, "try again later")
            return
        if self._stops_now():
            self._ended(connection, socket)
            await socket.close(GOING_AWAY, "bridge stops")
            return
        older = self.connections.get(station.id)
        if older is not None and older.generation > connection.generation:
            connection.close_kind = "replaced"
            self._ended(connection, socket)
            await socket.close(REPLACED, "replaced by a newer connection")
            return
        self.connections[station.id] = connection
        if older is not None:
            older.close_soon(REPLACED, "replaced by a newer connection", kind="replaced")
        self.publisher.channel(
            "portal.bridge.replaced",
            orjson.dumps([station.id, connection.generation, str(self.instance)]),
        )
        metrics.CONNECTIONS.labels(version).inc()
        self.spawn(chores.greet(self, connection))
        try:
            await connection.read()
        finally:
            metrics.CONNECTIONS.labels(version).dec()
            self._ended(connection, socket)

    def _stops_now(self) -> bool:
        """Asked anew after waiting: the bridge may have begun to stop meanwhile."""
        return self._is_stopping

    async def _number(self, connection: Connection, source: str) -> bool:
        station = connection.station
        numbered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        write = ConnectedWrite(
            operator_id=station.operator_id,
            station_id=station.id,
            bridge=self.name,
            version=connection.version,
            remote_address=source[:64],
            at=datetime.now(UTC),
        )

        def settle(is_numbered: bool) -> None:
            connection.generation = write.generation if is_numbered else 0
            if not numbered.done():
                numbered.set_result(is_numbered)
            elif is_numbered:  # nobody waits any more: take the number back
                self._ended(connection, connection.socket)

        self.writer.submit(
            Work(
                station,
                None,
                [write],
                after=lambda: settle(True),
                target=Refused(lambda: settle(False)),
                critical=True,
            )
        )
        try:
            return await asyncio.wait_for(numbered, NUMBERING_SECONDS)
        except TimeoutError:
            return False

    def _ended(self, connection: Connection, socket: ServerConnection) -> None:
        station = connection.station
        if self.connections.get(station.id) is connection:
            del self.connections[station.id]
        connection.commander.connection_lost()
        kind = connection.close_kind
        if self._is_stopping and kind == "disconnected":
            kind = "csms_outage"
        self.writer.submit(
            Work(
                station,
                None,
                [
                    DisconnectedWrite(
                        operator_id=station.operator_id,
                        station_id=station.id,
                        generation=connection.generation,
                        bridge=self.name,
                        version=connection.version,
                        at=datetime.now(UTC),
                        kind=kind,
                        close_code=socket.close_code,
                        reason=connection.close_reason or socket.close_reason or "",
                    )
                ],
                kept=True,
            )
        )

    def booted(self, connection: Connection) -> None:
        """After an accepted boot: set the station up, unless hands are off."""
        if not connection.station.hands_off:
            self.spawn(chores.set_up(self, connection))

    # Commands

    async def deliver(self, command_id: int) -> None:
        """A command was queued for a station of ours."""
        station_id = await command_rows.station_of(self.pool, command_id)
        connection = self.connections.get(station_id) if station_id is not None else None
        if connection is not None:
            connection.commander.enqueue(command_id)

    def announce_command(self, claimed: command_rows.Claimed) -> None:
        """Tell open pages and waiting callers that the command changed."""
        self.publisher.topic(claimed.operator_id, f"command.{claimed.public_id}", "state")
        self.publisher.channel(f"portal.command.{claimed.id}", b"changed")

    def finished_command(self, claimed: command_rows.Claimed, write: CommandWrite) -> None:
        """The result is committed: apply what it means, then tell."""
        if write.state == "answered":
            self.spawn(self._apply(claimed))
        else:
            self.announce_command(claimed)

    async def _apply(self, claimed: command_rows.Claimed) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._answers, apply_answer, claimed.id)
        except Exception:
            logger.exception("the answer of command %s could not be applied", claimed.id)
        self.announce_command(claimed)

    # The end

    async def close(self) -> None:
        """Take no more, close sockets, let everything read be written, give the lease back."""
        self._is_stopping = True
        for server in self._servers:
            server.close(close_connections=False)
        for connection in list(self.connections.values()):
            connection.close_soon(GOING_AWAY, "bridge stops", kind="csms_outage")
        for _attempt in range(100):
            if not self.connections and not self._arriving:
                break
            await asyncio.sleep(0.05)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.writer.drain(), DRAIN_SECONDS)
        await self.publisher.flush()
        with suppress(Exception):
            await chores.give_lease_back(self)
        for task in list(self._tasks):
            task.cancel()
        await self.writer.close(1)
        self.authorise.close()
        self._answers.shutdown(wait=False)
        await self.pool.close()
        await self.redis.aclose()


def _tls(settings: BridgeSettings) -> ssl.SSLContext:
    """Server side TLS 1.2 and newer (OCPP security profile 2, A00.FR.312)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.BRIDGE_TLS_CERT, settings.BRIDGE_TLS_KEY)
    return context
