"""Telling the worker that an e-mail waits. It only makes it sooner: the clock looks each minute."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
SEND_ONE = "core.members.tasks.send_invitation"


def announce(pk: int) -> None:
    """After the commit, ask the worker to send the invitation."""
    transaction.on_commit(partial(_ask, pk))


def _ask(pk: int) -> None:
    try:
        current_app.send_task(SEND_ONE, args=[pk], retry=False)
    except (OperationalError, OSError, RedisError):
        logger.warning("invitation %s was not announced; the clock will find it", pk)
