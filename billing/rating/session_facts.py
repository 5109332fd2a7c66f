"""The facts by which a stored session is rated: curve, intervals, corrected times, zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from operator import le
from typing import Any, Final

from billing.rating.facts import (
    CurvePoint,
    Interval,
    IntervalKind,
    Readings,
    SessionFacts,
    SpotPrice,
)
from stations.sessions.models import Session
from stations.sessions.stored import StoredInterval, energies_of, intervals_of

NEAR: Final = timedelta(seconds=120)
"""A reading this close to an end of the session counts as taken there, as in reconciling."""
ZERO: Final = Decimal(0)

_KINDS: Final[Mapping[tuple[str, str], IntervalKind]] = {
    ("charging", "reported"): "charging",
    ("charging", "measured"): "charging",
    ("idle", "vehicle"): "idle",
    ("idle", "station"): "suspended",
    # A register that stands still says nothing of who paused (the tail of a charge, a full car
    # and a throttled station look alike), so nobody pays for that time.
    ("idle", "measured"): "suspended",
}
_CONNECTED: Final = ("idle", "connected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person put in place of what was measured; None leaves it."""

    energy_wh: Decimal | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it corrects nothing."""
        return self == NO_CORRECTION

    def as_dict(self) -> dict[str, str]:
        """What is given, as texts."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else str(value)
            for name in ("energy_wh", "started_at", "stopped_at")
            if (value := getattr(self, name)) is not None
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, str]) -> Correction:
        """What ``as_dict`` wrote; other members are passed over."""
        energy, start, stop = (
            stored.get(name) for name in ("energy_wh", "started_at", "stopped_at")
        )
        return cls(
            energy_wh=Decimal(energy) if energy else None,
            started_at=datetime.fromisoformat(start) if start else None,
            stopped_at=datetime.fromisoformat(stop) if stop else None,
        )


NO_CORRECTION: Final = Correction()


class NotRateable(Exception):
    """A session lacks what a price needs; ``code`` says what (billing.review.reasons)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def facts_of(
    session: Session,
    *,
    correction: Correction = NO_CORRECTION,
    spot_prices: Sequence[SpotPrice] = (),
) -> SessionFacts:
    """Facts of an ended session; ``station__site`` and ``evse`` should be loaded.

    Raises NotRateable where start, end or energy are not known and not corrected either.
    """
    started_at = correction.started_at or session.started_at
    stopped_at = correction.stopped_at or session.stopped_at
    if started_at is None:
        raise NotRateable("start_unknown")
    if stopped_at is None:
        raise NotRateable("end_unknown")
    if stopped_at < started_at:
        raise NotRateable("end_before_start")
    energy_wh = session.energy_wh if correction.energy_wh is None else correction.energy_wh
    if energy_wh is None:
        raise NotRateable("energy_unknown")
    power = session.evse.max_power_w if session.evse is not None else None
    return SessionFacts(
        started_at=started_at,
        ended_at=stopped_at,
        zone=session.station.site.time_zone,
        curve=_curve(session.intervals, started_at, stopped_at, energy_wh),
        intervals=_intervals(session.intervals, started_at, stopped_at),
        spot_prices=tuple(spot_prices),
        evse_max_power_w=None if power is None else Decimal(power),
    )


def _curve(
    stored: Mapping[str, Any], started_at: datetime, stopped_at: datetime, energy_wh: Decimal
) -> Sequence[CurvePoint]:
    """The curve from start to end; its last point is the session's energy."""
    at, energies = _near(*energies_of(stored), started_at - NEAR, stopped_at + NEAR)
    if len(at) < 2 or energies[-1] <= 0 != energy_wh:
        is_guess = bool(at) and energy_wh != 0
        return (
            CurvePoint(started_at, ZERO, is_guess),
            *([CurvePoint(stopped_at, energy_wh, is_guess)] if stopped_at > started_at else []),
        )
    is_guess = energies[-1] != energy_wh
    if is_guess:
        scale = energy_wh / energies[-1]
        energies = [*(one * scale for one in energies[:-1]), energy_wh]
    _clamp(at, started_at, stopped_at)
    return _closed(Readings(at, energies, [is_guess] * len(at)), started_at, stopped_at)


def _near(
    at: list[datetime], energies: list[Decimal], low: datetime, high: datetime
) -> tuple[list[datetime], list[Decimal]]:
    """The readings from ``low`` to ``high``."""
    if not at or (low <= at[0] and at[-1] <= high and all(map(le, at, at[1:]))):
        return at, energies
    kept = [place for place, one in enumerate(at) if low <= one <= high]
    return [at[place] for place in kept], [energies[place] for place in kept]


def _clamp(at: list[datetime], started_at: datetime, stopped_at: datetime) -> None:
    """Readings just before the start and just after the end count as taken there."""
    for index, one in enumerate(at):
        if one >= started_at:
            break
        at[index] = started_at
    for index in range(len(at) - 1, -1, -1):
        if at[index] <= stopped_at:
            break
        at[index] = stopped_at


def _closed(points: Readings, started_at: datetime, stopped_at: datetime) -> Readings:
    """With a point at both ends: a reading near one counts as taken there."""
    first, last = points[0], points[-1]
    if first.at > started_at:
        points.at.insert(0, started_at)
        points.energy_wh.insert(0, first.energy_wh)
        points.interpolated.insert(0, first.at - started_at > NEAR)
    if last.at < stopped_at:
        points.at.append(stopped_at)
        points.energy_wh.append(last.energy_wh)
        points.interpolated.append(stopped_at - last.at > NEAR)
    return points


def _intervals(
    stored: Mapping[str, Any], started_at: datetime, stopped_at: datetime
) -> tuple[Interval, ...]:
    """Stretches inside the session, in the engine's words; unknown kinds are left out.

    A car that is merely connected occupies the place once it has charged; before, it waits for
    the charging to begin and pays nothing.
    """
    found: list[Interval] = []
    has_charged = False
    for one in intervals_of(stored):
        has_charged = has_charged or one.kind == "charging"
        kind = _kind(one, has_charged=has_charged)
        begin, end = max(one.started_at, started_at), min(one.stopped_at, stopped_at)
        if kind is not None and end > begin:
            found.append(Interval(kind, begin, end))
    return tuple(found)


def _kind(one: StoredInterval, *, has_charged: bool) -> IntervalKind | None:
    if (one.kind, one.reason) == _CONNECTED:
        return "idle" if has_charged else "suspended"
    return _KINDS.get((one.kind, one.reason))
