"""Committing batches of work: the blocking half of group commit, in a thread of its own.

A thread, because waiting for the server then costs the event loop nothing, and because
psycopg's blocking calls wait in C where its asynchronous ones wait in Python.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg

from core.search.sql import LATER
from stations.ocpp.bridge import metrics
from stations.ocpp.bridge.work import Work
from stations.ocpp.writes.base import Cursor, Write
from stations.ocpp.writes.frames import insert_frames
from stations.ocpp.writes.parking import park
from stations.ocpp.writes.pipe import Pipe

logger = logging.getLogger(__name__)

LOST = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError, OSError)
# Passing faults of a healthy server: the same batch is tried again as it is.
_AGAIN = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


class DatabaseAway(Exception):
    """The database cannot take anything now; it is no fault of the data."""


class Committer:
    """Owns one connection. ``committed`` is told of every part of a batch as soon as it is
    in the database, ``refused`` of work that could not even be parked."""

    def __init__(
        self,
        dsn: str,
        *,
        committed: Callable[[Sequence[Work]], None],
        refused: Callable[[Work], None],
    ) -> None:
        self._dsn = dsn
        self._committed = committed
        self._refused = refused
        self._connection: psycopg.Connection[Any] | None = None

    def connect(self) -> None:
        """A fresh connection in place of the one there was."""
        self.close()
        self._connection = psycopg.connect(self._dsn, autocommit=True, connect_timeout=5)
        self._connection.execute(f"SET {LATER} = 'on'")
        self._pipe = Pipe(self._connection)

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()

    def write(self, batch: Sequence[Work]) -> None:
        """Commit ``batch`` or, where the database refuses data, its parts.

        Raises DatabaseAway when the server is gone; what was committed by then was told.
        """
        began = time.perf_counter()
        try:
            self._transact_again(batch)
        except Exception as error:
            if _is_away(error):
                raise DatabaseAway(str(error)) from error
            if len(batch) > 1:
                middle = len(batch) // 2
                self.write(batch[:middle])
                self.write(batch[middle:])
            else:
                self._park(batch[0], error)
            return
        metrics.BATCH_SIZE.observe(len(batch))
        metrics.COMMIT_SECONDS.observe(time.perf_counter() - began)
        self._committed(batch)

    def _transact_again(self, batch: Sequence[Work]) -> None:
        self._open()
        try:
            self._pipe.transact(lambda cursor: _write(cursor, batch))
        except _AGAIN:
            self._pipe.transact(lambda cursor: _write(cursor, batch))

    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            raise psycopg.OperationalError("The connection is closed.")
        return self._connection

    def _park(self, work: Work, error: Exception) -> None:
        """Keep a message that the database refuses, raw, and answer it all the same."""
        logger.warning("parked a message: %s", error, extra={"station": work.station.identity})
        metrics.PARKED.inc()
        if work.raw:
            try:
                connection = self._open()
                with connection.transaction(), connection.cursor() as cursor:
                    park(cursor, work, error)
            except Exception as second:
                if _is_away(second):
                    raise DatabaseAway(str(second)) from second
                logger.exception("a message could not even be parked")
                self._refused(work)
                return
        work.parked = True
        if work.reply is None:
            self._refused(work)
            return
        work.answer = _answer_without_results(work)
        work.after = None
        self._committed([work])


def _write(cursor: Cursor, batch: Sequence[Work]) -> None:
    _apply(cursor, batch)
    answered_at = datetime.now(UTC)
    for work in batch:
        work.answer = work.reply() if work.reply else None
        if work.frame is not None and work.answer is not None:
            work.frame.answer = _payload_text(work.answer)
            work.frame.answered_at = answered_at
    insert_frames(cursor, [w.frame for w in batch if w.frame is not None])


def _apply(cursor: Cursor, batch: Sequence[Work]) -> None:
    """Apply all writes of a batch, kind by kind in their fixed order."""
    kinds: dict[type[Write], list[Write]] = {}
    for work in batch:
        for write in work.writes:
            kinds.setdefault(type(write), []).append(write)
    for kind in sorted(kinds, key=lambda k: (k.order, k.__name__)):
        kind.apply(cursor, kinds[kind])


def _is_away(error: Exception) -> bool:
    """Whether the server is at fault, not the data: gone, full, shutting down, read-only.

    Class 54 (a limit of the program, such as too long a key) is about data.
    """
    if isinstance(error, DatabaseAway):
        return True
    if isinstance(error, psycopg.InternalError):
        return isinstance(error, psycopg.errors.ReadOnlySqlTransaction)
    if isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith("54"):
        return False
    return isinstance(error, LOST)


def _answer_without_results(work: Work) -> bytes | None:
    """The normal answer where it can be given without results, else a refusal."""
    try:
        return work.reply() if work.reply else None
    except (AttributeError, KeyError, LookupError, TypeError):
        return work.refuse("The message is kept for review") if work.refuse else None


def _payload_text(frame: bytes) -> str:
    """The payload of an encoded answer: ``[3,"id",{…}]`` to ``{…}`` (ids hold no ``,{``)."""
    text = frame.decode()
    at = text.find(",{")
    return text[at + 1 : -1] if at >= 0 and text.startswith("[3") else text
