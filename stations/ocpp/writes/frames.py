"""The frame journal: one row an exchange, written in the transaction of its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stations.ocpp.writes.base import Cursor

_COPY = """COPY stations_framejournal (received_at, operator_id, station_id, generation,
direction, ocpp_version, action, message_id, request, answer, outcome, error_code, answered_at,
findings) FROM STDIN"""


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


async def copy_frames(cursor: Cursor, rows: Sequence[FrameRow]) -> None:
    """Append rows to the journal in one COPY."""
    if not rows:
        return
    async with cursor.copy(_COPY) as copy:
        for row in rows:
            await copy.write_row(
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
            )
