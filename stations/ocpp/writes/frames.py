"""The frame journal: one row an exchange, written in the transaction of its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stations.ocpp.writes.base import Cursor, insert_rows, insertion

_TYPES = {
    "received_at": "timestamptz",
    "operator_id": "bigint",
    "station_id": "bigint",
    "generation": "bigint",
    "direction": "varchar",
    "ocpp_version": "varchar",
    "action": "varchar",
    "message_id": "varchar",
    "request": "text",
    "answer": "text",
    "outcome": "varchar",
    "error_code": "varchar",
    "answered_at": "timestamptz",
    "findings": "varchar",
}
_INSERT = insertion("stations_framejournal", _TYPES)


@dataclass(slots=True, eq=False)
class FrameRow:
    """One exchange; texts have their secrets masked already."""

    received_at: datetime
    operator_id: int
    station_id: int
    generation: int
    direction: str
    version: str
    action: str
    message_id: str
    request: str
    answer: str | None = None
    outcome: str = ""
    error_code: str = ""
    answered_at: datetime | None = None
    findings: str = ""


def insert_frames(cursor: Cursor, frames: Sequence[FrameRow]) -> None:
    """Append rows to the journal."""
    rows = [
        (
            row.received_at,
            row.operator_id,
            row.station_id,
            row.generation,
            row.direction,
            row.version,
            row.action[:60],
            row.message_id[:64],
            row.request,
            row.answer,
            row.outcome,
            row.error_code[:40],
            row.answered_at,
            row.findings[:400],
        )
        for row in frames
    ]
    insert_rows(cursor, _INSERT, _TYPES, rows)
