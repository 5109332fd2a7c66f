"""How the columns of a file are read, and a first guess of it (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

import numpy as np

from planning.layers.histories import year_columns
from planning.layers.kinds import LayerKind
from planning.layers.numbers import number_of
from planning.layers.reading.table import Table
from planning.layers.systems import WGS84, probable

REFUSE, KEEP, FIRST, SUM = "refuse", "keep", "first", "sum"
WEIGHTED: Final = frozenset(
    {LayerKind.TRAFFIC, LayerKind.VEHICLES, LayerKind.POPULATION, LayerKind.GRID}
    | {LayerKind.PLACES_OF_INTEREST}
)
"""Kinds whose rows mean nothing without their number; rows of the others count one."""
UNSAID: Final[Mapping[str, float]] = {LayerKind.ROADS: 0.0}
"""What rows count without a column of numbers where one would say too much: a stretch without a
length is as long as its line."""
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    LayerKind.TRAFFIC: ("heavy_share", "length_km"),
    LayerKind.VEHICLES: ("year", "all_cars", "growth", "without_parking", "km_per_year"),
    LayerKind.PLACES_OF_INTEREST: ("kwh_per_stay", "plugs_in"),
    LayerKind.EXISTING_STATIONS: ("power_kw", "operator", "towards"),
    LayerKind.GRID: ("connection_cost",),
    LayerKind.CANDIDATES: ("capacity_kw", "connection_cost", "site_cost", "towards"),
    LayerKind.ROADS: ("from", "to", "road", "network", "light_vehicles"),
}
"""What else is read of a kind, by the names under which demand and studies look for it."""
_EAST: Final = [
    "longitude",
    "longitud",
    "long",
    "lon",
    "lng",
    "east",
    "easting",
    "ost",
    "oster",
    "e",
    "sweref_e",
    "x",
]
_NORTH: Final = [
    "latitude",
    "latitud",
    "lat",
    "north",
    "northing",
    "nord",
    "norr",
    "n",
    "sweref_n",
    "y",
]
_EXTRA_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "year": ("ar",),
    "all_cars": ("cars", "bilar", "personbilar"),
    "network": ("ten_t", "tent", "tent_network", "vagnat"),
    "towards": ("riktning", "mot"),
    "light_vehicles": ("ldv", "adt_light", "adt_latta", "latta_fordon"),
    "from": ("fran",),
    "to": ("till",),
}
"""What else the columns are called."""
_LABEL: Final = [
    "name",
    "namn",
    "label",
    "benamning",
    "ort",
    "tatort",
    "place",
    "title",
    "kommun",
    "municipality",
    "locality",
    "site",
    "station",
    "road",
    "vag",
    "deso",
    "regso",
    "code",
    "kod",
    "id",
]
_WEIGHTS: Final[Mapping[str, str]] = {
    LayerKind.TRAFFIC: "adt aadt adt_total adt_fordon trafik traffic vehicles_per_day",
    LayerKind.VEHICLES: "electric_cars elbilar antal_elbilar bev bev_n ev evs 2025_bev_n vehicles",
    LayerKind.POPULATION: "population folkmangd befolkning invanare inhabitants pop",
    LayerKind.PLACES_OF_INTEREST: "visits_per_day visits besok visitors employees anstallda",
    LayerKind.EXISTING_STATIONS: "evses evse_count num_chargers chargers laddpunkter points",
    LayerKind.GRID: "capacity_kw kapacitet_kw capacity kapacitet power_kw effekt_kw",
    LayerKind.CANDIDATES: "preference weight vikt",
    LayerKind.ROADS: "length_km langd_km length langd km",
    LayerKind.AREAS: "weight vikt area_km2",
}


@dataclass(frozen=True, slots=True)
class FileMapping:
    """Columns by what they hold, the coordinate system (0: as probable), and what becomes of
    rows that are wrong or stand where another stands. ``placed_from``: the layer (public id) whose
    places give the positions, ``placed_by``: the column that has their names or codes."""

    longitude: str = ""
    latitude: str = ""
    weight: str = ""
    label: str = ""
    epsg: int = 0
    is_swapped: bool = False
    leaves_out_wrong: bool = False
    duplicates: str = KEEP
    extras: Mapping[str, str] = field(default_factory=dict)
    placed_from: str = ""
    placed_by: str = ""

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        return asdict(self)


def from_json(kept: Mapping[str, Any]) -> FileMapping:
    """The reverse of ``as_json``."""
    names = {one.name for one in fields(FileMapping)}
    return FileMapping(**{name: value for name, value in kept.items() if name in names})


def guessed(table: Table, kind: str) -> FileMapping:
    """What the names of columns and the numbers in them suggest."""
    taken: set[str] = set()
    east = "" if table.has_geometry else _named(table.columns, _EAST, taken)
    north = "" if table.has_geometry else _named(table.columns, _NORTH, taken)
    if _plain(east) in ("x", "y") and _is_swapped(table, east, north):
        # x is north in Swedish grids of old.
        east, north = north, east
    label = "" if table.has_geometry or east else _named(table.columns, _LABEL, set())
    weight = _named(table.columns, [*_WEIGHTS.get(kind, "").split(), "weight", "vikt"], taken)
    if kind == LayerKind.VEHICLES and not weight:
        weight = next(reversed(year_columns(table.columns)), "")
    extras = {
        name: _named(table.columns, [name, *_EXTRA_NAMES.get(name, ())], taken)
        for name in EXTRAS.get(kind, ())
    }
    return FileMapping(
        east,
        north,
        weight,
        _named(table.columns, _LABEL, taken),
        table.epsg or 0,
        duplicates=REFUSE if kind == LayerKind.CANDIDATES else KEEP,
        extras={name: column for name, column in extras.items() if column},
        placed_by=label,
    )


def _is_swapped(table: Table, east: str, north: str) -> bool:
    rows = table.rows[:500]
    columns = [
        np.array([number_of(row.cells.get(name)) for row in rows], dtype=np.float64)
        for name in (east, north)
    ]
    found = probable(columns[0], columns[1])
    return found is not None and found.is_swapped and found.epsg != WGS84


def _named(columns: Sequence[str], names: Iterable[str], taken: set[str]) -> str:
    """The first column with one of the names, in the order of the names."""
    by_name = {_plain(column): column for column in reversed(columns) if column not in taken}
    for name in names:
        if name in by_name:
            taken.add(by_name[name])
            return by_name[name]
    return ""


def _plain(name: str) -> str:
    """``Ådt fordon`` as ``adt_fordon``."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    ascii_only = "".join(one for one in letters if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")
