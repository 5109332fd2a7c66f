"""The log of API requests by token: noted in Redis while a request is served, stored in batches.

A note costs one round trip and no write to the database. A Redis that does not answer, or loses
notes of the last seconds, costs lines of this log and nothing else: changes are in the audit trail.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from redis import Redis, RedisError

from core.accounts.middleware import client_address
from core.accounts.models import ApiToken
from core.api.models import ApiRequest

logger = logging.getLogger(__name__)
KEY: Final = "api-requests"
MOST_WAITING: Final = 100_000
"""Notes that are kept while nobody stores them; beyond that the oldest are dropped."""
AT_ONCE: Final = 2_000
KEPT: Final = timedelta(days=30)
DELETED_AT_ONCE: Final = 20_000


@cache
def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, health_check_interval=30)


def note_request(token: ApiToken, request: HttpRequest, status: int, seconds: float) -> None:
    """Note one request of a token; without its query, which may name people."""
    note = [
        token.operator_id,
        token.pk,
        timezone.now().isoformat(),
        (request.method or "")[:10],
        request.path[:300].replace("\x00", ""),
        status,
        round(seconds * 1000),
        getattr(request, "request_id", "")[:64],
        client_address(request),
    ]
    try:
        pipe = _client(settings.REDIS_URL).pipeline(transaction=False)
        pipe.rpush(KEY, orjson.dumps(note))
        pipe.ltrim(KEY, -MOST_WAITING, -1)
        pipe.execute()
    except RedisError:
        logger.warning("an API request was not noted", exc_info=True)


def store_requests() -> int:
    """Store what was noted; returns how many. Notes of tokens that are gone are dropped, those of
    a batch that could not be stored go back."""
    redis, count = _client(settings.REDIS_URL), 0
    while notes := _taken(redis):
        try:
            count += _store([orjson.loads(one) for one in notes])
        except Exception:
            redis.lpush(KEY, *reversed(notes))
            raise
    return count


def _taken(redis: Redis) -> list[bytes]:
    """The oldest notes, off the list."""
    found: Any = redis.lpop(KEY, AT_ONCE)
    return list(found or ())


def _store(notes: list[list[Any]]) -> int:
    there = set(
        ApiToken.objects.filter(pk__in={one[1] for one in notes}).values_list("operator_id", "pk")
    )
    rows = [_row(one) for one in notes if (one[0], one[1]) in there]
    ApiRequest.objects.bulk_create(rows)
    return len(rows)


def _row(note: list[Any]) -> ApiRequest:
    operator_id, token_id, at, method, path, status, duration_ms, request_id, source_ip = note
    return ApiRequest(
        operator_id=operator_id,
        token_id=token_id,
        at=datetime.fromisoformat(at),
        method=method,
        path=path,
        status=status,
        duration_ms=duration_ms,
        request_id=request_id.replace("\x00", ""),
        source_ip=source_ip,
    )


def drop_old_requests(*, now: datetime) -> int:
    """Delete what is older than 30 days, so many at once; returns how many."""
    old = ApiRequest.objects.filter(at__lt=now - KEPT).order_by("at").values("pk")
    count, _by_model = ApiRequest.objects.filter(pk__in=old[:DELETED_AT_ONCE]).delete()
    return count
