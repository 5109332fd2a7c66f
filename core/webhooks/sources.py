"""What rooms tell: kinds of events, and events that are read from their journals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event: its name on the wire and what people read. ``sample``: data as they might
    come; kinds with one may have a template."""

    name: str
    label: str | Promise
    sample: Mapping[str, Any] | None = field(default=None, hash=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEvent:
    """Something that happened. The same ``key`` of one operator is the same event.

    ``recorded_at`` is when it came to be known, by our clock.
    """

    operator_id: int
    kind: str
    key: str
    happened_at: datetime
    recorded_at: datetime
    data: Mapping[str, Any]


class EventSource(Protocol):
    """A room that has events to tell."""

    name: str
    kinds: Sequence[EventKind]

    def events(
        self, *, since: datetime, operators: Collection[int], kinds: Collection[str]
    ) -> Iterable[NetworkEvent]:
        """Events recorded at ``since`` or later, oldest first. Some may be given again.

        A source that publishes in its own transactions (``core.webhooks.outbox``) has none.
        """
        ...


@cache
def sources() -> tuple[EventSource, ...]:
    """All sources of this installation."""
    return tuple(import_string(path)() for path in settings.WEBHOOK_SOURCES)


def event_kinds() -> tuple[EventKind, ...]:
    """All kinds of events, by name."""
    found = [kind for source in sources() for kind in source.kinds]
    return tuple(sorted(found, key=lambda kind: kind.name))


def kind_choices() -> list[tuple[str, str | Promise]]:
    """Names and labels, for forms and filters."""
    return [(kind.name, kind.label) for kind in event_kinds()]
