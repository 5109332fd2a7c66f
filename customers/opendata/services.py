"""Opening and closing the feed, its key, and who fetched."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from customers.opendata.models import OpenDataFeed, OpenDataFetch

MOST_READERS: Final = 100
_PAUSE_S: Final = 60


@transaction.atomic
def set_feed(*, operator: Operator, is_open: bool, national_id: str) -> OpenDataFeed:
    """Publish the operator's public places, or stop."""
    feed = _held(operator)
    values = {"is_open": is_open, "national_id": national_id.strip(), "changed_at": timezone.now()}
    before, after = apply_changes(feed, values)
    feed.full_clean(exclude=["operator"])
    feed.save()
    for one in (before, after):
        one.pop("changed_at", None)
    record("open_data.change", feed, operator_id=operator.pk, before=before, after=after)
    return feed


@transaction.atomic
def set_key(*, operator: Operator, is_needed: bool) -> str:
    """Ask readers for a new key, shown this once; or for none. An older one ends."""
    feed = _held(operator)
    key = secrets.token_urlsafe(24) if is_needed else ""
    feed.key_digest, feed.changed_at = digest_of(key) if key else "", timezone.now()
    feed.save()
    record("open_data.key", feed, operator_id=operator.pk, after={"key": is_needed})
    return key


def feed_of(operator: Operator) -> OpenDataFeed:
    """The operator's feed; closed until somebody opens it."""
    found: OpenDataFeed | None = OpenDataFeed.objects.filter(operator=operator).first()
    return found or OpenDataFeed(operator=operator)


def _held(operator: Operator) -> OpenDataFeed:
    """The same, which nobody else changes meanwhile."""
    Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)
    return feed_of(operator)


def digest_of(key: str) -> str:
    """As the key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def note_fetch(operator: Operator, name: str, reader: str, now: datetime) -> None:
    """Keep who fetched, at most once a minute each; readers beyond a hundred are one."""
    if not cache.add(f"open-data-fetch:{operator.pk}:{name}:{digest_of(reader)}", 1, _PAUSE_S):
        return
    rows = OpenDataFetch.objects.filter(operator=operator)
    own = rows.filter(name=name, reader=reader)
    if not own.exists() and rows.count() >= MOST_READERS:
        reader = "…"
        own = rows.filter(name=name, reader=reader)
    if not own.update(times=F("times") + 1, last_at=now):
        OpenDataFetch.objects.bulk_create(
            [OpenDataFetch(operator=operator, name=name, reader=reader, last_at=now)],
            ignore_conflicts=True,
        )
