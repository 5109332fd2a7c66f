"""Messages waiting to be sent by a station, in order; what concerns sessions survives."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from ocpp.exceptions import OCPPError

from stations.simulator.wire import Wire

MOST_REFUSALS: Final = 3
"""TransactionMessageAttempts: after so many CALLERRORs a message is given up."""
MOST_SAMPLES: Final = 300
"""Readings kept while offline; OCPP 2.0.1 lets a station drop those along the way."""


@dataclass(slots=True)
class Item:
    """One message to be. ``send`` builds it when its turn comes, since a 1.6 stop needs the
    transaction id that the answer to its start gave. ``lasting`` items survive a lost
    connection; ``is_sample`` ones may be dropped when there are too many."""

    send: Callable[[Wire, bool], Awaitable[None]]
    lasting: bool
    is_sample: bool = False
    made_offline: bool = False
    refusals: int = 0
    done: Callable[[bool], None] | None = None


class Outbox:
    """The queue of one station. The head stays until it was answered."""

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Item) -> None:
        """Add a message at the end."""
        if item.is_sample and sum(other.is_sample for other in self._items) >= MOST_SAMPLES:
            return
        self._items.append(item)
        self._filled.set()

    def forget_passing(self) -> None:
        """Drop what only mattered live, as when the connection is lost."""
        self._items = deque(item for item in self._items if item.lasting)

    async def pump(self, wire: Wire, retry_s: float) -> None:
        """Send everything, for ever, over one connection; returns never, raises when it
        is lost. A refused message is tried again, then given up."""
        while True:
            while not self._items:
                self._filled.clear()
                await self._filled.wait()
            item = self._items[0]
            try:
                await item.send(wire, item.made_offline)
            except OCPPError:
                item.refusals += 1
                if item.refusals < MOST_REFUSALS and item.lasting:
                    await asyncio.sleep(retry_s)
                    continue
                self._finish(item, delivered=False)
            else:
                self._finish(item, delivered=True)

    def _finish(self, item: Item, *, delivered: bool) -> None:
        if self._items and self._items[0] is item:
            self._items.popleft()
        if item.done:
            item.done(delivered)
