"""How often a caller may call: counted per minute and caller in Redis, by all web processes."""

from __future__ import annotations

import logging
import math
import time
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.accounts.middleware import client_address
from core.accounts.models import ApiToken, User

logger = logging.getLogger(__name__)
WINDOW_S: Final = 60


def caller_of(request: Request) -> str:
    """The caller by kind and number: a token, a person, or an address that has not logged in."""
    if isinstance(request.auth, ApiToken):
        return f"token:{request.auth.pk}"
    if isinstance(request.user, User):
        return f"user:{request.user.pk}"
    return f"address:{client_address(request._request)}"


class CallerThrottle(BaseThrottle):
    """At most API_CALLS_PER_MINUTE calls of one caller in a minute of the clock; 0: any number.

    A Redis that does not answer lets calls pass: the limit is courtesy, not safety.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether this call is within the limit; counts it."""
        limit = settings.API_CALLS_PER_MINUTE
        if not limit:
            return True
        key = f"api-calls:{caller_of(request)}:{int(time.time()) // WINDOW_S}"
        try:
            cache.add(key, 0, timeout=2 * WINDOW_S)
            return int(cache.incr(key)) <= limit
        except (RedisError, ValueError):
            logger.warning("the calls of %s were not counted", caller_of(request), exc_info=True)
            return True

    def wait(self) -> float:
        """Seconds until the next minute."""
        return math.ceil(WINDOW_S - time.time() % WINDOW_S)
