"""Waiting for a command to finish, without holding a database connection."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import redis
from django.conf import settings

from core.database import release_connections
from stations.commands.announce import channel, client
from stations.commands.models import FINAL_STATES, Command

logger = logging.getLogger(__name__)
LONGEST_S = 60.0
POLL_S = 0.25
Pause = Callable[[], None]


def wait_for(command: Command, seconds: float) -> Command:
    """The command as it is when it has finished, or after ``seconds`` (at most 60).

    Polls the row every quarter of a second; a published move wakes it sooner. Must run
    inside the operator's scope and outside any transaction.
    """
    until = time.monotonic() + min(max(seconds, 0.0), LONGEST_S)
    if command.state in FINAL_STATES:
        return command
    with _listening(command.pk) as pause:
        while True:
            command.refresh_from_db()
            release_connections()
            if command.state in FINAL_STATES or time.monotonic() >= until:
                return command
            pause()


@contextmanager
def _listening(pk: int) -> Iterator[Pause]:
    """A pause that ends early when the command moves; a plain sleep without Redis."""
    pubsub: Any = client(settings.REDIS_URL).pubsub
    with pubsub(ignore_subscribe_messages=True) as listener:
        try:
            listener.subscribe(channel(pk))
        except redis.RedisError:
            logger.warning("Waiting for command %s by polling alone", pk)
            yield lambda: time.sleep(POLL_S)
            return

        def pause() -> None:
            try:
                listener.get_message(timeout=POLL_S)
            except redis.RedisError:
                time.sleep(POLL_S)

        yield pause
