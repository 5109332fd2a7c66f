"""Status and boot of stations, and places that nobody entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import orjson

from stations.ocpp.writes.base import (
    Cursor,
    Write,
    columns,
    insert_rows,
    insertion,
    records,
    recordset,
)


@dataclass(slots=True, eq=False)
class StatusWrite(Write):
    """A reported status. EVSE 0 is the station itself; connector 0 a whole EVSE."""

    operator_id: int
    station_id: int
    generation: int
    received_at: datetime
    evse_number: int
    connector_number: int
    status: str
    status_raw: str
    error_code: str = ""
    vendor_error_code: str = ""
    vendor_id: str = ""
    info: str = ""
    station_at: datetime | None = None
    station_at_raw: str = ""
    is_current: bool = True  # False: reported late, journalled without touching the state

    order: ClassVar[int] = 20

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Journal every status; keep the last one on connector or station."""
        writes: list[StatusWrite] = list(batch)
        current = {
            (w.station_id, w.evse_number, w.connector_number): w for w in writes if w.is_current
        }
        latest = [current[key] for key in sorted(current)]
        placed = [w for w in latest if w.evse_number > 0]
        if placed:
            _update_connectors(cursor, placed)
        stations = [w for w in latest if w.evse_number == 0]
        if stations:
            cursor.execute(_STATIONS, [records(_TYPES, map(_row, stations))])
        insert_rows(cursor, _JOURNAL, _JOURNAL_TYPES, map(_journal_row, writes))


def _update_connectors(cursor: Cursor, placed: Sequence[StatusWrite]) -> None:
    """Nearly always all connectors are there; those that are not are made, then updated."""
    rows = {(w.station_id, w.evse_number, max(w.connector_number, 1)): w for w in placed}
    updated = cursor.execute(_CONNECTORS, [records(_TYPES, map(_row, placed))])
    missing = rows.keys() - {tuple(row) for row in updated.fetchall()}
    if not missing:
        return
    late = [rows[key] for key in sorted(missing)]
    ensure_connectors(
        cursor, [(w.operator_id, *key) for key, w in zip(sorted(missing), late, strict=True)]
    )
    cursor.execute(_CONNECTORS, [records(_TYPES, map(_row, late))])


def _row(w: StatusWrite) -> tuple[Any, ...]:
    return (
        w.operator_id,
        w.station_id,
        w.evse_number,
        max(w.connector_number, 1),
        w.generation,
        w.received_at,
        w.status,
        w.status_raw[:40],
        w.error_code[:50],
        w.vendor_error_code[:64],
        w.info[:255],
        w.station_at,
    )


def _journal_row(w: StatusWrite) -> tuple[Any, ...]:
    return (
        w.received_at,
        w.operator_id,
        w.station_id,
        w.evse_number,
        w.connector_number,
        w.status,
        w.status_raw[:40],
        w.error_code[:50],
        w.vendor_error_code[:64],
        w.vendor_id[:255],
        w.info[:255],
        w.station_at,
        w.station_at_raw[:40],
        w.generation,
    )


_TYPES = {
    "operator_id": "bigint",
    "station_id": "bigint",
    "evse_number": "int",
    "connector_number": "int",
    "generation": "bigint",
    "received_at": "timestamptz",
    "status": "varchar",
    "status_raw": "varchar",
    "error_code": "varchar",
    "vendor_error_code": "varchar",
    "info": "varchar",
    "station_at": "timestamptz",
}
_ROWS = recordset(_TYPES)

_CONNECTORS = f"""
UPDATE stations_connector c SET status = u.status, status_raw = u.status_raw,
  error_code = u.error_code, vendor_error_code = u.vendor_error_code, info = u.info,
  status_at = u.station_at, status_received_at = u.received_at
FROM {_ROWS}
JOIN stations_evse e ON e.station_id = u.station_id AND e.number = u.evse_number
WHERE c.evse_id = e.id AND c.number = u.connector_number
RETURNING u.station_id, u.evse_number, u.connector_number
"""  # noqa: S608 - no outside text

_STATIONS = f"""
UPDATE stations_stationlink l SET status = u.status, error_code = u.error_code, info = u.info,
  status_at = coalesce(u.station_at, u.received_at)
FROM {_ROWS}
WHERE l.station_id = u.station_id AND l.generation <= u.generation
"""  # noqa: S608 - no outside text

_JOURNAL_TYPES = {
    "received_at": "timestamptz",
    "operator_id": "bigint",
    "station_id": "bigint",
    "evse_number": "int",
    "connector_number": "int",
    "status": "varchar",
    "status_raw": "varchar",
    "error_code": "varchar",
    "vendor_error_code": "varchar",
    "vendor_id": "varchar",
    "info": "varchar",
    "station_at": "timestamptz",
    "station_at_raw": "varchar",
    "generation": "bigint",
}
_JOURNAL = insertion("stations_statusjournal", _JOURNAL_TYPES)

_MISSING = """
SELECT u.operator_id, u.station_id, u.evse_number, u.connector_number, e.id
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[])
  AS u(operator_id, station_id, evse_number, connector_number)
LEFT JOIN stations_evse e ON e.station_id = u.station_id AND e.number = u.evse_number
LEFT JOIN stations_connector c ON c.evse_id = e.id AND c.number = u.connector_number
WHERE c.id IS NULL
"""
_NEW_EVSE = """
INSERT INTO stations_evse (operator_id, station_id, number, current_type, phases, is_confirmed)
SELECT DISTINCT operator_id, station_id, number, 'AC_3_PHASE', 3, false
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS u(operator_id, station_id, number)
ON CONFLICT (station_id, number) DO NOTHING
"""
_NEW_CONNECTOR = """
INSERT INTO stations_connector (operator_id, evse_id, number, connector_type, is_tethered,
  is_confirmed, status, status_raw, error_code, vendor_error_code, info)
SELECT DISTINCT u.operator_id, e.id, u.connector_number, 'UNKNOWN', false, false, 'unknown',
  '', '', '', ''
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[])
  AS u(operator_id, station_id, evse_number, connector_number)
JOIN stations_evse e ON e.station_id = u.station_id AND e.number = u.evse_number
ON CONFLICT (evse_id, number) DO NOTHING
"""
Place = tuple[int, int, int, int]
"""Operator, station, EVSE number, connector number."""
HIGHEST_NUMBER = 200
"""EVSE and connector numbers above this are journalled, but make no rows."""


def ensure_connectors(cursor: Cursor, reported: Sequence[Place]) -> None:
    """Create EVSEs and connectors that a station reports and nobody entered, unconfirmed."""
    wanted = [place for place in reported if max(place[2:]) <= HIGHEST_NUMBER]
    missing = cursor.execute(_MISSING, columns(wanted, 4)).fetchall()
    if not missing:
        return
    without_evse = [row[:3] for row in missing if row[4] is None]
    if without_evse:
        cursor.execute(_NEW_EVSE, columns(without_evse, 3))
    cursor.execute(_NEW_CONNECTOR, columns([row[:4] for row in missing], 4))


@dataclass(slots=True, eq=False)
class BootWrite(Write):
    """What a station said of itself when it booted, and what we answered."""

    station_id: int
    generation: int
    received_at: datetime
    status: str
    vendor: str
    model: str
    serial_number: str
    firmware_version: str
    info: dict[str, Any]

    order: ClassVar[int] = 15

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Keep the latest boot of each station."""
        last = {w.station_id: w for w in batch}
        rows = [
            (
                w.station_id,
                w.generation,
                w.received_at,
                w.status,
                w.vendor[:64],
                w.model[:64],
                w.serial_number[:64],
                w.firmware_version[:64],
                orjson.dumps(w.info).decode(),
            )
            for w in sorted(last.values(), key=lambda w: w.station_id)
        ]
        values = columns(rows, 9)
        cursor.execute(_BOOT_STATION, [values[0], *values[4:]])
        cursor.execute(_BOOT_LINK, values[:4])


_BOOT_STATION = """
UPDATE stations_station s SET vendor = u.vendor, model = u.model,
  serial_number = u.serial_number, firmware_version = u.firmware_version, boot_info = u.info
FROM unnest(%s::bigint[], %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::jsonb[])
  AS u(station_id, vendor, model, serial_number, firmware_version, info)
WHERE s.id = u.station_id
"""
_BOOT_LINK = """
UPDATE stations_stationlink l SET boot_status = u.status, booted_at = u.received_at
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::varchar[])
  AS u(station_id, generation, received_at, status)
WHERE l.station_id = u.station_id AND l.generation <= u.generation
"""
