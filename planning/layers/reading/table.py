"""A file as a table, wherever it came from (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MOST_BYTES: Final = 25_000_000
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
MOST_CHARACTERS: Final = 500


class FileError(Exception):
    """A file as a whole cannot be read; ``code`` says why, ``params`` of what."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: where it stands in the file, its cells by column, its geometry (GeoJSON)."""

    number: int
    cells: Mapping[str, Any]
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A whole file. ``read_as`` tells people how it was read; ``epsg``: the coordinate system
    that the file itself names; ``tables``: the tables to choose from, ``table`` the chosen one."""

    columns: tuple[str, ...]
    rows: tuple[FileRow, ...]
    read_as: str
    has_geometry: bool = False
    epsg: int | None = None
    tables: tuple[str, ...] = ()
    table: str = ""
    kind: str = ""
    notes: tuple[str, ...] = field(default=())


def columns_of(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Every name that rows have, in the order in which they first occur."""
    found: dict[str, None] = {}
    for row in rows:
        found.update(dict.fromkeys(row))
    if len(found) > MOST_COLUMNS:
        raise FileError("too_many_columns", count=MOST_COLUMNS)
    return tuple(found)


def need_rows(count: int) -> None:
    """Refuses none and too many."""
    if not count:
        raise FileError("no_rows")
    if count > MOST_ROWS:
        raise FileError("too_many_rows", count=MOST_ROWS)


def plain(value: Any) -> Any:
    """A cell as kept: text, number, yes or no; what has parts of its own is left out."""
    if isinstance(value, str):
        return value.replace("\x00", "")[:MOST_CHARACTERS].strip()
    if isinstance(value, bool | int | float) or value is None:
        return value
    return None
