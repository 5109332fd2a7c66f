"""What a bridge does by the clock: lease, registry, last-seen, queued commands, set-up."""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from redis.exceptions import RedisError

from stations.ocpp.bridge import command_rows
from stations.ocpp.bridge.connection import REPLACED, Connection
from stations.ocpp.bridge.setup_plan import first_words, set_up_commands
from stations.ocpp.bridge.work import Work
from stations.ocpp.writes.connections import SeenWrite

if TYPE_CHECKING:
    from stations.ocpp.bridge.runtime import Runtime

logger = logging.getLogger(__name__)

LEASE_SECONDS = 5
REGISTRY_SECONDS = 10
SEEN_SECONDS = 10
PULL_SECONDS = 1
PARTITION_SECONDS = 3600
GREETING_SECONDS = 20
SPACING_SECONDS = 2

_TAKE = """
INSERT INTO stations_bridgelease (bridge, instance, started_at, renewed_at)
VALUES (%s, %s, now(), now())
ON CONFLICT (bridge) DO UPDATE SET instance = excluded.instance, started_at = now(),
  renewed_at = now(), stopped_at = NULL
"""
_RENEW = """
UPDATE stations_bridgelease SET renewed_at = now(), stopped_at = NULL
WHERE bridge = %s AND instance = %s
"""
_GIVE_BACK = """
UPDATE stations_bridgelease SET renewed_at = now(), stopped_at = now()
WHERE bridge = %s AND instance = %s
"""
END_CONNECTIONS = """
WITH gone AS (
  UPDATE stations_stationlink l SET is_connected = false, disconnected_at = lease.renewed_at
  FROM stations_bridgelease lease
  WHERE l.bridge = lease.bridge AND l.is_connected AND lease.bridge = %s
  RETURNING l.station_id, l.generation, l.bridge, l.ocpp_version, lease.renewed_at
), outages AS (
  INSERT INTO stations_csmsoutage (operator_id, station_id, bridge, generation, began_at)
  SELECT s.operator_id, gone.station_id, gone.bridge, gone.generation, gone.renewed_at
  FROM gone JOIN stations_station s ON s.id = gone.station_id
  ON CONFLICT (station_id, generation) DO NOTHING
)
INSERT INTO stations_connectionjournal (received_at, happened_at, operator_id, station_id,
  generation, kind, bridge, ocpp_version, reason)
SELECT now(), gone.renewed_at, s.operator_id, gone.station_id, gone.generation, 'csms_outage',
  gone.bridge, gone.ocpp_version, 'the bridge ended without a word'
FROM gone JOIN stations_station s ON s.id = gone.station_id
"""
"""Close the connections of a dead bridge at its last renewal: our outage, not theirs."""

_COMMAND = """
INSERT INTO stations_command (operator_id, public_id, station_id, origin, requested_by, reason,
  command, parameters, ocpp_version, action, payload, state, answer_status, error_code,
  error_text, message_id, bridge, created_at, expires_at)
VALUES (%s, %s, %s, 'system', 'system', %s, %s, '{}', %s, %s, %s, 'queued', '', '', '', '', '',
  now(), now() + interval '10 minutes')
RETURNING id
"""
_KNOWN_VALUES = """
SELECT component, variable, value FROM stations_devicevariable
WHERE station_id = %s AND attribute = 'Actual'
"""
_LEFT_OUT = "SELECT left_out FROM stations_setupplan WHERE station_id = %s"


async def take_lease(runtime: Runtime) -> None:
    """Start of life: an earlier bridge of this name that died is ended first."""
    async with runtime.pool.connection() as connection, connection.transaction():
        await connection.execute(END_CONNECTIONS, [runtime.name])
        await connection.execute(_TAKE, [runtime.name, runtime.instance])
        await connection.execute(
            "SELECT portal_ensure_partitions(current_date, "
            "(current_date + interval '3 months')::date)"
        )


async def give_lease_back(runtime: Runtime) -> None:
    """Orderly end of life."""
    async with runtime.pool.connection() as connection:
        await connection.execute(_GIVE_BACK, [runtime.name, runtime.instance])


async def renew_lease(runtime: Runtime) -> None:
    """Renew for ever; a failure is tried again with the next beat."""
    while True:
        await asyncio.sleep(LEASE_SECONDS)
        await _attempt(_execute(runtime, _RENEW, [runtime.name, runtime.instance]), "lease")


async def ensure_partitions(runtime: Runtime) -> None:
    """Keep three months of partitions ahead while the bridge lives."""
    while True:
        await asyncio.sleep(PARTITION_SECONDS)
        query = (
            "SELECT portal_ensure_partitions(current_date, "
            "(current_date + interval '3 months')::date)"
        )
        await _attempt(_execute(runtime, query, []), "partitions")


async def _execute(runtime: Runtime, query: str, parameters: list[Any]) -> None:
    async with runtime.pool.connection(timeout=LEASE_SECONDS) as connection:
        await connection.execute(query, parameters)


async def _attempt(work: Any, what: str) -> None:
    try:
        await work
    except Exception as error:
        logger.warning("%s: %s", what, error)


async def flush_seen(runtime: Runtime) -> None:
    """Write last signs of life in bulk; close connections that a newer one has replaced."""
    while True:
        await asyncio.sleep(SEEN_SECONDS)
        if not runtime.writer.is_up:
            continue
        live = [c for c in runtime.connections.values() if c.generation]
        if not live:
            continue
        write = SeenWrite([(c.station.id, c.generation, c.last_seen) for c in live])
        after = partial(_close_stale, runtime, write)
        runtime.writer.submit(Work(runtime.nobody, None, [write], after=after))


def _close_stale(runtime: Runtime, write: SeenWrite) -> None:
    generations = {station: generation for station, generation, _at in write.seen}
    for station_id in write.stale:
        connection = runtime.connections.get(station_id)
        if connection is not None and connection.generation == generations[station_id]:
            connection.close_soon(REPLACED, "replaced by a newer connection", kind="replaced")


async def follow_replacements(runtime: Runtime) -> None:
    """Close a connection here when its station comes in at another bridge."""
    while True:
        try:
            async with runtime.redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                await pubsub.subscribe("portal.bridge.replaced")
                async for message in pubsub.listen():
                    station_id, generation, instance = orjson.loads(message["data"])
                    connection = runtime.connections.get(station_id)
                    if (
                        connection is not None
                        and instance != str(runtime.instance)
                        and connection.generation < generation
                    ):
                        connection.close_soon(
                            REPLACED, "replaced by a newer connection", kind="replaced"
                        )
        except (RedisError, OSError, orjson.JSONDecodeError, ValueError) as error:
            logger.warning("replacements: %s", error)
            await asyncio.sleep(1)


async def publish_registry(runtime: Runtime) -> None:
    """Say which stations are here; a picture for other processes, never the truth."""
    while True:
        registry: dict[Any, Any] = {
            str(station): connection.generation
            for station, connection in runtime.connections.items()
        }
        key = f"portal.bridge.{runtime.name}"
        try:
            pipeline = runtime.redis.pipeline()
            pipeline.delete(key)
            if registry:
                pipeline.hset(key, mapping=registry)
                pipeline.expire(key, REGISTRY_SECONDS * 3)
            await pipeline.execute()
        except (RedisError, OSError) as error:
            logger.warning("registry: %s", error)
        await asyncio.sleep(REGISTRY_SECONDS)


async def pull_commands(runtime: Runtime) -> None:
    """Find queued commands of our stations, so that a lost task loses nothing."""
    while True:
        await asyncio.sleep(PULL_SECONDS)
        if runtime.connections:
            await _attempt(_pull(runtime), "commands")


async def _pull(runtime: Runtime) -> None:
    for command_id, station_id in await command_rows.queued(
        runtime.pool, list(runtime.connections)
    ):
        connection = runtime.connections.get(station_id)
        if connection is not None:
            connection.commander.enqueue(command_id)


async def greet(runtime: Runtime, connection: Connection) -> None:
    """A station that comes back without booting is asked, best effort, what it is up to."""
    if connection.station.hands_off:
        return
    await asyncio.sleep(GREETING_SECONDS)
    if connection.has_booted or not _is_current(runtime, connection):
        return
    for action, payload in first_words(connection.version):
        await _attempt(_queue(runtime, connection, action, payload, "reconnected"), "greeting")
        await asyncio.sleep(SPACING_SECONDS)


async def set_up(runtime: Runtime, connection: Connection) -> None:
    """After a boot: metering that prices can rely on; only what differs, spaced out."""
    await asyncio.sleep(SPACING_SECONDS)
    async with runtime.pool.connection() as db:
        cursor = await db.execute(_KNOWN_VALUES, [connection.station.id])
        known = {(row[0], row[1]): row[2] for row in await cursor.fetchall()}
        plan = await (await db.execute(_LEFT_OUT, [connection.station.id])).fetchone()
    left_out = plan[0] if plan else []
    for action, payload in set_up_commands(connection.version, known, left_out):
        if not _is_current(runtime, connection):
            return
        await _attempt(_queue(runtime, connection, action, payload, "set-up"), "set-up")
        await asyncio.sleep(SPACING_SECONDS)


def _is_current(runtime: Runtime, connection: Connection) -> bool:
    return runtime.connections.get(connection.station.id) is connection


async def _queue(
    runtime: Runtime, connection: Connection, action: str, payload: dict[str, Any], reason: str
) -> None:
    station = connection.station
    values = [
        station.operator_id,
        "cmd_" + secrets.token_hex(8),
        station.id,
        reason,
        "",
        connection.version,
        action,
        orjson.dumps(payload).decode(),
    ]
    async with runtime.pool.connection() as db:
        cursor = await db.execute(_COMMAND, values)
        row = await cursor.fetchone()
    if row is not None:
        connection.commander.enqueue(row[0])
    logger.debug("queued %s at %s", action, datetime.now(UTC))
