"""Group commit: one writer applies whatever arrived during the previous commit.

One, because a batch costs nearly as much as one of twice the size: two writers, each with half
of the stations, took a third more processor time of bridge and database.

A station gets its answer after its batch is committed. A batch that fails on data is split
until the bad message is alone; that one is parked raw and answered, the others commit. When
the database is away, critical messages get no answer but a closed socket (1013), others an
InternalError, and the writer reconnects by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from stations.ocpp.bridge import metrics
from stations.ocpp.bridge.committing import LOST, Committer, DatabaseAway
from stations.ocpp.bridge.work import Work

logger = logging.getLogger(__name__)

MAX_BATCH = 500
MAX_QUEUE = 20_000
# A batch begins at the earliest so long after the one before it began: what comes meanwhile joins
# it, and a batch of sixty costs hardly more than one of thirty. After a pause it begins at once.
GATHER_SECONDS = 0.006
RECONNECT_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.0)


class Writer:
    """A queue of work on the loop and a thread that commits it; ``submit`` hands it work,
    ``drain`` waits until all is written."""

    def __init__(self, dsn: str, *, published: Callable[[Sequence[Work]], None]) -> None:
        self._published = published
        self._queue: deque[Work] = deque()
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._committer = Committer(
            dsn,
            committed=lambda part: self._tell(self._answer, part),
            refused=lambda work: self._tell(self._refuse, work),
        )
        self._task: asyncio.Task[None] | None = None
        self.is_up = False

    async def open(self) -> None:
        """Connect once, so that a wrong address is seen at start, and begin to work."""
        await self._in_thread(self._committer.connect)
        self.is_up = True
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
        self._thread.submit(self._committer.close)
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[..., None], *arguments: object) -> None:
        await self._loop.run_in_executor(self._thread, work, *arguments)

    def _tell(self, what: Callable[..., None], *arguments: object) -> None:
        """From the thread to the loop."""
        self._loop.call_soon_threadsafe(what, *arguments)

    async def _run(self) -> None:
        began = 0.0
        while True:
            if not self._queue:
                self._idle.set()
                self._arrived.clear()
                await self._arrived.wait()
            early = began + GATHER_SECONDS - self._loop.time()
            if early > 0 and len(self._queue) < MAX_BATCH:
                await asyncio.sleep(early)
            began = self._loop.time()
            batch = [self._queue.popleft() for _ in range(min(MAX_BATCH, len(self._queue)))]
            metrics.QUEUE.set(len(self._queue))
            try:
                await self._in_thread(self._committer.write, batch)
            except DatabaseAway as error:
                await self._lost(batch, error)

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

    async def _reconnect(self) -> None:
        attempt = 0
        while True:
            await asyncio.sleep(RECONNECT_SECONDS[min(attempt, len(RECONNECT_SECONDS) - 1)])
            attempt += 1
            try:
                await self._in_thread(self._committer.connect)
            except LOST:
                continue
            self.is_up = True
            logger.warning("the database is back after %d attempts", attempt)
            return
