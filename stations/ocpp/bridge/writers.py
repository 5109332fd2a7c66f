"""Several writers side by side: while one waits for its commit, the other works.

A station always belongs to the same writer, so its messages are applied in the order in which
they came. Two writers lock rows in the same order as two bridges do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from stations.ocpp.bridge.work import Work
from stations.ocpp.bridge.writer import Writer


class Writers:
    """What the bridge knows of its writers; the interface of one."""

    def __init__(
        self, dsn: str, *, published: Callable[[Sequence[Work]], None], count: int
    ) -> None:
        self._writers = [Writer(dsn, published=published) for _ in range(count)]
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect all, so that a wrong address is seen at start, and begin to work."""
        for writer in self._writers:
            await writer.open()
        self._task = asyncio.create_task(self._watch(), name="writers")

    async def _watch(self) -> None:
        """Ends as soon as one of the writers does, with what ended it."""
        tasks = [writer.task for writer in self._writers]
        done, _running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    @property
    def task(self) -> asyncio.Task[None]:
        """Runs as long as all writers do; the bridge ends if it ever ends."""
        if self._task is None:
            raise RuntimeError("The writers are not open.")
        return self._task

    @property
    def is_up(self) -> bool:
        """Whether the database takes what is given."""
        return all(writer.is_up for writer in self._writers)

    @property
    def is_full(self) -> bool:
        """Whether readers should pause."""
        return any(writer.is_full for writer in self._writers)

    def submit(self, work: Work) -> None:
        """Hand work to the writer of its station."""
        self._writers[work.station.id % len(self._writers)].submit(work)

    async def drain(self) -> None:
        """Wait until everything submitted is committed or refused."""
        for writer in self._writers:
            await writer.drain()

    async def close(self, seconds: float = 10) -> None:
        """Close all at once, each within ``seconds``."""
        if self._task:
            self._task.cancel()
        await asyncio.gather(*(writer.close(seconds) for writer in self._writers))
