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
from stations.ocpp.writes.frames import copy_frames
from stations.ocpp.writes.parking import park

logger = logging.getLogger(__name__)

MAX_BATCH = 500
MAX_QUEUE = 20_000
RECONNECT_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.0)
_LOST = (psycopg.OperationalError, psycopg.InterfaceError, OSError)
# Passing faults of a healthy server: the same batch is tried again as it is.
_AGAIN = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


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
        """Queue work for the next batch; refused at once while the database is away."""
        if not self.is_up:
            self._refuse(work)
            return
        self._queue.append(work)
        self._idle.clear()
        self._arrived.set()

    async def drain(self) -> None:
        """Wait until everything submitted is committed or refused."""
        await self._idle.wait()

    async def close(self) -> None:
        """Drain, stop, disconnect."""
        await self.drain()
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
            except _LOST as error:
                await self._lost(batch, error)

    async def _write(self, batch: list[Work]) -> None:
        """Commit ``batch`` or, where the database refuses data, its parts."""
        began = time.perf_counter()
        try:
            await self._transact(batch)
        except _AGAIN:
            await self._transact(batch)
        except _LOST:
            raise
        except Exception as error:
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

    async def _transact(self, batch: Sequence[Work]) -> None:
        connection = self._connection
        if connection is None or connection.closed:
            raise psycopg.OperationalError("The connection is closed.")
        async with connection.transaction(), connection.cursor() as cursor:
            await _apply(cursor, batch)
            answered_at = datetime.now(UTC)
            for work in batch:
                work.answer = work.reply() if work.reply else None
                if work.frame is not None and work.answer is not None:
                    work.frame.answer = _payload_text(work.answer)
                    work.frame.answered_at = answered_at
            await copy_frames(cursor, [w.frame for w in batch if w.frame is not None])

    def _answer(self, batch: Sequence[Work]) -> None:
        for work in batch:
            if work.answer is not None and work.target is not None:
                work.target.answer(work.answer)
            if work.after is not None:
                work.after()
        self._published(batch)

    async def _park(self, work: Work, error: Exception) -> None:
        """Keep a message that the database refuses, raw, and answer it all the same."""
        logger.warning("parked a message: %s", error, extra={"station": work.station.identity})
        metrics.PARKED.inc()
        connection = self._connection
        if connection is None:
            raise psycopg.OperationalError("The connection is closed.")
        async with connection.transaction(), connection.cursor() as cursor:
            await park(cursor, work, error)
        work.parked = True
        work.answer = _answer_without_results(work)
        work.after = None
        self._answer([work])

    async def _lost(self, batch: Sequence[Work], error: BaseException) -> None:
        """The database is away: refuse what is at hand, then reconnect."""
        self.is_up = False
        logger.error("the database is away: %s", error)
        for work in [*batch, *self._queue]:
            self._refuse(work)
        self._queue.clear()
        self._idle.set()
        await self._reconnect()

    def _refuse(self, work: Work) -> None:
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
