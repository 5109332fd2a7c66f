"""One Redis subscription per process, fanned out to all its open streams."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import Any, Final

import orjson
from redis import asyncio as aioredis
from redis.exceptions import RedisError

from core.live.publish import encode
from core.live.topics import NETWORK, channel

logger = logging.getLogger(__name__)

QUEUE_SIZE: Final = 200
LAGGED: Final = orjson.dumps({"topic": "*", "event": "lagged", "data": {}})
"""Something may have been missed: every live part of the page should look again."""
_IDLE_CHANNEL: Final = "portal.live.idle"  # keeps the subscription open with no listener


class Listener:
    """One open stream: its topics and a bounded queue of messages to send."""

    def __init__(
        self, operator_id: int, topics: frozenset[str], network: frozenset[str] = frozenset()
    ) -> None:
        self.channel = channel(operator_id)
        self.topics = topics
        self.network = network
        self.queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_SIZE)

    def offer(self, message: bytes) -> None:
        """Queue a message; a slow reader loses the backlog and is told to look again."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            message = LAGGED
        self.queue.put_nowait(message)


class Hub:
    """Subscribes to the channels that have listeners and hands messages to them."""

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._pubsub: Any = None
        self._task: asyncio.Task[None] | None = None

    @property
    def count(self) -> int:
        """How many streams are open in this process."""
        return sum(len(group) for group in self._listeners.values())

    async def join(self, listener: Listener) -> None:
        """Start to hand messages to ``listener``."""
        is_first = not self._listeners[listener.channel]
        self._listeners[listener.channel].add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        elif is_first and self._pubsub is not None:
            await self._quietly(self._pubsub.subscribe(listener.channel))

    async def leave(self, listener: Listener) -> None:
        """Stop handing messages to ``listener``."""
        group = self._listeners[listener.channel]
        group.discard(listener)
        if group:
            return
        del self._listeners[listener.channel]
        if self._pubsub is not None:
            await self._quietly(self._pubsub.unsubscribe(listener.channel))

    async def _quietly(self, call: Any) -> None:
        try:
            await call
        except (RedisError, OSError):
            logger.warning("live subscription changed while Redis was away")

    async def _run(self) -> None:
        """Read for ever; after a lost connection tell every page to look again."""
        delay = 0.2
        while True:
            client = aioredis.Redis.from_url(
                self._url, socket_connect_timeout=2, health_check_interval=15
            )
            try:
                async with client.pubsub() as pubsub:
                    await pubsub.subscribe(_IDLE_CHANNEL, *self._listeners)
                    self._pubsub = pubsub
                    # Channels may have joined while the subscription was on its way.
                    await pubsub.subscribe(_IDLE_CHANNEL, *self._listeners)
                    self._tell_all(LAGGED)
                    delay = 0.2
                    await self._read(pubsub)
            except (RedisError, OSError):
                logger.warning("live events: Redis is away, next try in %.1f s", delay)
            finally:
                self._pubsub = None
                await client.aclose()
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5.0)

    async def _read(self, pubsub: Any) -> None:
        while True:
            message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=30.0)
            if message is not None:
                self._hand_out(message["channel"].decode(), message["data"])

    def _hand_out(self, name: str, data: bytes) -> None:
        group = self._listeners.get(name)
        if not group:
            return
        for topic, event, message in _messages(data):
            for listener in group:
                if topic in listener.topics:
                    listener.offer(message)
                if topic in listener.network:
                    listener.offer(encode(NETWORK, event, {}))

    def _tell_all(self, message: bytes) -> None:
        for group in self._listeners.values():
            for listener in group:
                listener.offer(message)


def _messages(data: bytes) -> list[tuple[str, str, bytes]]:
    """Topic, event and message of what came over Redis: one event, or many of them at once.

    The bridge sends ``{"events": [[topic, event], …]}``: one message for all that a moment
    changed, so that a busy network costs few publications.
    """
    try:
        content = orjson.loads(data)
        if "events" not in content:
            return [(content["topic"], content["event"], data)]
        return [(topic, event, encode(topic, event, {})) for topic, event in content["events"]]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return []
