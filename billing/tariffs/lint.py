"""What a person should look at in a tariff before publishing it. Pure: tariff in, warnings out.

Nothing here is forbidden. A gap: times of the week in which something that has a price elsewhere
costs nothing. An overlap: two rules hold at the same time and the first in the list counts. An
unreachable price: rules above it hold whenever it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from billing.tariffs.model import COMPONENT_TYPES, ComponentType, Restrictions, Tariff
from billing.tariffs.week import DAYS, MINUTES_A_DAY, boundaries, holds_at, is_by_clock, rule_at

_LOWS: Final = ("min_kwh", "min_current", "min_power", "min_duration", "start_date")
_HIGHS: Final = ("max_kwh", "max_current", "max_power", "max_duration", "end_date")


class Warn(StrEnum):
    """Kinds of warnings."""

    GAP = "gap"
    OVERLAP = "overlap"
    UNREACHABLE = "unreachable"
    OVER = "over"
    NO_ENERGY = "no_energy"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Gap:
    """A time of the week without a price: days (0: Monday) and minutes of the day."""

    days: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:
    """One thing to look at. ``element`` and ``other`` count from 0."""

    kind: Warn
    component: ComponentType | None = None
    element: int | None = None
    other: int | None = None
    gaps: tuple[Gap, ...] = ()


def lint(tariff: Tariff, today: date) -> tuple[Warning, ...]:
    """All warnings, the gravest first."""
    found = [
        *_unreachable(tariff),
        *_gaps(tariff),
        *_overlaps(tariff),
        *_over(tariff, today),
        *_steps(tariff),
    ]
    if not _prices_energy(tariff):
        found.append(Warning(kind=Warn.NO_ENERGY))
    return tuple(sorted(found, key=lambda one: list(Warn).index(one.kind)))


def _prices_energy(tariff: Tariff) -> bool:
    extras = tariff.extras
    return (
        extras.spot is not None
        or extras.announced_afterwards
        or any(element.component("ENERGY") is not None for element in tariff.elements)
    )


def _unreachable(tariff: Tariff) -> Iterator[Warning]:
    for number, element in enumerate(tariff.elements):
        for component in element.price_components:
            for other, earlier in enumerate(tariff.elements[:number]):
                if earlier.component(component.type) is None:
                    continue
                if covers(earlier.restrictions, element.restrictions):
                    yield Warning(
                        kind=Warn.UNREACHABLE,
                        component=component.type,
                        element=number,
                        other=other,
                    )
                    break


def covers(wide: Restrictions, narrow: Restrictions) -> bool:
    """Whether ``wide`` holds whenever ``narrow`` does."""
    if wide.reservation != narrow.reservation:
        return False
    if not all(_covers_low(wide, narrow, name) for name in _LOWS):
        return False
    if not all(_covers_high(wide, narrow, name) for name in _HIGHS):
        return False
    return all(
        holds_at(wide, day, minute)
        for day in DAYS
        for minute in _edges(wide, narrow)
        if holds_at(narrow, day, minute)
    )


def _covers_low(wide: Restrictions, narrow: Restrictions, name: str) -> bool:
    limit: Any = getattr(wide, name)
    own: Any = getattr(narrow, name)
    return limit is None or (own is not None and own >= limit)


def _covers_high(wide: Restrictions, narrow: Restrictions, name: str) -> bool:
    limit: Any = getattr(wide, name)
    own: Any = getattr(narrow, name)
    return limit is None or (own is not None and own <= limit)


def _edges(*many: Restrictions) -> set[int]:
    clocks = [clock for one in many for clock in (one.start_time, one.end_time) if clock]
    return {0, *(clock.hour * 60 + clock.minute for clock in clocks)}


def _apart(one: Restrictions, other: Restrictions) -> bool:
    """Whether the two can never hold together."""
    if one.reservation != other.reservation:
        return True
    for low, high in zip(_LOWS, _HIGHS, strict=True):
        for a, b in ((one, other), (other, one)):
            least, most = getattr(a, low), getattr(b, high)
            if least is not None and most is not None and least >= most:
                return True
    return not any(
        holds_at(one, day, minute) and holds_at(other, day, minute)
        for day in DAYS
        for minute in _edges(one, other)
    )


def _overlaps(tariff: Tariff) -> Iterator[Warning]:
    """Pairs of rules where neither is the general case of the other."""
    for number, element in enumerate(tariff.elements):
        for other, earlier in enumerate(tariff.elements[:number]):
            both = {c.type for c in element.price_components} & {
                c.type for c in earlier.price_components
            }
            if not both or _apart(earlier.restrictions, element.restrictions):
                continue
            if covers(element.restrictions, earlier.restrictions) or covers(
                earlier.restrictions, element.restrictions
            ):
                continue
            kind = min(both, key=COMPONENT_TYPES.index)
            yield Warning(kind=Warn.OVERLAP, component=kind, element=number, other=other)


def _gaps(tariff: Tariff) -> Iterator[Warning]:
    """Times without a price of something that has a price by clock at other times."""
    for kind in COMPONENT_TYPES:
        if kind == "ENERGY" and tariff.extras.spot is not None:
            continue
        clocked = [
            element
            for element in tariff.elements
            if element.component(kind) is not None
            and is_by_clock(element.restrictions)
            and element.restrictions.reservation is None
        ]
        if not clocked:
            continue
        gaps = _free_times(tariff, kind)
        if gaps:
            yield Warning(kind=Warn.GAP, component=kind, gaps=gaps)


def _free_times(tariff: Tariff, kind: ComponentType) -> tuple[Gap, ...]:
    edges = [*boundaries(tariff), MINUTES_A_DAY]
    runs: dict[tuple[int, int], list[int]] = {}
    for day in DAYS:
        start: int | None = None
        for begin in edges:
            free = begin < MINUTES_A_DAY and rule_at(tariff, kind, day, begin) is None
            if free and start is None:
                start = begin
            elif not free and start is not None:
                runs.setdefault((start, begin), []).append(day)
                start = None
    return tuple(Gap(tuple(days), start, end) for (start, end), days in sorted(runs.items()))


def _over(tariff: Tariff, today: date) -> Iterator[Warning]:
    for number, element in enumerate(tariff.elements):
        end = element.restrictions.end_date
        if end is not None and end <= today:
            yield Warning(kind=Warn.OVER, element=number)


def _steps(tariff: Tariff) -> Iterator[Warning]:
    """Steps that bill more than was used by more than a person expects."""
    for number, element in enumerate(tariff.elements):
        for component in element.price_components:
            most = {"ENERGY": 1000, "TIME": 900, "PARKING_TIME": 900}.get(component.type)
            if most is not None and component.step_size > most:
                yield Warning(kind=Warn.STEP, component=component.type, element=number)
