"""Prices from CSV: our own columns, or the export of ENTSO-E's transparency pages (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from billing.spot.areas import area_of
from billing.spot.csv_rows import rows
from billing.spot.facts import FileProblem, PriceFile, Problem, Slot
from billing.spot.moments import Clock
from billing.spot.numbers import is_nothing, price_of

OWN, ENTSOE = "csv", "entsoe_csv"
_AREA: Final = {"area", "zone", "bidding_zone", "elområde"}
_START: Final = {"starts_at", "start", "begins_at", "time", "from", "tid", "start (utc)"}
_PRICE: Final = {"price", "price_eur_mwh", "eur_per_mwh", "eur/mwh", "price (eur/mwh)", "pris"}
_MINUTES: Final = {"minutes", "resolution_minutes"}
_CURRENCY: Final = {"currency", "valuta"}
_TOLERATED: Final = {"source", "imported_at", "is_own", "day"}
_MTU: Final = re.compile(r"^mtu\s*\((?P<zone>cet/cest|utc)\)$", re.I)
_DAY_AHEAD: Final = re.compile(r"^day-ahead price\s*[(\[](?P<unit>[^)\]]+)[)\]]$", re.I)
_TIME: Final = re.compile(r"\b\d\d:(?P<minute>\d\d)(:\d\d)?")
_FIRST_AUCTION: Final = {"", "without sequence", "sequence 1", "1"}
"""ENTSO-E's export lists further auctions of the same day in the same file."""
_OTHER_UNIT: Final = re.compile(r"kwh|öre|ore\b|\b(sek|nok|dkk|gbp|pln)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column is what; None where there is none."""

    form: str
    start: int
    price: int
    area: int | None = None
    minutes: int | None = None
    currency: int | None = None
    sequence: int | None = None
    is_utc: bool = False

    @property
    def last(self) -> int:
        """The last column that a row must have."""
        return max(self.start, self.price, self.area or 0, self.minutes or 0, self.sequence or 0)


def read_price_csv(text: str, area: str | None) -> PriceFile:
    """Slots of a CSV file; ``area`` is meant where the file names none.

    Raises FileProblem when the file as a whole cannot be read.
    """
    lines = rows(text)
    first = next(lines, None)
    if first is None:
        raise FileProblem("empty_file")
    columns = _columns(first[1])
    reader = _Reader(columns, area)
    for line, cells in lines:
        reader.take(line, cells)
    if not reader.slots and not reader.problems:
        raise FileProblem("no_rows")
    return PriceFile(columns.form, _resolved(reader), tuple(reader.problems), reader.passed_over)


def _columns(heads: list[str]) -> _Columns:
    names = [" ".join(head.split()).casefold() for head in heads]
    for index, name in enumerate(names):
        mtu = _MTU.match(name)
        if mtu:
            return _entsoe_columns(heads, names, index, is_utc=mtu["zone"] == "utc")
    return _own_columns(heads, names)


def _entsoe_columns(heads: list[str], names: list[str], start: int, *, is_utc: bool) -> _Columns:
    for index, name in enumerate(names):
        match = _DAY_AHEAD.match(name)
        if match is None:
            continue
        if match["unit"].replace(" ", "") != "eur/mwh":
            raise FileProblem("other_unit", 1, value=heads[index])
        return _Columns(
            ENTSOE,
            start,
            index,
            area=_index(names, {"area"}),
            sequence=_index(names, {"sequence"}),
            currency=_index(names, _CURRENCY),
            is_utc=is_utc,
        )
    raise FileProblem("no_price_column", 1)


def _own_columns(heads: list[str], names: list[str]) -> _Columns:
    known = _AREA | _START | _PRICE | _MINUTES | _CURRENCY | _TOLERATED
    for head, name in zip(heads, names, strict=True):
        if name not in known:
            code = "other_unit" if _OTHER_UNIT.search(name) else "unknown_column"
            raise FileProblem(code, 1, value=head[:60])
    start, price = _index(names, _START), _index(names, _PRICE)
    if start is None:
        raise FileProblem("no_start_column", 1)
    if price is None:
        raise FileProblem("no_price_column", 1)
    return _Columns(
        OWN, start, price, _index(names, _AREA), _index(names, _MINUTES), _index(names, _CURRENCY),
        is_utc=names[start].endswith("(utc)"),
    )  # fmt: skip


def _index(names: list[str], wanted: Iterable[str]) -> int | None:
    found = [index for index, name in enumerate(names) if name in wanted]
    if len(found) > 1:
        raise FileProblem("column_twice", 1, value=names[found[0]])
    return found[0] if found else None


class _Reader:
    """Takes row by row; what is wrong is kept with its line."""

    def __init__(self, columns: _Columns, area: str | None) -> None:
        self.columns, self.area = columns, area
        self.slots: list[Slot] = []
        self.problems: list[Problem] = []
        self.passed_over = 0
        self._clocks: dict[str, Clock] = {}

    def take(self, line: int, cells: list[str]) -> None:
        """One row."""
        if len(cells) <= self.columns.last:
            self.problems.append(Problem("short_row", line))
            return
        index = self.columns.sequence
        if index is not None and cells[index].casefold() not in _FIRST_AUCTION:
            self.passed_over += 1
            return
        try:
            self.slots.append(self._slot(line, cells))
        except FileProblem as error:
            self.problems.append(error.problem)

    def _slot(self, line: int, cells: list[str]) -> Slot:
        area = self._area(line, cells)
        start, _dash, end = cells[self.columns.start].partition(" - ")
        at = self._clocks.setdefault(area, Clock(is_utc=self.columns.is_utc)).read(start, line)
        if isinstance(at, Problem):
            raise FileProblem(at.code, at.line, **at.params)
        minutes = self._minutes(line, cells, start, end)
        return Slot(line, area, at, minutes, self._price(line, cells, start))

    def _area(self, line: int, cells: list[str]) -> str:
        text = "" if self.columns.area is None else cells[self.columns.area]
        found = area_of(text) if text else self.area
        if found is None:
            raise FileProblem("unknown_area" if text else "no_area", line, value=text[:60])
        if self.area and found != self.area:
            raise FileProblem("other_area", line, value=found, area=self.area)
        return found

    def _minutes(self, line: int, cells: list[str], start: str, end: str) -> int:
        """15 or 60; 0: to be found out from the rows beside it."""
        if self.columns.minutes is not None:
            text = cells[self.columns.minutes]
            if text not in ("15", "60"):
                raise FileProblem("resolution", line, value=text[:60])
            return int(text)
        if not end:
            return 0
        far, near = _TIME.search(end), _TIME.search(start)
        minutes = (int(far["minute"]) - int(near["minute"])) % 60 if far and near else -1
        # Modulo the hour, since a quarter is 01:45 – 03:00 when clocks go forward.
        if minutes not in (0, 15):
            raise FileProblem("resolution", line, value=cells[self.columns.start][:60])
        return minutes or 60

    def _price(self, line: int, cells: list[str], start: str) -> Decimal:
        if self.columns.currency is not None:
            currency = cells[self.columns.currency].upper()
            if currency not in ("", "EUR"):
                raise FileProblem("other_currency", line, value=currency[:60])
        text = cells[self.columns.price]
        if is_nothing(text):
            raise FileProblem("no_price", line, start=start[:60])
        return price_of(text, line)


def _resolved(reader: _Reader) -> list[Slot]:
    """Slots with the length that the steps between them tell: the shortest step of an area."""
    lengths: dict[str, int] = {}
    starts: dict[str, list[datetime]] = {}
    for slot in reader.slots:
        if not slot.minutes:
            starts.setdefault(slot.area, []).append(slot.begins_at)
    for area, moments in starts.items():
        steps = {later - sooner for sooner, later in pairwise(sorted(set(moments)))}
        shortest = min(steps, default=timedelta(hours=1))
        lengths[area] = 15 if shortest < timedelta(hours=1) else 60
    return [
        slot if slot.minutes else replace(slot, minutes=lengths[slot.area]) for slot in reader.slots
    ]
