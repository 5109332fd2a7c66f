"""The log of API requests by token: noted in Redis while a request is served, stored in batches.

A note costs one round trip and no write to the database. A Redis that does not answer, or loses
notes of the last seconds, costs lines of this log and a fifth of a second every ten: changes are in
the audit trail.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any, Final

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

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
DELETES_FOR_S: Final = 40.0
NOTED_WITHIN_S: Final = 0.2
PAUSE_S: Final = 10.0


class Pause:
    """After an error nothing is noted for a while, so that requests do not wait for a Redis that
    does not answer, each of them anew."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        """Whether notes are skipped now."""
        return monotonic() < self._until

    def begin(self) -> bool:
        """Skip notes from now on; whether this is the first to say so."""
        with self._lock:
            is_first = not self.is_on
            self._until = monotonic() + PAUSE_S
        return is_first

    def end(self) -> None:
        """Note again."""
        self._until = 0.0


pause: Final = Pause()


@cache
def _client(url: str) -> Redis:
    """For the task that stores: patient."""
    return Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)


@cache
def _hasty(url: str) -> Redis:
    """For requests: gives up soon and does not try again."""
    return Redis.from_url(
        url, socket_timeout=NOTED_WITHIN_S, socket_connect_timeout=NOTED_WITHIN_S,
        retry=Retry(NoBackoff(), 0),
    )  # fmt: skip


def note_request(token: ApiToken, request: HttpRequest, status: int, seconds: float) -> None:
    """Note one request of a token; without its query and ids of cards, which may name people."""
    if pause.is_on:
        return
    note = [
        token.operator_id,
        token.pk,
        timezone.now().isoformat(),
        (request.method or "")[:10],
        _path(request)[:300].replace("\x00", ""),
        status,
        round(seconds * 1000),
        getattr(request, "request_id", "")[:64],
        client_address(request),
    ]
    try:
        pipe = _hasty(settings.REDIS_URL).pipeline(transaction=False)
        pipe.rpush(KEY, orjson.dumps(note))
        pipe.ltrim(KEY, -MOST_WAITING, -1)
        pipe.execute()
    except RedisError:
        if pause.begin():
            logger.warning("API requests are not noted for a while", exc_info=True)


def _path(request: HttpRequest) -> str:
    """The path; the id of a card, which comes last, is left out."""
    match = request.resolver_match
    uid = match.kwargs.get("uid") if match else None
    if not uid:
        return request.path
    before, _uid, after = request.path.rpartition(uid)
    return f"{before}{{uid}}{after}"


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
    """Delete what is older than 30 days, in batches until none is left or the time is up; returns
    how many."""
    old = ApiRequest.objects.filter(at__lt=now - KEPT).order_by("at").values("pk")
    total, until = 0, monotonic() + DELETES_FOR_S
    while True:
        count, _by_model = ApiRequest.objects.filter(pk__in=old[:DELETED_AT_ONCE]).delete()
        total += count
        if count < DELETED_AT_ONCE or monotonic() >= until:
            return total
