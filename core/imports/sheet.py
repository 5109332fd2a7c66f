"""A file as a table of texts, wherever it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from core.errors import InvalidInput

MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 100
MOST_CHARACTERS: Final = 5_000

_ZONE: Final = re.compile(r"^(?P<name>.*?)\s*\((?P<zone>[A-Za-z]+(?:/[A-Za-z_+\-0-9]+)*)\)$")


class UnreadableFile(InvalidInput):
    """The file as a whole cannot be read; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class Head:
    """One column's name and, for instants without zone, the zone that its name tells."""

    name: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it stands in the file, and its cells as text."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file. ``origin`` says how it was read, for people."""

    heads: list[Head]
    lines: list[Line]
    origin: str

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        return {
            "heads": [[head.name, head.zone] for head in self.heads],
            "lines": [[line.number, line.cells] for line in self.lines],
            "origin": self.origin,
        }


def from_json(kept: dict[str, Any]) -> Sheet:
    """The reverse of ``as_json``."""
    return Sheet(
        [Head(name, zone) for name, zone in kept["heads"]],
        [Line(number, cells) for number, cells in kept["lines"]],
        kept["origin"],
    )


def head_of(text: str) -> Head:
    """``started_at (Europe/Stockholm)`` as name and zone."""
    plain = " ".join(text.split())
    match = _ZONE.match(plain)
    return Head(match["name"], match["zone"]) if match else Head(plain)


def sheet_of(rows: Iterable[tuple[int, list[str]]], origin: str) -> Sheet:
    """Header and lines, without empty rows; raises UnreadableFile for what is no table."""
    heads: list[Head] | None = None
    lines: list[Line] = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if heads is None:
            heads = _heads(cells)
            continue
        lines.append(Line(number, _trimmed(cells, len(heads))))
        if len(lines) > MOST_ROWS:
            raise UnreadableFile(
                "too_many_rows",
                _("The file has more than %(count)s rows; split it.") % {"count": MOST_ROWS},
            )
    if heads is None:
        raise UnreadableFile("empty_file", _("The file is empty."))
    if not lines:
        raise UnreadableFile("no_rows", _("The file has a header but no rows."))
    return Sheet(heads, lines, origin)


def _heads(cells: list[str]) -> list[Head]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise UnreadableFile(
            "too_many_columns",
            _("The file has more than %(count)s columns.") % {"count": MOST_COLUMNS},
        )
    heads = [head_of(cell) for cell in cells]
    names = [head.name.casefold() for head in heads]
    if "" in names:
        raise UnreadableFile(
            "nameless_column",
            _("Column %(number)s has no name in the first row.") % {"number": names.index("") + 1},
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnreadableFile(
            "column_twice", _("Columns that occur twice: %(names)s") % {"names": ", ".join(twice)}
        )
    return heads


def _trimmed(cells: list[str], width: int) -> list[str]:
    """Without empty cells beyond the header; what is left beyond is told by the plan."""
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return [cell[:MOST_CHARACTERS] for cell in cells]
