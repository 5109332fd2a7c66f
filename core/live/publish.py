"""Telling open pages that something changed. Live events are hints: a lost one loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

import orjson
from django.conf import settings
from redis import Redis, RedisError

from core.live.topics import channel

logger = logging.getLogger(__name__)


class Publisher(Protocol):
    """The one call of a Redis client that is used here."""

    def publish(self, channel: str, message: bytes) -> Any:
        """Send ``message`` to the listeners of ``channel``."""
        ...


@cache
def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2, health_check_interval=30)


def encode(topic: str, event: str, data: Mapping[str, Any]) -> bytes:
    """The message as it travels: ``{"topic", "event", "data"}``."""
    return orjson.dumps({"topic": topic, "event": event, "data": data}, default=str)


def publish(
    operator_id: int,
    topic: str,
    event: str,
    data: Mapping[str, Any],
    *,
    redis: Publisher | None = None,
) -> None:
    """Send one live event to the open pages of an operator.

    A Redis that does not answer is logged and otherwise ignored: pages catch up by themselves.
    """
    try:
        (redis or _client(settings.REDIS_URL)).publish(
            channel(operator_id), encode(topic, event, data)
        )
    except RedisError:
        logger.warning("live event %s on %s was not published", event, topic, exc_info=True)
