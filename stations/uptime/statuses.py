"""What a connector's statuses say about time: known, down, or neither (pure).

Up: available, preparing, charging, suspended, finishing, occupied, reserved. Down: faulted,
unavailable. Before the first status, and while it is unknown, nothing is known: that time is
neither up nor down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Final

from core.periods import Period, Periods, clipped, merged

UP: Final = frozenset(
    {
        "available",
        "preparing",
        "occupied",
        "charging",
        "suspended_ev",
        "suspended_evse",
        "finishing",
        "reserved",
    }
)
DOWN: Final = frozenset({"faulted", "unavailable"})
UNKNOWN: Final = "unknown"
_WORDS: Final = {status.replace("_", ""): status for status in (*UP, *DOWN, UNKNOWN)}


def status_word(text: str) -> str | None:
    """Our word for a status as OCPP writes it ("SuspendedEV"); None: there is no such status."""
    return _WORDS.get(text.lower().replace("_", ""))


@dataclass(frozen=True, slots=True, order=True)
class StatusFact:
    """From ``at`` on the connector was in ``status``, until the next fact."""

    at: datetime
    status: str


@dataclass(frozen=True, slots=True)
class StatusTime:
    """The time of which something is known, and the part of it spent down."""

    known: Periods
    down: Periods


def spans(facts: Iterable[StatusFact], period: Period) -> list[tuple[str, Period]]:
    """Each fact until the next, cut to ``period``. Of two at one instant the later word wins."""
    ordered = sorted(set(facts))
    found = []
    for fact, following in zip_longest(ordered, ordered[1:]):
        begin = max(fact.at, period.start)
        until = period.end if following is None else min(following.at, period.end)
        if begin < until:
            found.append((fact.status, Period(begin, until)))
    return found


def status_time(facts: Iterable[StatusFact], period: Period) -> StatusTime:
    """Known and down time of one connector over ``period``."""
    pieces = spans(facts, period)
    known = merged(span for status, span in pieces if status != UNKNOWN)
    down = merged(span for status, span in pieces if status in DOWN)
    return StatusTime(clipped(known, period), clipped(down, period))
