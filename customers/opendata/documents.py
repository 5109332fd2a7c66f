"""The documents: made from the database, kept for some seconds, with their last change."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from core.accounts.models import Operator
from customers.opendata import datex, ocpi
from customers.opendata.facts import Publisher, Spot
from customers.opendata.loading import load_spots
from customers.opendata.models import OpenDataDocument, OpenDataFeed

KEPT_S: Final = {"datex-table": 300, "datex-status": 15, "locations": 15, "tariffs": 60}
"""The documents, and how many seconds each is kept."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Encoder(DjangoJSONEncoder):
    """Decimals as numbers."""

    def default(self, o: Any) -> Any:
        """OCPI and DATEX have numbers where we have decimals."""
        return float(o) if isinstance(o, Decimal) else super().default(o)


@dataclass(frozen=True, slots=True)
class Document:
    """What is sent: the data, its digest without the time it was made, and its last change."""

    data: Any
    digest: str
    changed_at: datetime


def document(feed: OpenDataFeed, name: str) -> Document:
    """A document of the feed, from the cache where it is young enough."""
    key = f"open-data:{feed.operator_id}:{name}:{feed.changed_at.timestamp()}"
    found: Document | None = cache.get(key)
    if found is None:
        found = _made(feed, name, timezone.now())
        cache.set(key, found, KEPT_S[name])
    return found


def publisher_of(operator: Operator, feed: OpenDataFeed) -> Publisher:
    """Who publishes."""
    return Publisher(
        operator.country_code, operator.party_id, operator.name, operator.language, feed.national_id
    )


def _made(feed: OpenDataFeed, name: str, now: datetime) -> Document:
    operator: Operator = feed.operator
    publisher = publisher_of(operator, feed)
    spots = load_spots(operator, now)
    digest = _digest(_data(name, spots, publisher, _EPOCH))
    changed_at = _note(operator, name, digest, now)
    return Document(_data(name, spots, publisher, now), digest, changed_at)


def _data(name: str, spots: list[Spot], publisher: Publisher, at: datetime) -> Any:
    made: Any
    if name == "datex-table":
        made = datex.table(spots, publisher, at)
    elif name == "datex-status":
        made = datex.status(spots, publisher, at)
    elif name == "locations":
        made = [ocpi.location(one, publisher) for one in spots]
    else:
        made = ocpi.tariffs(spots)
    return json.loads(json.dumps(made, cls=Encoder))


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def _note(operator: Operator, name: str, digest: str, now: datetime) -> datetime:
    """When the document became what it is."""
    row, is_new = OpenDataDocument.objects.select_for_update().get_or_create(
        operator=operator, name=name, defaults={"digest": digest, "changed_at": now}
    )
    if not is_new and row.digest != digest:
        row.digest, row.changed_at = digest, now
    row.checked_at = now
    row.save(update_fields=["digest", "changed_at", "checked_at"])
    changed: datetime = row.changed_at
    return changed
