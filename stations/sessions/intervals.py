"""Charging and idle time inside a session (pure). Rules I1 to I3 of docs/reconciliation.md."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal

from stations.sessions.context import StatusPoint
from stations.sessions.energy import CurvePoint

Kind = Literal["charging", "idle"]
Reason = Literal["reported", "measured", "vehicle", "station", "connected"]

Verdict = tuple[Kind, Reason]

_STATES: dict[str, Verdict] = {
    "Charging": ("charging", "reported"),
    "SuspendedEV": ("idle", "vehicle"),
    "SuspendedEVSE": ("idle", "station"),
    "EVConnected": ("idle", "connected"),
    "Idle": ("idle", "connected"),
    "Preparing": ("idle", "connected"),
    "Finishing": ("idle", "connected"),
}
_LIFE = (
    "Idle", "Preparing", "EVConnected", "Charging", "SuspendedEVSE", "SuspendedEV", "Finishing",
)  # fmt: skip
_PLACES = {state: place for place, state in enumerate(_LIFE, 1)}
"""Where a state stands in the life of a session; unknown ones come first."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open stretch of a session. ``reason`` of idle time: vehicle or station paused,
    only connected, or measured (the register stood still)."""

    kind: Kind
    reason: Reason
    started_at: datetime
    stopped_at: datetime


def split_time(
    started_at: datetime | None,
    stopped_at: datetime | None,
    states: Sequence[StatusPoint],
    curve: Sequence[CurvePoint],
) -> tuple[Interval, ...]:
    """Charging and idle stretches; where nothing tells, there is no stretch.

    A reported state outranks the register: slow charging is still charging.
    """
    if started_at is None or stopped_at is None or stopped_at <= started_at:
        return ()
    reported = _known_states(states)
    cuts = {started_at, stopped_at, *(at for at, _state in reported), *(one.at for one in curve)}
    inside = sorted(at for at in cuts if started_at <= at <= stopped_at)
    state_times = [at for at, _state in reported]
    curve_times = [one.at for one in curve]
    slices: list[Interval] = []
    for begin, end in pairwise(inside):
        index = bisect_right(state_times, begin)
        verdict = reported[index - 1][1] if index else None
        verdict = verdict or _measured(curve, bisect_right(curve_times, begin), end)
        if verdict is not None:
            slices.append(Interval(*verdict, begin, end))
    return _merged(slices)


def _known_states(states: Sequence[StatusPoint]) -> list[tuple[datetime, Verdict | None]]:
    """States in order of time; an unknown one ends what was known before.

    Stations send EVConnected and Charging with the same time: of states of one instant the one
    that comes later in the life of a session counts, in whatever order they arrived.
    """
    ordered = sorted(states, key=lambda one: (one.at, _PLACES.get(one.status, 0), one.status))
    return [(one.at, _STATES.get(one.status)) for one in ordered]


def _measured(curve: Sequence[CurvePoint], index: int, end: datetime) -> Verdict | None:
    """What the register says up to ``end``; ``index`` is the next reading's place."""
    if index == 0 or index == len(curve) or curve[index].at < end:
        return None
    flowed = curve[index].energy_wh > curve[index - 1].energy_wh
    return ("charging", "measured") if flowed else ("idle", "measured")


def _merged(slices: Sequence[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for one in slices:
        last = merged[-1] if merged else None
        if last and (last.kind, last.reason, last.stopped_at) == (
            one.kind,
            one.reason,
            one.started_at,
        ):
            merged[-1] = replace(last, stopped_at=one.stopped_at)
        else:
            merged.append(one)
    return tuple(merged)
