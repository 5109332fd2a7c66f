"""Command rows as the bridge reads and claims them; raw SQL, no ORM on the loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from stations.ocpp.bridge.directory import Pool
from stations.ocpp.wire.masking import mask

_LOCK = """
SELECT id, operator_id, public_id, action, payload, ocpp_version FROM stations_command
WHERE id = %s AND station_id = %s AND state = 'queued' AND expires_at > now()
  AND NOT (origin = 'system' AND action IN ('Reset', 'UnlockConnector') AND EXISTS (
    SELECT 1 FROM stations_session s
    WHERE s.station_id = stations_command.station_id AND s.state = 'active'))
FOR UPDATE
"""
"""What nobody asked for is looked at once more here, since charging may have begun meanwhile."""
_CLAIM = """
UPDATE stations_command SET state = 'sent', sent_at = now(), message_id = %s, generation = %s,
  bridge = %s, payload = %s::jsonb WHERE id = %s
"""
_WRONG_VERSION = """
UPDATE stations_command SET state = 'failed', finished_at = now(), error_code = 'version_changed',
  error_text = %s, generation = %s, bridge = %s, payload = %s::jsonb WHERE id = %s
"""
_QUEUED = """
SELECT c.id, c.station_id FROM stations_command c
WHERE c.state = 'queued' AND c.station_id = ANY(%s::bigint[]) AND c.expires_at > now()
ORDER BY c.id LIMIT 1000
"""
_STATION = "SELECT station_id FROM stations_command WHERE id = %s AND state = 'queued'"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A command that this connection now owns."""

    id: int
    operator_id: int
    public_id: str
    action: str
    payload: dict[str, Any]


async def claim(
    pool: Pool,
    command_id: int,
    *,
    station_id: int,
    version: str,
    message_id: str,
    generation: int,
    bridge: str,
) -> Claimed | None:
    """Move a queued command to ``sent``; None if it is no longer queued or has expired.

    A command that was made for another version of OCPP than the station speaks now fails.
    The stored payload has its secrets masked from here on.
    """
    async with pool.connection() as connection, connection.transaction():
        cursor = await connection.execute(_LOCK, [command_id, station_id])
        row = await cursor.fetchone()
        if row is None:
            return None
        masked = orjson.dumps(mask(row[4])).decode()
        if row[5] and row[5] != version:
            text = f"Made for OCPP {row[5]}, but the station speaks {version} now; send it again"
            await connection.execute(_WRONG_VERSION, [text, generation, bridge, masked, row[0]])
            return None
        await connection.execute(_CLAIM, [message_id, generation, bridge, masked, command_id])
    return Claimed(row[0], row[1], row[2], row[3], row[4])


async def queued(pool: Pool, station_ids: list[int]) -> list[tuple[int, int]]:
    """Queued commands (id, station) of these stations, oldest first."""
    async with pool.connection() as connection:
        cursor = await connection.execute(_QUEUED, [station_ids])
        return [(row[0], row[1]) for row in await cursor.fetchall()]


async def station_of(pool: Pool, command_id: int) -> int | None:
    """The station of a queued command."""
    async with pool.connection() as connection:
        cursor = await connection.execute(_STATION, [command_id])
        row = await cursor.fetchone()
    return row[0] if row else None
