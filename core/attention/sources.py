"""What a room gives to the attention list: ATTENTION_SOURCES names one object for each room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nsmallest
from typing import Final, Protocol, runtime_checkable

from django.utils.functional import Promise

from core.plugins import plugged

Text = str | Promise
_TONES: Final = {"bad": 0, "warn": 1, "idle": 2}
_URGENT: Final = ("bad", "warn")


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


@runtime_checkable
class BriefSource(AttentionSource, Protocol):
    """A source that can leave out what it has much of and what is least urgent."""

    def brief(self, now: datetime) -> tuple[list[Concern], dict[str, int]]:
        """Concerns, and by code of the reason how many of the least tone were left out."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The most urgent concerns, how many there are, and of which reasons."""

    first: list[Concern]
    count: int
    reasons: list[tuple[Reason, int]]


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


def overview(allows: Callable[[str], bool], now: datetime, most: int) -> Overview:
    """The ``most`` urgent of ``concerns``, and the numbers of all; those that would be far down
    are counted by the database where a source can."""
    brief, found, counts = list[BriefSource](), list[Concern](), Counter[str]()
    for source in _sources():
        if not allows(source.permission):
            continue
        if isinstance(source, BriefSource):
            brief.append(source)
        else:
            found += source.concerns(now)
    urgent = list[Concern]()
    for source in brief:
        told, left_out = source.brief(now)
        urgent += told
        counts.update(left_out)
    if counts.total() and sum(one.reason.tone in _URGENT for one in (*found, *urgent)) < most:
        urgent, counts = [one for source in brief for one in source.concerns(now)], Counter()
    found += urgent
    counts.update(one.reason.code for one in found)
    return Overview(nsmallest(most, found, key=_urgency), counts.total(), _with_reasons(counts))


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
    return _with_reasons(Counter(concern.reason.code for concern in found))


def _with_reasons(counts: Counter[str]) -> list[tuple[Reason, int]]:
    return [(reason, counts[reason.code]) for reason in reasons() if counts[reason.code]]


def _sources() -> tuple[AttentionSource, ...]:
    return plugged("ATTENTION_SOURCES")
