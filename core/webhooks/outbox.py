"""Putting events down for the endpoints that want them, in the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from core.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from core.webhooks.sources import NetworkEvent
from core.webhooks.templating import subject_of


@transaction.atomic
def publish(events: Iterable[NetworkEvent]) -> int:
    """Store the events that an endpoint wants, each once, with a delivery for each of these.

    Returns how many were new. The scope must hold the operators of the events.
    """
    given = {(event.operator_id, event.key): event for event in events}
    listeners = _listeners({operator_id for operator_id, _key in given})
    wanted = {
        place: heard
        for place, event in given.items()
        if (heard := [e for e in listeners[event.operator_id] if wants(e, event)])
    }
    new = [given[place] for place in wanted.keys() - _known(wanted.keys())]
    if not new:
        return 0
    WebhookEvent.objects.bulk_create(map(event_row, new), ignore_conflicts=True)
    rows = WebhookEvent.objects.filter(
        operator_id__in={event.operator_id for event in new}, key__in=[e.key for e in new]
    )
    deliveries = [
        WebhookDelivery(operator_id=row.operator_id, endpoint=endpoint, event=row)
        for row in rows.order_by("id")
        for endpoint in wanted.get((row.operator_id, row.key), [])
    ]
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return len(new)


def wants(endpoint: WebhookEndpoint, event: NetworkEvent) -> bool:
    """Whether the endpoint hears of this kind, and did so when the event came to be known."""
    return event.kind in endpoint.events and event.recorded_at >= endpoint.listening_since_at


def event_id(operator_id: int, key: str) -> str:
    """The id on the wire: the same event has the same id for ever."""
    return "evt_" + hashlib.sha256(f"{operator_id}:{key}".encode()).hexdigest()[:24]


def _listeners(operators: set[int]) -> dict[int, list[WebhookEndpoint]]:
    found: dict[int, list[WebhookEndpoint]] = defaultdict(list)
    for endpoint in WebhookEndpoint.objects.filter(operator_id__in=operators, is_active=True):
        found[endpoint.operator_id].append(endpoint)
    return found


def _known(places: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    keys: Sequence[tuple[int, str]] = list(places)
    if not keys:
        return set()
    return set(
        WebhookEvent.objects.filter(
            operator_id__in={operator_id for operator_id, _key in keys},
            key__in=[key for _operator_id, key in keys],
        ).values_list("operator_id", "key")
    )


def event_row(event: NetworkEvent) -> WebhookEvent:
    """The row of an event, unsaved."""
    public_id = event_id(event.operator_id, event.key)
    body = {
        "id": public_id,
        "type": event.kind,
        "timestamp": event.happened_at,
        "data": event.data,
    }
    return WebhookEvent(
        operator_id=event.operator_id,
        public_id=public_id,
        key=event.key,
        kind=event.kind,
        happened_at=event.happened_at,
        subject=subject_of(body),
        body=json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")),
    )
