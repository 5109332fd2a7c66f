"""Group commit: one writer applies whatever arrived during the previous commit.

A station gets its answer after its batch is committed. A batch that fails on data is split
until the bad message is alone; that one is parked raw and answered, the others commit. When
the database is away, critical messages get no answer but a closed socket (1013), others an
InternalError, and the writer reconnects by itself.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncCursor

from stations.ocpp.bridge import metrics
from stations.ocpp.bridge.work import Work
from stations.ocpp.writes.base import Write
from stations.ocpp.writes.frames import insert_frames
from stations.ocpp.writes.parking import park

logger = logging.getLogger(__name__)

MAX_BATCH = 500
MAX_QUEUE = 20_000
RECONNECT_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.0)
_LOST = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError, OSError)
# Passing faults of a healthy server: the same batch is tried again as it is.
_AGAIN = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


class DatabaseAway(Exception):
    """The database cannot take anything now; it is no fault of the data."""


class Writer:
    """Owns one connection; ``submit`` hands it work, ``drain`` waits until all is written."""

    def __init__(self, dsn: str, *, published: Callable[[Sequence[Work]], None]) -> None:
        self._dsn = dsn
        self._published = published
        self._queue: deque[Work] = deque()
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._connection: AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        self.is_up = False

    async def open(self) -> None:
        """Connect once, so that a wrong address is seen at start, and begin to work."""
        await self._connect()
        self._task = asyncio.create_task(self._run(), name="writer")

    @property
    def task(self) -> asyncio.Task[None]:
        """The running task; the bridge ends if it ever does."""
        if self._task is None:
            raise RuntimeError("The writer is not open.")
        return self._task

    @property
    def is_full(self) -> bool:
        """Whether readers should pause."""
        return len(self._queue) >= MAX_QUEUE

    def submit(self, work: Work) -> None:
        """Queue work for the next batch; refused at once while the database is away, but for
        what must be told later (``kept``)."""
        if not self.is_up and not work.kept:
            self._refuse(work)
            return
        self._queue.append(work)
        self._idle.clear()
        self._arrived.set()

    async def drain(self) -> None:
        """Wait until everything submitted is committed or refused."""
        await self._idle.wait()

    async def close(self, seconds: float = 10) -> None:
        """Drain for at most ``seconds`` (the database may be away), stop, disconnect."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.drain(), seconds)
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._connection:
            await self._connection.close()

    async def _run(self) -> None:
        while True:
            if not self._queue:
                self._idle.set()
                self._arrived.clear()
                await self._arrived.wait()
            batch = [self._queue.popleft() for _ in range(min(MAX_BATCH, len(self._queue)))]
            metrics.QUEUE.set(len(self._queue))
            try:
                await self._write(batch)
            except DatabaseAway as error:
                await self._lost(batch, error)

    async def _write(self, batch: list[Work]) -> None:
        """Commit ``batch`` or, where the database refuses data, its parts."""
        began = time.perf_counter()
        try:
            await self._transact_again(batch)
        except Exception as error:
            if _is_away(error):
                raise DatabaseAway(str(error)) from error
            if len(batch) > 1:
                middle = len(batch) // 2
                await self._write(batch[:middle])
                await self._write(batch[middle:])
            else:
                await self._park(batch[0], error)
            return
        metrics.BATCH_SIZE.observe(len(batch))
        metrics.COMMIT_SECONDS.observe(time.perf_counter() - began)
        self._answer(batch)

    async def _transact_again(self, batch: Sequence[Work]) -> None:
        """Write in a pipeline; where that fails on data, once more statement by statement
        for a single message, so that the error names its cause."""
        connection = self._connection
        if connection is None or connection.closed:
            raise psycopg.OperationalError("The connection is closed.")
        try:
            async with connection.pipeline():
                await self._transact(connection, batch)
        except (*_AGAIN, psycopg.errors.PipelineAborted):
            await self._transact(connection, batch)

    async def _transact(self, connection: AsyncConnection[Any], batch: Sequence[Work]) -> None:
        async with connection.transaction(), connection.cursor() as cursor:
            await _apply(cursor, batch)
            answered_at = datetime.now(UTC)
            for work in batch:
                work.answer = work.reply() if work.reply else None
                if work.frame is not None and work.answer is not None:
                    work.frame.answer = _payload_text(work.answer)
                    work.frame.answered_at = answered_at
            await insert_frames(cursor, [w.frame for w in batch if w.frame is not None])

    def _answer(self, batch: Sequence[Work]) -> None:
        for work in batch:
            work.is_settled = True
            if work.answer is not None and work.target is not None:
                work.target.answer(work.answer)
        try:
            for work in batch:
                if work.after is not None:
                    work.after()
            self._published(batch)
        except Exception:
            logger.exception("a committed batch was not told of")

    async def _park(self, work: Work, error: Exception) -> None:
        """Keep a message that the database refuses, raw, and answer it all the same."""
        logger.warning("parked a message: %s", error, extra={"station": work.station.identity})
        metrics.PARKED.inc()
        connection = self._connection
        if connection is None:
            raise DatabaseAway("The connection is closed.")
        if work.raw:
            try:
                async with connection.transaction(), connection.cursor() as cursor:
                    await park(cursor, work, error)
            except Exception as second:
                if _is_away(second):
                    raise DatabaseAway(str(second)) from second
                logger.exception("a message could not even be parked")
                self._refuse(work)
                return
        work.parked = True
        if work.reply is None:
            self._refuse(work)
            return
        work.answer = _answer_without_results(work)
        work.after = None
        self._answer([work])

    async def _lost(self, batch: Sequence[Work], error: BaseException) -> None:
        """The database is away: refuse what is at hand, then reconnect."""
        self.is_up = False
        logger.error("the database is away: %s", error)
        waiting = [work for work in [*batch, *self._queue] if not work.is_settled]
        self._queue = deque(work for work in waiting if work.kept)
        for work in waiting:
            if not work.kept:
                self._refuse(work)
        if not self._queue:
            self._idle.set()
        await self._reconnect()

    def _refuse(self, work: Work) -> None:
        work.is_settled = True
        if work.target is None:
            return
        if work.critical:
            work.target.give_up("database away")
        elif work.refuse is not None:
            answer = work.refuse("The server cannot store this now; try again later")
            if answer is not None:
                work.target.answer(answer)

    async def _connect(self) -> None:
        self._connection = await AsyncConnection.connect(
            self._dsn, autocommit=True, connect_timeout=5, prepare_threshold=1
        )
        self.is_up = True

    async def _reconnect(self) -> None:
        attempt = 0
        if self._connection is not None:
            with suppress(Exception):
                await self._connection.close()
        while True:
            await asyncio.sleep(RECONNECT_SECONDS[min(attempt, len(RECONNECT_SECONDS) - 1)])
            attempt += 1
            try:
                await self._connect()
            except _LOST:
                continue
            logger.warning("the database is back after %d attempts", attempt)
            return


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
    return isinstance(error, _LOST)


def _answer_without_results(work: Work) -> bytes | None:
    """The normal answer where it can be given without results, else a refusal."""
    try:
        return work.reply() if work.reply else None
    except (AttributeError, KeyError, LookupError, TypeError):
        return work.refuse("The message is kept for review") if work.refuse else None


async def _apply(cursor: AsyncCursor[Any], batch: Sequence[Work]) -> None:
    """Apply all writes of a batch, kind by kind in their fixed order."""
    kinds: dict[type[Write], list[Write]] = {}
    for work in batch:
        for write in work.writes:
            kinds.setdefault(type(write), []).append(write)
    for kind in sorted(kinds, key=lambda k: (k.order, k.__name__)):
        await kind.apply(cursor, kinds[kind])


def _payload_text(frame: bytes) -> str:
    """The payload of an encoded answer: ``[3,"id",{…}]`` to ``{…}`` (ids hold no ``,{``)."""
    text = frame.decode()
    at = text.find(",{")
    return text[at + 1 : -1] if at >= 0 and text.startswith("[3") else text
