"""Searching the OCPP journal: calls paired with their answers, both ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.tenancy.places import current_places
from stations.hardware.models import Station
from stations.ocpp.models import FrameJournal

TEXT_SEARCH_DAYS: Final = 7
DIRECTIONS: Final = ("in", "out", "stray")


def frames(operator_id: int) -> QuerySet[FrameJournal]:
    """All exchanges of an operator's stations, newest first."""
    return FrameJournal.objects.filter(operator_id=operator_id).order_by("-received_at", "-id")


def station_frames(station: Station) -> QuerySet[FrameJournal]:
    """All exchanges of one station, newest first."""
    return frames(station.operator_id).filter(station_id=station.pk)


def oldest_frame(operator_id: int) -> datetime | None:
    """When the oldest exchange that is kept came, by the index of the operator. None where there
    is none, and for members of some sites: the first of theirs may lie deep in the journal."""
    if current_places() is not None:
        return None
    rows = FrameJournal.objects.filter(operator_id=operator_id).order_by("received_at")
    found: datetime | None = rows.values_list("received_at", flat=True)[:1].first()
    return found


def session_frames(
    station: Station, transaction: str, start: datetime, end: datetime
) -> QuerySet[FrameJournal]:
    """Exchanges that name a transaction, from shortly before its start until its end.

    A 1.6 start does not carry the transaction id in the request; its answer does.
    """
    window = station_frames(station).filter(
        received_at__gte=start - timedelta(minutes=5), received_at__lte=end
    )
    named = Q(request__contains=transaction) | Q(answer__contains=transaction)
    return window.filter(named).order_by("received_at", "id")


def with_text(queryset: QuerySet[FrameJournal], text: str) -> QuerySet[FrameJournal]:
    """Exchanges whose request or answer contains ``text``, or with that correlation id."""
    return queryset.filter(
        Q(message_id=text) | Q(request__icontains=text) | Q(answer__icontains=text)
    )


def default_since(since: datetime | None, text: str) -> datetime | None:
    """A search in texts without a beginning looks back TEXT_SEARCH_DAYS only."""
    if since is None and text:
        return timezone.now() - timedelta(days=TEXT_SEARCH_DAYS)
    return since


@dataclass(frozen=True, slots=True)
class Shown:
    """A text of the journal: as a JSON value where it is JSON, else as it came."""

    text: str
    value: Any
    is_json: bool


def shown(text: str | None) -> Shown | None:
    """What to show of a stored text; None when there is none."""
    if not text:
        return None
    try:
        return Shown(text, orjson.loads(text), is_json=True)
    except orjson.JSONDecodeError:
        return Shown(text, None, is_json=False)
