"""Values that are kept for a while, and made anew when the cache has none or does not answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from redis import RedisError

logger = logging.getLogger(__name__)
T = TypeVar("T")


def remembered(key: str, seconds: int, make: Callable[[], T]) -> T:
    """What ``make`` returned at most ``seconds`` ago under ``key``, else its answer now."""
    try:
        kept: T | None = cache.get(key)
    except RedisError:
        logger.warning("the cache does not answer; %s is made anew", key)
        return make()
    if kept is not None:
        return kept
    made = make()
    try:
        cache.set(key, made, seconds)
    except RedisError:
        logger.warning("the cache did not keep %s", key)
    return made
