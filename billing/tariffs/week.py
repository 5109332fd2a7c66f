"""The hours of a week and the rules that hold in them (pure).

An hour is a pair of weekday (0: Monday) and hour of the day. What a person marks in a grid of hours
becomes few restrictions, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Final

from billing.tariffs.model import WEEKDAYS, ComponentType, Restrictions, Tariff, Weekday

Hour = tuple[int, int]
DAYS: Final = range(7)
HOURS: Final = range(24)
MINUTES_A_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """A run of hours on some days; ``end`` 24 is midnight."""

    days: tuple[int, ...]
    start: int
    end: int

    def restrictions(self) -> Restrictions:
        """The window as OCPI writes it; whole days have no clock."""
        whole = self.start == 0 and self.end == 24
        return Restrictions(
            start_time=None if whole else time(self.start),
            end_time=None if whole else time(self.end % 24),
            day_of_week=() if len(self.days) == 7 else tuple(WEEKDAYS[d] for d in self.days),
        )


def windows(hours: Iterable[Hour]) -> tuple[Window, ...]:
    """The fewest windows of equal days that hold exactly ``hours``."""
    marked = set(hours)
    runs: dict[tuple[int, int], list[int]] = {}
    for day in DAYS:
        for run in _runs([hour for hour in HOURS if (day, hour) in marked]):
            runs.setdefault(run, []).append(day)
    return tuple(
        Window(tuple(days), start, end)
        for (start, end), days in sorted(runs.items(), key=lambda item: (item[1], item[0]))
    )


def _runs(hours: list[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for hour in hours:
        if found and found[-1][1] == hour:
            found[-1] = (found[-1][0], hour + 1)
        else:
            found.append((hour, hour + 1))
    return found


def hours_of(restrictions: Restrictions) -> frozenset[Hour]:
    """The hours that begin while clock and weekday hold; other restrictions are passed over."""
    return frozenset(
        (day, hour) for day in DAYS for hour in HOURS if holds_at(restrictions, day, hour * 60)
    )


def holds_at(restrictions: Restrictions, day: int, minute: int) -> bool:
    """Whether clock and weekday hold at a minute of a day. OCPI: an end before the start wraps
    midnight, and 00:00 as an end is the end of the day."""
    days: tuple[Weekday, ...] = restrictions.day_of_week
    if days and WEEKDAYS[day] not in days:
        return False
    start = _minute(restrictions.start_time) or 0
    end = _minute(restrictions.end_time) or MINUTES_A_DAY
    if end <= start:
        return minute >= start or minute < end
    return start <= minute < end


def _minute(clock: time | None) -> int | None:
    return None if clock is None else clock.hour * 60 + clock.minute


def is_by_clock(restrictions: Restrictions) -> bool:
    """Whether nothing but clock and weekday restricts."""
    rest = Restrictions(
        start_time=restrictions.start_time,
        end_time=restrictions.end_time,
        day_of_week=restrictions.day_of_week,
    )
    return rest == restrictions


def boundaries(tariff: Tariff) -> list[int]:
    """The minutes of a day at which a rule may begin or end; always 0."""
    found = {0}
    for element in tariff.elements:
        for clock in (element.restrictions.start_time, element.restrictions.end_time):
            found |= {_minute(clock) or 0}
    return sorted(found)


def rule_at(tariff: Tariff, kind: ComponentType, day: int, minute: int) -> int | None:
    """The first element (from 0) that prices ``kind`` then by clock and weekday alone; None where
    none does."""
    for number, element in enumerate(tariff.elements):
        if element.component(kind) is None or not is_by_clock(element.restrictions):
            continue
        if holds_at(element.restrictions, day, minute):
            return number
    return None


def grid(tariff: Tariff, kind: ComponentType) -> list[list[int | None]]:
    """Seven days of 24 hours: the element that prices ``kind`` when the hour begins."""
    return [[rule_at(tariff, kind, day, hour * 60) for hour in HOURS] for day in DAYS]
