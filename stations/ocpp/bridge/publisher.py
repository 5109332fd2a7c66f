"""Live events: what changed, coalesced, to Redis. Losing one loses no fact."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from stations.ocpp.bridge.work import Work
from stations.ocpp.writes.commands import CommandWrite
from stations.ocpp.writes.connections import ConnectedWrite, DisconnectedWrite, SeenWrite
from stations.ocpp.writes.hardware import BootWrite, StatusWrite
from stations.ocpp.writes.sessions import SessionFactWrite

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.2
_NETWORK = (BootWrite, ConnectedWrite, DisconnectedWrite, StatusWrite)


class Publisher:
    """Collects topics of committed batches and publishes each at most once per flush."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._topics: dict[tuple[int, str], str] = {}
        self._channels: dict[str, bytes] = {}

    def committed(self, batch: Sequence[Work]) -> None:
        """Note what a committed batch touched."""
        for work in batch:
            operator, station = work.station.operator_id, work.station.id
            if work.frame is not None:
                self._topics.setdefault((operator, f"journal.{station}"), "frame")
            for write in work.writes:
                self._note(operator, station, write)

    def _note(self, operator: int, station: int, write: object) -> None:
        if isinstance(write, SessionFactWrite):
            if write.repeated:
                return
            self._topics[(operator, f"station.{station}")] = "session"
            self._topics[(operator, "network")] = "session"
            if write.session_id is not None:
                self._topics[(operator, f"session.{write.session_id}")] = write.fact.kind
        elif isinstance(write, _NETWORK):
            self._topics[(operator, f"station.{station}")] = "status"
            self._topics[(operator, "network")] = "status"
        elif isinstance(write, CommandWrite):
            self._topics[(operator, f"station.{station}")] = "command"
        elif not isinstance(write, SeenWrite):
            self._topics.setdefault((operator, f"station.{station}"), "event")

    def channel(self, name: str, message: bytes) -> None:
        """Publish ``message`` on a channel of its own with the next flush."""
        self._channels[name] = message

    def topic(self, operator: int, topic: str, event: str) -> None:
        """Publish one live event with the next flush."""
        self._topics[(operator, topic)] = event

    async def run(self) -> None:
        """Flush for ever."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Publish what was noted; the rest waits when there is very much."""
        if not self._topics and not self._channels:
            return
        pipeline = self._redis.pipeline(transaction=False)
        topics, self._topics = self._topics, {}
        by_operator: dict[int, list[tuple[str, str]]] = {}
        for (operator, topic), event in topics.items():
            by_operator.setdefault(operator, []).append((topic, event))
        for operator, events in by_operator.items():
            pipeline.publish(f"portal.live.{operator}", orjson.dumps({"events": events}))
        for name, message in self._channels.items():
            pipeline.publish(name, message)
        self._channels.clear()
        try:
            await pipeline.execute()
        except (RedisError, OSError) as error:
            logger.warning("live events lost: %s", error)
