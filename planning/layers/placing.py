"""Positions for rows that have names or codes alone, from the places of another layer (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from planning.layers.reading.table import FileRow, Table

CODES: Final = frozenset(
    {"code", "kod", "kommunkod", "lanskod", "municipality_code", "deso", "desokod", "regso"}
    | {"regsokod", "nuts", "lkf", "lau", "id", "ref", "tatortskod", "postnummer", "postal_code"}
    | {"zip", "geonameid"}
)
"""Columns of the other layer whose cells name its places besides their names."""


@dataclass(frozen=True, slots=True)
class Home:
    """A place of the other layer: what it is called and where it lies."""

    label: str
    values: Mapping[str, Any]
    longitude: float
    latitude: float
    geometry: Mapping[str, Any] | None = None

    @property
    def shape(self) -> Mapping[str, Any]:
        """Its area or line, else its point."""
        return self.geometry or {
            "type": "Point", "coordinates": [self.longitude, self.latitude],
        }  # fmt: skip


Homes = Mapping[str, Sequence[Home]]


def homes_by_name(places: Iterable[Home]) -> dict[str, list[Home]]:
    """Places by everything that names them; several where a name stands for several."""
    found: dict[str, list[Home]] = {}
    for one in places:
        cells = [one.label, *(cell for name, cell in one.values.items() if name.lower() in CODES)]
        for key in {key_of(cell) for cell in cells} - {""}:
            found.setdefault(key, []).append(one)
    return found


def key_of(cell: Any) -> str:
    """A name or code as it is compared: without case, extra blanks, and the zeros before a number
    that a spreadsheet takes away."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str("" if cell is None else cell).casefold().split())
    return text.lstrip("0") or "0" if text.isdecimal() else text


def placed(table: Table, column: str, homes: Homes) -> tuple[Table, dict[int, str]]:
    """The table with the position of each row whose cell names one place; for the others, by
    their numbers, ``no_match`` or ``several_matches``."""
    missing: dict[int, str] = {}
    rows: list[FileRow] = []
    for row in table.rows:
        found = homes.get(key_of(row.cells.get(column)), ())
        is_one = len({(one.longitude, one.latitude) for one in found}) == 1
        if not is_one:
            missing[row.number] = "several_matches" if found else "no_match"
        rows.append(replace(row, geometry=found[0].shape if is_one else None))
    return replace(table, rows=tuple(rows), has_geometry=True), missing
