"""What a room gives to the attention list: ATTENTION_SOURCES names one object for each room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from django.utils.functional import Promise

from core.plugins import plugged

Text = str | Promise
_TONES: Final = {"bad": 0, "warn": 1, "idle": 2}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something may need attention: its code, words, tone (bad, warn, idle) and icon."""

    code: str
    label: Text
    tone: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing that needs attention.

    ``text`` says why in words, ``since_at`` since when (None: not known), ``url`` where to act.
    Both may be lazy: of thousands of concerns a page shows few.
    ``place_ref`` and ``place`` are the public id and name of where it is.
    """

    reason: Reason
    subject: str
    text: Text
    since_at: datetime | None
    url: Text
    place_ref: str
    place: str


class AttentionSource(Protocol):
    """Concerns of one room; a fixed number of queries, whatever the number of rows."""

    permission: str
    reasons: Sequence[Reason]

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """What needs attention among the rows in scope."""


def reasons() -> list[Reason]:
    """Every reason there is, in the order of the setting."""
    return [reason for source in _sources() for reason in source.reasons]


def concerns(allows: Callable[[str], bool], now: datetime) -> list[Concern]:
    """Everything that needs attention and that the caller may see; serious things first, and
    of these the newest."""
    found = [
        concern
        for source in _sources()
        if allows(source.permission)
        for concern in source.concerns(now)
    ]
    return sorted(found, key=_urgency)


def _urgency(concern: Concern) -> tuple[int, float, str]:
    since = concern.since_at or datetime(2000, 1, 1, tzinfo=UTC)
    return _TONES.get(concern.reason.tone, len(_TONES)), -since.timestamp(), concern.subject


def narrowed(found: Iterable[Concern], *, reason: str = "", site: str = "") -> list[Concern]:
    """The concerns of a reason and a site; empty means any."""
    return [
        concern
        for concern in found
        if reason in ("", concern.reason.code) and site in ("", concern.place_ref)
    ]


def counted(found: Iterable[Concern]) -> list[tuple[Reason, int]]:
    """How many concerns each reason has; reasons without any are left out."""
    counts = Counter(concern.reason.code for concern in found)
    return [(reason, counts[reason.code]) for reason in reasons() if counts[reason.code]]


def _sources() -> tuple[AttentionSource, ...]:
    return plugged("ATTENTION_SOURCES")
