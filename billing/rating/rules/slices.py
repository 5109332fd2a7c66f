"""A session cut wherever a price may change (pure).

Cuts: phases, the local clock, days, changes of the clock, session energy, duration, bands of
power and current, spot intervals and free idle time. Between two cuts nothing changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from billing.rating.compiled import Cell, CompiledTariff
from billing.rating.facts import IntervalKind, SessionFacts
from billing.rating.moments import HOUR, Number, micros
from billing.rating.rules.clock import clock_cuts, wall_clock
from billing.rating.rules.curve import Curve, exact
from billing.rating.rules.idle import free_idle
from billing.rating.rules.phases import Phase

_UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Slice:
    """[start, end) in microseconds with its energy in Wh. ``spot`` is a place in the prices."""

    start: Number
    end: Number
    energy: Number
    phase: Phase
    cell: Cell
    is_reserved: bool
    is_idle_free: bool
    spot: int | None
    interpolated: bool


@dataclass(frozen=True, slots=True)
class Span:
    """The session's time in microseconds; before ``begin`` it was only reserved."""

    start: int
    begin: int
    end: int


class Slicer:
    """Cuts one session for one tariff."""

    def __init__(
        self,
        tariff: CompiledTariff,
        facts: SessionFacts,
        span: Span,
        phases: Sequence[Phase],
        curve: Curve,
    ) -> None:
        self.tariff, self.facts, self.span = tariff, facts, span
        self.phases, self.curve = phases, curve
        self.clock = [span.start]
        if tariff.uses_clock:
            cuts = clock_cuts(span.start, span.end, facts.zone, tariff.cut_minutes)
            self.clock += sorted(set(cuts))
        self.walls = [self._wall(at) for at in self.clock]
        self.power = power_bands(tariff.power_w, curve) if tariff.power else [(span.start, 0)]
        self.free = (
            free_idle(tariff.tariff.extras.idle, facts, phases) if tariff.has_parking else []
        )
        spot = facts.spot_prices if tariff.tariff.extras.spot is not None else ()
        self.spot = [(micros(one.started_at), micros(one.ended_at)) for one in spot]

    def cut(self) -> list[Slice]:
        """All slices in order of time; of no length where energy came at one instant."""
        points = self._points()
        slices: list[Slice] = []
        place = 0
        phase = self.phases[0]
        for (start, low, vague), (end, high, later_vague) in pairwise(points):
            while end > start and phase.end <= start and place + 1 < len(self.phases):
                place += 1
                phase = self.phases[place]
            is_reserved = phase.kind == "reserved"
            slices.append(
                Slice(
                    start,
                    end,
                    high - low,
                    phase,
                    self._cell(start, low, phase, is_reserved),
                    is_reserved,
                    bool(self.free) and _inside(self.free, start) is not None,
                    _inside(self.spot, start) if self.spot else None,
                    high != low and (vague or later_vague),
                )
            )
        return slices

    def _points(self) -> list[tuple[Number, Number, bool]]:
        """Cuts as (time, energy so far, interpolated), in order; the first has no energy."""
        span, tariff = self.span, self.tariff
        times: set[int] = {span.end, *(one.start for one in self.phases), *self.clock}
        times.update(at for at, _band in self.power)
        for pairs in (self.free, self.spot):
            times.update(at for pair in pairs for at in pair)
        for base in {span.start, span.begin}:
            times.update(base + one for one in tariff.duration)
        points: list[tuple[Number, Number, bool]] = [
            (at, *self.curve.at(at)) for at in sorted(times) if span.start <= at <= span.end
        ]
        for threshold in tariff.energy_wh:
            found = self.curve.crossing(threshold)
            if found is not None:
                points.append((found[0], threshold, found[1]))
        first = (span.start, 0, False)
        if tariff.energy_wh:
            unique = {(at, energy): vague for at, energy, vague in points}
            points = [(at, energy, vague) for (at, energy), vague in sorted(unique.items())]
        return [*([] if points and points[0][:2] == first[:2] else [first]), *points]

    def _wall(self, at: int) -> tuple[int, int, int]:
        """Bands of clock, weekday and date from ``at`` on."""
        if not self.tariff.uses_clock:
            return 0, 0, 0
        minute, weekday, day = wall_clock(at, self.facts.zone)
        return (
            bisect_right(self.tariff.clock, minute),
            weekday,
            bisect_right(self.tariff.dates, day),
        )

    def _cell(self, at: Number, energy: Number, phase: Phase, is_reserved: bool) -> Cell:
        tariff, span = self.tariff, self.span
        wall = self.walls[bisect_right(self.clock, at) - 1]
        lasted = at - (span.start if is_reserved else span.begin)
        return (
            *wall,
            bisect_right(tariff.energy_wh, energy) if tariff.energy_wh else 0,
            bisect_right(tariff.duration, lasted) if tariff.duration else 0,
            self._power(at, phase) if tariff.power else 0,
            self._current(phase) if tariff.current else 0,
        )

    def _power(self, at: Number, phase: Phase) -> int:
        if phase.power_w is not None:
            return bisect_right(self.tariff.power_w, exact(phase.power_w))
        index = bisect_right(self.power, at, key=lambda one: one[0]) - 1
        return self.power[index][1] if index >= 0 else _UNKNOWN

    def _current(self, phase: Phase) -> int:
        if phase.current_a is None:
            if phase.kind in _STANDING:
                return bisect_right(self.tariff.current, 0)
            return _UNKNOWN
        return bisect_right(self.tariff.current, exact(phase.current_a))


_STANDING: Final[tuple[IntervalKind, ...]] = ("idle", "suspended")


def power_bands(thresholds_w: Sequence[Number], curve: Curve) -> list[tuple[int, int]]:
    """From when on the mean power between readings is in which band; -1: no readings."""
    found: list[tuple[int, int]] = []
    if not curve.times:
        return [(curve.start, _UNKNOWN)]
    band = _UNKNOWN
    least: Number = 0
    most: Number = _UNKNOWN
    for start, low, end, high in curve.segments():
        span = end - start
        if span <= 0:
            continue
        energy = (high - low) * HOUR  # power × span, so that nothing is divided
        if band == _UNKNOWN or not least * span <= energy or (most >= 0 and energy >= most * span):
            band = bisect_right([one * span for one in thresholds_w], energy)
            least = thresholds_w[band - 1] if band else 0
            most = thresholds_w[band] if band < len(thresholds_w) else _UNKNOWN
            found.append((start, band))
    return found or [(curve.start, _UNKNOWN)]


def _inside(pairs: Sequence[tuple[int, int]], at: Number) -> int | None:
    """The place of the pair that holds ``at``."""
    index = bisect_right(pairs, at, key=lambda pair: pair[0]) - 1
    return index if index >= 0 and at < pairs[index][1] else None
