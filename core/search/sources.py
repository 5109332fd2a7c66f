"""What a room gives to the search: SEARCH_SOURCES names one object for each kind of thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise

from core.plugins import plugged

MOST: Final = 8
"""Hits that are shown of one kind."""

LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, what tells it from others, its page."""

    label: str
    note: str
    url: str


class SearchSource(Protocol):
    """One kind of thing that can be found.

    ``list_url`` is the name of the list that takes the same text as ``q``, or empty.
    """

    kind: str
    label: str | Promise
    icon: str
    permission: str
    list_url: str

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """At most ``most`` things of the operator in scope that ``text`` may mean, best first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind, and where to see them all."""

    kind: str
    label: str | Promise
    icon: str
    all_url: str
    hits: Sequence[Hit]


def search_everything(text: str, allows: Callable[[str], bool]) -> list[Group]:
    """Groups with hits, in the order of the setting; only kinds that the caller may see."""
    wanted = text.replace("\x00", "").strip()[:LONGEST]
    if not wanted:
        return []
    groups = []
    for source in sources():
        hits = source.find(wanted, MOST) if allows(source.permission) else ()
        if hits:
            url = (
                f"{reverse(source.list_url)}?{urlencode({'q': wanted})}" if source.list_url else ""
            )
            groups.append(Group(source.kind, source.label, source.icon, url, hits))
    return groups


def sources() -> tuple[SearchSource, ...]:
    """What the setting names."""
    return plugged("SEARCH_SOURCES")
