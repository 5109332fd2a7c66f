"""The curve of a session: power, energy and battery over time, from its meter readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from stations.sessions.models import MeterReading, Session

MAX_ROWS: Final = 20_000
MAX_POINTS: Final = 1_000

_POWER, _ENERGY, _SOC = "Power.Active.Import", "Energy.Active.Import.Register", "SoC"
_WHOLE: Final = ("", "L1-L2-L3")  # phases that mean the sum


@dataclass(frozen=True, slots=True)
class Point:
    """One instant. ``energy_wh`` counts from the session's first reading."""

    at: datetime
    power_w: Decimal | None = None
    energy_wh: Decimal | None = None
    soc_percent: Decimal | None = None
    is_power_computed: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    at: datetime
    measurand: str
    phase: str
    value: Decimal


def curve(session: Session) -> list[Point]:
    """Points in order of time, at most MAX_POINTS, evenly thinned (first and last kept)."""
    rows = (
        MeterReading.objects.filter(
            session_id=session.pk,
            operator_id=session.operator_id,
            measurand__in=(_POWER, _ENERGY, _SOC),
            value__isnull=False,
        )
        .order_by("at", "id")
        .values_list("at", "measurand", "phase", "value")[:MAX_ROWS]
    )
    return thin(
        points(_Row(at, name, phase, value) for at, name, phase, value in rows if value is not None)
    )


def points(rows: Iterable[_Row]) -> list[Point]:
    """Rows of all measurands joined by time; missing power is computed from energy."""
    at_times: dict[datetime, dict[str, dict[str, Decimal]]] = {}
    for row in rows:
        at_times.setdefault(row.at, {}).setdefault(row.measurand, {})[row.phase] = row.value
    found = []
    first: Decimal | None = None
    for at, values in sorted(at_times.items()):
        register = _whole(values.get(_ENERGY, {}), add_phases=False)
        if first is None:
            first = register
        found.append(
            Point(
                at,
                power_w=_whole(values.get(_POWER, {}), add_phases=True),
                energy_wh=None if register is None or first is None else register - first,
                soc_percent=_whole(values.get(_SOC, {}), add_phases=False),
            )
        )
    if any(point.power_w is not None for point in found):
        return found
    return _with_computed_power(found)


def _whole(by_phase: dict[str, Decimal], *, add_phases: bool) -> Decimal | None:
    for phase in _WHOLE:
        if phase in by_phase:
            return by_phase[phase]
    single = [by_phase[p] for p in ("L1", "L2", "L3", "L1-N", "L2-N", "L3-N") if p in by_phase]
    return sum(single, Decimal()) if add_phases and single else None


def _with_computed_power(found: Sequence[Point]) -> list[Point]:
    """Mean power since the previous register reading."""
    result: list[Point] = []
    last: Point | None = None
    for point in found:
        computed = point
        if point.energy_wh is not None:
            if last is not None and last.energy_wh is not None and point.at > last.at:
                hours = Decimal((point.at - last.at).total_seconds()) / 3600
                power = ((point.energy_wh - last.energy_wh) / hours).quantize(Decimal("0.1"))
                computed = replace(point, power_w=power, is_power_computed=True)
            last = point
        result.append(computed)
    return result


def thin(found: Sequence[Point]) -> list[Point]:
    """At most MAX_POINTS of ``found``."""
    if len(found) <= MAX_POINTS:
        return list(found)
    step = (len(found) - 1) / (MAX_POINTS - 1)
    return [found[round(n * step)] for n in range(MAX_POINTS)]
