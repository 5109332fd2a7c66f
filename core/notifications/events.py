"""Events that people can be told of; each room declares its own by NOTIFICATION_EVENTS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise

from core.accounts.models import Operator
from core.plugins import plugged


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened. ``key`` is the same whenever it is found again. ``place_id`` is
    where, for members who see chosen places alone; None concerns the whole operator.
    ``person_id``: the user whom alone it concerns."""

    key: str
    happened_at: datetime
    params: dict[str, Any]
    url: str
    place_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: all that came true after ``since`` and up to ``until``; ``delay`` is
    how long it must have lasted."""

    operator: Operator
    since: datetime
    until: datetime
    delay: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """One kind of event.

    ``find`` runs inside the operator's scope, over all places. ``words`` makes the sentence in
    the active language. ``defaults``: roles by way that hear of it unless they choose.
    """

    name: str
    label: str | Promise
    permission: str
    find: Callable[[Search], Iterable[Occurrence]]
    words: Callable[[Mapping[str, Any]], str]
    defaults: Mapping[str, frozenset[str]] = field(default_factory=dict)
    delay_minutes: int | None = None


EventSource = Callable[[], Iterable[EventKind]]


def event_kinds() -> dict[str, EventKind]:
    """All events by name, in the order of the setting."""
    sources: tuple[EventSource, ...] = plugged("NOTIFICATION_EVENTS")
    return {kind.name: kind for source in sources for kind in source()}
