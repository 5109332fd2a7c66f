"""Idle time that costs nothing: grace, free hours, and a driver who was told too late (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from billing.rating.facts import SessionFacts
from billing.rating.moments import SECOND, micros
from billing.rating.rules.clock import clock_cuts, day_minutes, in_window, wall_clock
from billing.rating.rules.phases import Phase, idle_stretches
from billing.tariffs.model import IdleTerms

_W: Final = 1000


def free_idle(
    terms: IdleTerms, facts: SessionFacts, phases: Sequence[Phase]
) -> list[tuple[int, int]]:
    """Stretches of free idle time in order, without overlaps.

    The grace runs anew when the vehicle has taken power again; no fee begins before the driver was
    told that it would. Free hours count where the EVSE
    has less power than ``free_below_kw``, or its power is not known.
    """
    stretches = idle_stretches(phases)
    if not stretches:
        return []
    until = None if facts.idle_free_until is None else micros(facts.idle_free_until)
    told = [(micros(since), micros(fee_from)) for since, fee_from in facts.idle_told]
    windows = tuple(
        (
            one.start_time.hour * 60 + one.start_time.minute,
            one.end_time.hour * 60 + one.end_time.minute,
        )
        for one in terms.free_hours
    )
    if windows and not _are_hours_free(terms, facts):
        windows = ()
    found: list[tuple[int, int]] = []
    for start, end in stretches:
        paid_from = max(
            start + terms.grace_seconds * SECOND,
            start if until is None else until,
            *(fee_from for since, fee_from in told if start <= since < end),
        )
        if paid_from > start:
            found.append((start, min(paid_from, end)))
        if windows and paid_from < end:
            found += _in_hours(paid_from, end, facts.zone, windows)
    return found


def _are_hours_free(terms: IdleTerms, facts: SessionFacts) -> bool:
    power: Decimal | None = facts.evse_max_power_w
    return terms.free_below_kw is None or power is None or power < terms.free_below_kw * _W


def _in_hours(
    start: int, end: int, zone: str, windows: tuple[tuple[int, int], ...]
) -> list[tuple[int, int]]:
    minutes = day_minutes([minute for window in windows for minute in window])
    cuts = [start, *sorted(set(clock_cuts(start, end, zone, minutes))), end]
    found: list[tuple[int, int]] = []
    for low, high in pairwise(cuts):
        minute = wall_clock(low, zone)[0]
        if any(in_window(minute, *window) for window in windows):
            if found and found[-1][1] == low:
                found[-1] = (found[-1][0], high)
            else:
                found.append((low, high))
    return found
