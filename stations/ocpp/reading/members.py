"""Reading members of a JSON object that may be anything, leaving notes."""

from __future__ import annotations

from datetime import tzinfo
from decimal import Decimal
from typing import Any

from stations.ocpp.reading.instants import Instant, read_instant
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.numbers import read_decimal, read_integer
from stations.ocpp.reading.texts import read_text, read_token

_TRUE = frozenset({"true", "1", "yes"})


class Members:
    """The members of an object. A member that is missing or null reads as None."""

    __slots__ = ("data", "notes")

    def __init__(self, data: Any, notes: list[str]) -> None:
        if type(data) is dict:
            self.data: dict[str, Any] = data
        else:
            self.data = {}
            if data is not None:
                notes.append(Note.MEMBER_FORM)
        self.notes = notes

    def has(self, name: str) -> bool:
        """Whether the member was sent with a value."""
        return self.data.get(name) is not None

    def text(self, name: str, limit: int) -> str | None:
        """A bounded printable text."""
        return read_text(self.data.get(name), limit, self.notes)

    def token(self, name: str) -> str | None:
        """An id token; may be empty."""
        return read_token(self.data.get(name), self.notes)

    def integer(self, name: str) -> int | None:
        """A whole number of OCPP's range."""
        value = self.data.get(name)
        return None if value is None else read_integer(value, self.notes)

    def decimal(self, name: str) -> Decimal | None:
        """An exact finite number."""
        value = self.data.get(name)
        return None if value is None else read_decimal(value, self.notes)

    def instant(self, name: str, zone: tzinfo) -> Instant:
        """A time; a missing one leaves a note."""
        return read_instant(self.data.get(name), zone, self.notes)

    def optional_instant(self, name: str, zone: tzinfo) -> Instant:
        """A time that may be missing without a note."""
        return self.instant(name, zone) if self.data.get(name) else Instant("", None)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false; ``"true"`` and 1 count as true."""
        value = self.data.get(name)
        if value is None:
            return default
        if type(value) is bool:
            return value
        self.notes.append(Note.MEMBER_FORM)
        return str(value).lower() in _TRUE if isinstance(value, str | int) else default

    def child(self, name: str) -> Members:
        """The members of an inner object; empty when there is none."""
        return Members(self.data.get(name), self.notes)

    def children(self, name: str) -> list[Members]:
        """The objects of a list; one object alone counts as a list of one."""
        return [
            Members(item, self.notes)
            for item in as_list(self.data.get(name), self.notes)
            if type(item) is dict
        ]


def as_list(value: Any, notes: list[str]) -> list[Any]:
    """``value`` if it is a list, a list of it if it is an object, else none."""
    if type(value) is list:
        return value
    if value is None:
        return []
    notes.append(Note.MEMBER_FORM)
    return [value] if type(value) is dict else []


def unique(notes: list[str]) -> tuple[str, ...]:
    """Notes once each, in the order in which they were found."""
    return tuple(dict.fromkeys(map(str, notes))) if notes else ()
