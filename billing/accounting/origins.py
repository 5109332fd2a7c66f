"""Where an entry comes from: the page of what it books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse

from billing.accounting.models import JournalEntry


@dataclass(frozen=True, slots=True)
class Origin:
    """What an entry books, and its page; empty where it has none."""

    label: str
    url: str = ""


Finder = Callable[[int], Origin | None]
FINDERS: Final[dict[str, Finder]] = {}
"""By the kind of the source; the rooms' rows are read within the reader's scope."""


def origin_of(entry: JournalEntry, finders: Mapping[str, Finder] = FINDERS) -> Origin:
    """What the entry books; its document where nothing more is known."""
    finder = finders.get(entry.source_kind)
    found = finder(entry.source_id) if finder else None
    return found or Origin(entry.document)


def page(name: str, *args: object) -> str:
    """An address; empty where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
