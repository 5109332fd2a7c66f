"""What importing a file would keep, and all that is wrong with it (pure)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from planning.layers.facts import Numbers, Spot, content_hash
from planning.layers.geometry import is_readable, middle_of, moved
from planning.layers.histories import HISTORY, across, gathered, is_year
from planning.layers.kinds import LayerKind
from planning.layers.land import bundled
from planning.layers.mapping import FIRST, KEEP, REFUSE, SUM, UNSAID, WEIGHTED, FileMapping
from planning.layers.numbers import is_missing, number_of
from planning.layers.placing import Homes, placed
from planning.layers.reading.table import FileRow, Table
from planning.layers.systems import WGS84, Guess, fits, is_known, probable, to_wgs84

MOST_PROBLEMS: Final = 200
MOST_VALUES: Final = 60
_SAME: Final = 5
"""Decimals of degrees to which two positions are the same: about a metre."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``row`` 0: with the file as a whole."""

    code: str
    row: int = 0
    column: str = ""
    value: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something odd that does not stand in the way: how many rows, the first of them."""

    code: str
    count: int
    rows: tuple[int, ...] = ()


@dataclass(slots=True)
class LayerPlan:
    """What would be kept. ``problem_count`` counts those beyond the first 200 as well."""

    epsg: int = WGS84
    spots: list[Spot] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    warnings: list[Oddity] = field(default_factory=list)
    left_out: int = 0

    @property
    def is_good(self) -> bool:
        """Whether the layer can be kept."""
        return not self.problem_count and bool(self.spots)

    def add(self, problem: Problem) -> None:
        """One more thing that is wrong."""
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def digest(self, kind: str) -> str:
        """Differs as soon as anything else would be kept than what was shown."""
        told = f"{content_hash(kind, self.spots)} {self.left_out} {self.problem_count}"
        return hashlib.sha256(told.encode()).hexdigest()


def plan_of(table: Table, mapping: FileMapping, kind: str, homes: Homes | None = None) -> LayerPlan:
    """Reads a table by a mapping. Rows that are wrong are problems, or left out where the
    mapping says so; what is wrong with all of them is told once. ``homes``: places by name, of the
    layer that gives the positions."""
    plan, missing = LayerPlan(), dict[int, str]()
    if mapping.placed_from:
        if mapping.placed_by not in table.columns or not homes:
            code = "no_places" if not homes else "no_placed_by"
            plan.add(Problem(code, column=mapping.placed_by))
            return plan
        table, missing = placed(table, mapping.placed_by, homes)
        mapping = replace(mapping, epsg=WGS84, is_swapped=False)
    if not _has_columns(table, mapping, kind, plan):
        return plan
    east, north = _positions(table, mapping)
    if mapping.is_swapped:
        east, north = north, east
    epsg = _system(east, north, mapping, plan)
    if plan.problem_count:
        return plan
    plan.epsg = epsg
    longitude, latitude = to_wgs84(east, north, epsg)
    for row, x, y in zip(table.rows, longitude.tolist(), latitude.tolist(), strict=True):
        nameless = missing.get(row.number)
        _read(row, x, y, table, mapping, kind, plan, nameless)
    if mapping.placed_from and plan.spots:
        plan.warnings.append(Oddity("placed", len(plan.spots)))
    if plan.left_out:
        plan.warnings.append(Oddity("wrong_left_out", plan.left_out))
    _gather(plan, mapping, kind)
    _without_doubles(plan, mapping)
    _look_for_sea(plan)
    if not plan.spots and not plan.problem_count:
        plan.add(Problem("nothing_left"))
    return plan


def _has_columns(table: Table, mapping: FileMapping, kind: str, plan: LayerPlan) -> bool:
    for name in ("longitude", "latitude"):
        column = getattr(mapping, name)
        if not table.has_geometry and column not in table.columns:
            plan.add(Problem(f"no_{name}", column=column))
    if not table.has_geometry and mapping.longitude and mapping.longitude == mapping.latitude:
        plan.add(Problem("same_column", column=mapping.longitude))
    if kind in WEIGHTED and mapping.weight not in table.columns:
        plan.add(Problem("no_weight_column", column=mapping.weight))
    if mapping.epsg and not is_known(mapping.epsg):
        plan.add(Problem("unknown_system", value=str(mapping.epsg)))
    return not plan.problem_count


def _positions(table: Table, mapping: FileMapping) -> tuple[Numbers, Numbers]:
    if not table.has_geometry:
        pairs = [
            tuple(number_of(row.cells.get(name)) for name in (mapping.longitude, mapping.latitude))
            for row in table.rows
        ]
    else:
        pairs = [
            middle_of(row.geometry)
            if row.geometry is not None and is_readable(row.geometry)
            else (math.nan, math.nan)
            for row in table.rows
        ]
    both = np.array(pairs, dtype=np.float64)
    return both[:, 0], both[:, 1]


def _system(east: Numbers, north: Numbers, mapping: FileMapping, plan: LayerPlan) -> int:
    """The system to read by; a problem when the numbers plainly are in another one."""
    guess = probable(east, north)
    if guess is None:
        if mapping.epsg:
            return mapping.epsg
        plan.add(Problem("no_system"))
        return WGS84
    chosen = mapping.epsg or guess.epsg
    if guess.is_swapped and (chosen == guess.epsg or _misses(north, east, chosen)):
        plan.add(Problem("swapped", params={"epsg": guess.epsg}))
    elif not guess.is_swapped and chosen != guess.epsg and _is_other(east, north, chosen, guess):
        plan.add(Problem("other_system", params={"epsg": guess.epsg, "chosen": chosen}))
    return chosen


def _is_other(east: Numbers, north: Numbers, chosen: int, guess: Guess) -> bool:
    """Degrees read as metres or the reverse, or metres that come to lie off the earth or far
    away from where the guess puts them."""
    as_degrees = bool((np.abs(east[np.isfinite(east)]) <= 180).all())
    if as_degrees != (guess.epsg == WGS84):
        return False
    if WGS84 in (chosen, guess.epsg):
        return True
    fitting = fits(east, north, chosen)
    if fitting is not None:
        return not fitting
    return _misses(east, north, chosen)


def _misses(east: Numbers, north: Numbers, epsg: int) -> bool:
    """Whether a system puts most positions outside Europe or off the earth."""
    longitude, latitude = to_wgs84(east, north, epsg)
    with np.errstate(invalid="ignore"):
        within = (longitude > -32) & (longitude < 60) & (latitude > 30) & (latitude < 82)
    real = np.isfinite(east) & np.isfinite(north)
    return bool(within[real].mean() < 0.5) if real.any() else False


def _read(
    row: FileRow,
    x: float,
    y: float,
    table: Table,
    mapping: FileMapping,
    kind: str,
    plan: LayerPlan,
    missing: str | None = None,
) -> None:
    if missing:
        cell = row.cells.get(mapping.placed_by)
        found: Problem | None = Problem(missing, row.number, mapping.placed_by, _cut(cell))
    else:
        found = _position_problem(row, x, y, table, mapping)
    weight = UNSAID.get(kind, 1.0)
    if found is None and mapping.weight:
        weight = number_of(row.cells.get(mapping.weight))
        found = _weight_problem(row, weight, mapping)
    if found is None and kind == LayerKind.VEHICLES and (year := mapping.extras.get("year")):
        cell = row.cells.get(year)
        found = None if is_year(cell) else Problem("no_year", row.number, year, str(cell)[:100])
    if found is not None:
        if mapping.leaves_out_wrong:
            plan.left_out += 1
        else:
            plan.add(found)
        return
    plan.numbers.append(row.number)
    plan.spots.append(
        Spot(
            round(x, 7),
            round(y, 7),
            weight,
            str(_shown(row.cells.get(mapping.label)) if mapping.label else "")[:200],
            _values(row, mapping, kind),
            _geometry(row, plan.epsg, mapping),
        )
    )


def _position_problem(
    row: FileRow, x: float, y: float, table: Table, mapping: FileMapping
) -> Problem | None:
    if table.has_geometry and (row.geometry is None or not is_readable(row.geometry)):
        code = "no_position" if row.geometry is None else "strange_geometry"
        return Problem(code, row.number)
    if not table.has_geometry:
        for column in (mapping.longitude, mapping.latitude):
            cell = row.cells.get(column)
            if is_missing(cell):
                return Problem("no_position", row.number, column)
            if math.isnan(number_of(cell)):
                return Problem("no_number", row.number, column, str(cell)[:100])
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        return Problem("off_earth", row.number)
    if abs(x) < 0.001 and abs(y) < 0.001:
        return Problem("at_zero", row.number)
    return None


def _weight_problem(row: FileRow, weight: float, mapping: FileMapping) -> Problem | None:
    cell = row.cells.get(mapping.weight)
    if is_missing(cell):
        return Problem("missing_weight", row.number, mapping.weight)
    if math.isnan(weight):
        return Problem("no_number", row.number, mapping.weight, str(cell)[:100])
    if weight < 0:
        return Problem("negative_weight", row.number, mapping.weight, str(cell)[:100])
    if weight >= 1e15:
        return Problem("huge_weight", row.number, mapping.weight, str(cell)[:100])
    return None


def _values(row: FileRow, mapping: FileMapping, kind: str) -> dict[str, Any]:
    used = {mapping.longitude, mapping.latitude, mapping.weight, mapping.label}
    used.update(mapping.extras.values())
    found = {
        name: _value(row.cells.get(column)) for name, column in mapping.extras.items() if column
    }
    others = [name for name in row.cells if name not in used and name not in found]
    found.update({name: _value(row.cells[name]) for name in others[:MOST_VALUES]})
    if kind == LayerKind.VEHICLES and len(history := across(row.cells)) > 1:
        found = {
            name: value
            for name, value in found.items()
            if name not in row.cells or not is_year(name)
        } | {HISTORY: history}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _value(cell: Any) -> Any:
    number = number_of(cell)
    if math.isnan(number) or (isinstance(cell, str) and cell[:1] == "0" and cell[1:2].isdigit()):
        return cell
    return int(number) if number == int(number) and abs(number) < 2**53 else number


def _cut(cell: Any) -> str:
    return str(_shown(cell))[:100]


def _shown(cell: Any) -> Any:
    return "" if cell is None else cell


def _geometry(row: FileRow, epsg: int, mapping: FileMapping) -> Mapping[str, Any] | None:
    """Lines and areas in WGS 84; a point is its position already."""
    if row.geometry is None or row.geometry.get("type") in ("Point", "MultiPoint"):
        return None

    def move(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
        both = np.array(places, dtype=np.float64)
        east, north = (both[:, 1], both[:, 0]) if mapping.is_swapped else (both[:, 0], both[:, 1])
        longitude, latitude = to_wgs84(east, north, epsg)
        return list(zip(longitude.tolist(), latitude.tolist(), strict=True))

    found: Mapping[str, Any] = moved(row.geometry, move)
    return found


def _gather(plan: LayerPlan, mapping: FileMapping, kind: str) -> None:
    """Rows of several years at a place become one with its history."""
    if kind != LayerKind.VEHICLES:
        return
    if mapping.extras.get("year"):
        kept, spots, twice = gathered(plan.spots)
        for at in twice:
            if mapping.leaves_out_wrong:
                plan.left_out += 1
            else:
                values = plan.spots[at].values
                plan.add(Problem("year_twice", plan.numbers[at], value=str(values["year"])))
        plan.spots, plan.numbers = spots, [plan.numbers[at] for at in kept]
    told = sum(len(one.values.get(HISTORY, ())) > 1 for one in plan.spots)
    if told:
        plan.warnings.append(Oddity("histories", told))


def _without_doubles(plan: LayerPlan, mapping: FileMapping) -> None:
    """Rows at the same place: refused, kept, the first alone, or added up."""
    first: dict[tuple[float, float], int] = {}
    doubles: list[int] = []
    sums: dict[int, list[float]] = {}
    for index, spot in enumerate(plan.spots):
        place = (round(spot.longitude, _SAME), round(spot.latitude, _SAME))
        one = first.setdefault(place, index)
        if one != index:
            doubles.append(index)
            sums.setdefault(one, []).append(spot.weight)
            if mapping.duplicates == REFUSE:
                plan.add(
                    Problem(
                        "double", plan.numbers[index], value=spot.label,
                        params={"first": plan.numbers[one]},
                    )
                )  # fmt: skip
    if not doubles:
        return
    rows = tuple(plan.numbers[index] for index in doubles[:5])
    if mapping.duplicates == KEEP:
        plan.warnings.append(Oddity("doubles_kept", len(doubles), rows))
    elif mapping.duplicates in (FIRST, SUM):
        code = "doubles_left_out" if mapping.duplicates == FIRST else "doubles_added_up"
        plan.warnings.append(Oddity(code, len(doubles), rows))
        if mapping.duplicates == SUM:
            for one, weights in sums.items():
                total = math.fsum([plan.spots[one].weight, *weights])
                plan.spots[one] = replace(plan.spots[one], weight=total)
        _drop(plan, doubles)


def _drop(plan: LayerPlan, indices: Sequence[int]) -> None:
    away = set(indices)
    plan.left_out += len(away)
    plan.spots = [one for index, one in enumerate(plan.spots) if index not in away]
    plan.numbers = [one for index, one in enumerate(plan.numbers) if index not in away]


def _look_for_sea(plan: LayerPlan) -> None:
    if not plan.spots:
        return
    longitude = np.array([one.longitude for one in plan.spots])
    latitude = np.array([one.latitude for one in plan.spots])
    wet = np.flatnonzero(bundled().is_at_sea(longitude, latitude))
    if len(wet):
        rows = tuple(plan.numbers[one] for one in wet[:5])
        plan.warnings.append(Oddity("at_sea", len(wet), rows))
