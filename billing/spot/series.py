"""A file's slots as one unbroken series of quarters, or what breaks it (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from billing.spot.facts import Problem, Slot
from billing.spot.quarters import QUARTER, day_quarters, market_day, ranges, shown

Quarter = tuple[str, datetime]
"""Area and start, in UTC."""


@dataclass(frozen=True, slots=True)
class Point:
    """The price of one quarter, and the length of the price it came from."""

    area: str
    starts_at: datetime
    minutes: int
    price: Decimal

    @property
    def key(self) -> Quarter:
        """What it is the price of."""
        return self.area, self.starts_at


def spread(slots: Sequence[Slot]) -> tuple[list[Point], list[Problem]]:
    """Quarters of all slots, hours as four of one price; a quarter that is met twice is named."""
    points: dict[Quarter, Point] = {}
    lines: dict[Quarter, int] = {}
    twice: dict[str, list[datetime]] = {}
    first_twin: dict[str, tuple[int, int]] = {}
    for slot in slots:
        for step in range(slot.minutes // 15):
            at = slot.begins_at + step * QUARTER
            key = (slot.area, at)
            if key in points:
                twice.setdefault(slot.area, []).append(at)
                first_twin.setdefault(slot.area, (slot.line, lines[key]))
                continue
            points[key] = Point(slot.area, at, slot.minutes, slot.price)
            lines[key] = slot.line
    problems = [
        Problem("twice", first_twin[area][0], {
            "area": area, "when": shown(begin, end), "line": first_twin[area][1],
        })
        for area, moments in twice.items()
        for begin, end in ranges(set(moments))
    ]  # fmt: skip
    return sorted(points.values(), key=lambda point: point.key), problems


def missing(points: Iterable[Point], stored: Collection[Quarter]) -> list[Problem]:
    """Each gap by name: quarters of the days of the file that are neither in it nor stored."""
    had: dict[str, set[datetime]] = {}
    for point in points:
        had.setdefault(point.area, set()).add(point.starts_at)
    problems = []
    for area, starts in sorted(had.items()):
        first, last = min(map(market_day, starts)), max(map(market_day, starts))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        gaps = [
            at
            for day in days
            for at in day_quarters(day)
            if at not in starts and (area, at) not in stored
        ]
        problems += [
            Problem("missing", 0, {"area": area, "when": shown(begin, end)})
            for begin, end in ranges(gaps)
        ]
    return problems


@dataclass(frozen=True, slots=True)
class Comparison:
    """What storing a series would do: new, the same already, and other prices than stored."""

    new: Sequence[Point]
    same: int
    changed: Sequence[tuple[Point, Decimal]]


def compare(points: Iterable[Point], stored: Mapping[Quarter, Decimal]) -> Comparison:
    """The series against the prices that its importer has stored."""
    new: list[Point] = []
    changed: list[tuple[Point, Decimal]] = []
    same = 0
    for point in points:
        before = stored.get(point.key)
        if before is None:
            new.append(point)
        elif before == point.price:
            same += 1
        else:
            changed.append((point, before))
    return Comparison(new, same, changed)
