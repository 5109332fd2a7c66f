"""Telling the bridge that a command waits, and listeners that one has moved.

Both only make things sooner: the bridge pulls queued rows by itself, waiters poll.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import lru_cache

import redis
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from core.live.publish import publish
from stations.commands.models import Command

logger = logging.getLogger(__name__)
DELIVER = "stations.ocpp.bridge.tasks.deliver"
_TIMEOUT_S = 1.0


def channel(pk: int) -> str:
    """The Redis channel on which the moves of a command are published."""
    return f"portal.command.{pk}"


@lru_cache(maxsize=1)
def client(url: str) -> redis.Redis:
    """A Redis client that gives up fast; the pool inside is thread-safe."""
    return redis.Redis.from_url(
        url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S, decode_responses=True
    )


def tell_bridge(pk: int, bridge: str, expires_at: datetime) -> None:
    """Send the command's id to the queue of its bridge; a lost message loses nothing."""
    if not bridge:
        return
    try:
        current_app.send_task(
            DELIVER, args=[pk], queue=f"bridge.{bridge}", expires=expires_at, retry=False
        )
    except (OperationalError, OSError, redis.RedisError):
        logger.warning("Command %s was not announced; its bridge will find it", pk)


def publish_move(command: Command) -> None:
    """Wake those who wait for this command, and the open pages that show it."""
    publish(command.operator_id, f"command.{command.public_id}", "state", {})
    try:
        client(settings.REDIS_URL).publish(channel(command.pk), command.state)
    except redis.RedisError:
        logger.warning("The move of command %s was not published", command.pk)
