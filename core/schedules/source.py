"""What can be sent on a schedule: the protocol, and all that this installation knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from core.lists.export import ProducedFile

FORMATS: Final = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class FileItem:
    """One thing that a source can send; ``permission`` is needed to see it."""

    name: str
    title: str | Promise
    permission: str
    formats: tuple[str, ...] = FORMATS


class FileSource(Protocol):
    """A kind of things that produce files: lists, reports.

    ``request`` is one of a member, with ``query`` as its GET; it runs in the member's scope,
    language and zone. A source that is not a list names its formats in its items.
    """

    kind: str

    def items(self) -> Mapping[str, FileItem]:
        """Everything that can be sent, by name."""
        ...

    def sound(self, request: HttpRequest, item: str, query: str) -> tuple[str, list[str]]:
        """The query without what is not understood (any more), and those names."""
        ...

    def describe(self, request: HttpRequest, item: str) -> list[str]:
        """The request's filters in words, one each."""
        ...

    def produce(self, request: HttpRequest, item: str, extension: str) -> ProducedFile:
        """The file; raises RuleViolation when it cannot be made."""
        ...

    def address(self, item: str) -> str:
        """The page of the item."""
        ...


@cache
def sources() -> dict[str, FileSource]:
    """All sources by kind."""
    made = [import_string(path)() for path in settings.FILE_SOURCES]
    return {source.kind: source for source in made}


def find(kind: str, item: str) -> tuple[FileSource, FileItem] | None:
    """A source and one of its items; None when there is no such thing (any more)."""
    source = sources().get(kind)
    found = source.items().get(item) if source else None
    return (source, found) if source and found else None
