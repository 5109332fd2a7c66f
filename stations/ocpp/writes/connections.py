"""The beginning, the life and the end of connections: generations, last-seen, journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from stations.ocpp.writes.base import (
    Cursor,
    Write,
    columns,
    insert_rows,
    insertion,
)


@dataclass(slots=True, eq=False)
class ConnectedWrite(Write):
    """An accepted connection: takes the station's next generation number."""

    operator_id: int
    station_id: int
    bridge: str
    version: str
    remote_address: str
    at: datetime
    generation: int = 0

    order: ClassVar[int] = 5

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Number the connections, close our own outages, journal."""
        writes: list[ConnectedWrite] = sorted(batch, key=lambda w: w.station_id)
        for write in writes:
            row = cursor.execute(
                _CONNECT,
                [
                    write.station_id,
                    write.at,
                    write.bridge,
                    write.version,
                    write.remote_address,
                    write.at,
                ],
            ).fetchone()
            write.generation = row[0] if row else 0
        cursor.execute(
            "UPDATE stations_csmsoutage SET ended_at = u.at "
            "FROM unnest(%s::bigint[], %s::timestamptz[]) AS u(station_id, at) "
            "WHERE stations_csmsoutage.station_id = u.station_id AND ended_at IS NULL",
            columns([(w.station_id, w.at) for w in writes], 2),
        )
        journal_connections(
            cursor,
            [_connection_row(w, w.generation, "connected", w.remote_address) for w in writes],
        )


_CONNECT = """
INSERT INTO stations_stationlink AS l (station_id, generation, is_connected, connected_at, bridge,
  ocpp_version, remote_address, last_seen_at, boot_status, status, error_code, info)
VALUES (%s, 1, true, %s, %s, %s, %s, %s, 'none', 'unknown', '', '')
ON CONFLICT (station_id) DO UPDATE SET generation = l.generation + 1, is_connected = true,
  connected_at = excluded.connected_at, bridge = excluded.bridge,
  ocpp_version = excluded.ocpp_version, remote_address = excluded.remote_address,
  last_seen_at = excluded.last_seen_at
RETURNING generation
"""


@dataclass(slots=True, eq=False)
class DisconnectedWrite(Write):
    """The end of one connection. Never touches a newer one: the generation decides.

    ``kind``: disconnected, replaced, or csms_outage when we went away.
    """

    operator_id: int
    station_id: int
    generation: int
    bridge: str
    version: str
    at: datetime
    kind: str = "disconnected"
    close_code: int | None = None
    reason: str = ""

    order: ClassVar[int] = 90

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Mark links as disconnected where this was the newest connection; journal all."""
        writes: list[DisconnectedWrite] = sorted(batch, key=lambda w: w.station_id)
        cursor.execute(
            _DISCONNECT, columns([(w.station_id, w.generation, w.at) for w in writes], 3)
        )
        ours = [w for w in writes if w.kind == "csms_outage"]
        if ours:
            cursor.execute(
                _OUTAGE,
                columns(
                    [(w.operator_id, w.station_id, w.bridge, w.generation, w.at) for w in ours], 5
                ),
            )
        journal_connections(
            cursor,
            [
                _connection_row(w, w.generation, w.kind, "", w.close_code, w.reason[:255])
                for w in writes
            ],
        )


_DISCONNECT = """
UPDATE stations_stationlink l SET is_connected = false, disconnected_at = u.at
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS u(station_id, generation, at)
WHERE l.station_id = u.station_id AND l.generation = u.generation
"""
_OUTAGE = """
INSERT INTO stations_csmsoutage (operator_id, station_id, bridge, generation, began_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::varchar[], %s::bigint[], %s::timestamptz[])
ON CONFLICT (station_id, generation) DO NOTHING
"""


def _connection_row(
    w: ConnectedWrite | DisconnectedWrite,
    generation: int,
    kind: str,
    address: str,
    close_code: int | None = None,
    reason: str = "",
) -> tuple[Any, ...]:
    return (
        w.at,
        w.at,
        w.operator_id,
        w.station_id,
        generation,
        kind,
        w.bridge,
        w.version,
        address,
        close_code,
        reason,
    )


_CONNECTION_TYPES = {
    "received_at": "timestamptz",
    "happened_at": "timestamptz",
    "operator_id": "bigint",
    "station_id": "bigint",
    "generation": "bigint",
    "kind": "varchar",
    "bridge": "varchar",
    "ocpp_version": "varchar",
    "remote_address": "varchar",
    "close_code": "int",
    "reason": "varchar",
}
_CONNECTIONS = insertion("stations_connectionjournal", _CONNECTION_TYPES)


def journal_connections(cursor: Cursor, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append rows to the connection journal."""
    insert_rows(cursor, _CONNECTIONS, _CONNECTION_TYPES, rows)


@dataclass(slots=True, eq=False)
class SeenWrite(Write):
    """Many stations' last signs of life at once; ``stale`` lists replaced connections."""

    seen: Sequence[tuple[int, int, datetime]]  # station, generation, instant
    stale: tuple[int, ...] = ()

    order: ClassVar[int] = 2

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Flush last-seen in key order; a row that no longer has our generation is stale."""
        for write in batch:
            seen = cursor.execute(_SEEN, columns(sorted(write.seen), 3))
            kept = {row[0] for row in seen.fetchall()}
            cursor.execute(_BACK, [sorted(kept)])
            write.stale = tuple(s for s, _generation, _at in write.seen if s not in kept)


# A bridge that was taken for dead and was not: its stations are reachable again.
_BACK = """
UPDATE stations_csmsoutage SET ended_at = now()
WHERE station_id = ANY(%s::bigint[]) AND ended_at IS NULL
"""
_SEEN = """
UPDATE stations_stationlink l
SET last_seen_at = greatest(l.last_seen_at, u.at), is_connected = true
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS u(station_id, generation, at)
WHERE l.station_id = u.station_id AND l.generation = u.generation
RETURNING l.station_id
"""
