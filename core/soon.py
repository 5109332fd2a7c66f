"""Making work sooner that is found by pulling anyway: a lost message loses nothing."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import redis
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def soon(task: Any, *args: object) -> None:
    """Send a Celery task once the present transaction is committed; without a broker, not."""
    transaction.on_commit(partial(_send, task, args), robust=True)


def _send(task: Any, args: tuple[object, ...]) -> None:
    try:
        task.apply_async(args=args, retry=False)
    except (OperationalError, OSError, redis.RedisError):
        logger.warning("%s was not sent; the clock will find its work", task.name)
