"""Messages that the database refused, kept raw for a person to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stations.ocpp.writes.base import Cursor

if TYPE_CHECKING:
    from stations.ocpp.bridge.work import Work

_INSERT = """INSERT INTO stations_parkedmessage
(operator_id, station_id, received_at, ocpp_version, action, raw, error)
VALUES (%s, %s, coalesce(%s, now()), %s, %s, %s, %s)"""


def _plain(text: str) -> str:
    """The text without what PostgreSQL or UTF-8 refuse."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def park(cursor: Cursor, work: Work, error: Exception) -> None:
    """Store the raw message with what the database said of it."""
    frame = work.frame
    cursor.execute(
        _INSERT,
        [
            work.station.operator_id,
            work.station.id,
            work.received_at,
            frame.version if frame else "",
            frame.action[:60] if frame else "",
            work.raw,
            _plain(f"{type(error).__name__}: {error}")[:2000],
        ],
    )
