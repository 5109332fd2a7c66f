"""Reading events from journals: each source from where it was read last, with an overlap.

Rows of several writers do not become visible in the order of their time. So a little is read
again every time and much now and then; an event that is known already is known by its key.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db.models import F
from django.db.models.functions import Greatest

from core.webhooks.models import WebhookCursor, WebhookEndpoint
from core.webhooks.outbox import publish
from core.webhooks.sources import EventSource, NetworkEvent, sources

logger = logging.getLogger(__name__)
OVERLAP: Final = timedelta(minutes=2)
SWEEP_OVERLAP: Final = timedelta(hours=6)
SWEEP_EVERY: Final = timedelta(minutes=10)
CHUNK: Final = 500


def collect_events(*, now: datetime) -> int:
    """Read every source; returns how many events were new. One that fails stops no other."""
    endpoints = list(WebhookEndpoint.objects.filter(is_active=True))
    found = 0
    for source in sources():
        try:
            found += _collect(source, endpoints, now)
        except Exception:
            logger.exception("events of %s could not be read", source.name)
    return found


def _collect(source: EventSource, endpoints: list[WebhookEndpoint], now: datetime) -> int:
    cursor, _is_new = WebhookCursor.objects.get_or_create(
        source=source.name, defaults={"position_at": now, "swept_at": now}
    )
    own = {kind.name for kind in source.kinds}
    listening = [endpoint for endpoint in endpoints if own.intersection(endpoint.events)]
    sweeps = now - cursor.swept_at >= SWEEP_EVERY
    found = 0
    if listening:
        since = max(
            cursor.position_at - (SWEEP_OVERLAP if sweeps else OVERLAP),
            min(endpoint.listening_since_at for endpoint in listening),
        )
        events = source.events(
            since=since,
            operators={endpoint.operator_id for endpoint in listening},
            kinds=own & {kind for endpoint in listening for kind in endpoint.events},
        )
        for chunk in _chunks(events):
            found += publish(chunk)
            _advance(cursor, min(max(event.recorded_at for event in chunk), now))
    _advance(cursor, now)
    if sweeps:
        WebhookCursor.objects.filter(pk=cursor.pk).update(swept_at=now)
    return found


def _advance(cursor: WebhookCursor, position: datetime) -> None:
    WebhookCursor.objects.filter(pk=cursor.pk).update(
        position_at=Greatest(F("position_at"), position)
    )


def _chunks(events: Iterable[NetworkEvent]) -> Iterator[list[NetworkEvent]]:
    rest = iter(events)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
