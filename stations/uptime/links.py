"""When a station was out of reach, and whose doing that was, from its connections (pure).

A connection lives from its acceptance until it is closed or a newer one is accepted. Between the
end of one and the beginning of the next the station is out of reach: by its own doing, or by ours
when we closed or lost it (``own``). A connection that we took for dead and was not lives on after
that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from core.periods import Period

CONNECTED: Final = "connected"
REPLACED: Final = "replaced"
OWN: Final = "csms_outage"


@dataclass(frozen=True, slots=True, order=True)
class LinkFact:
    """One row of the connection journal; ``ref`` names it."""

    at: datetime
    generation: int
    kind: str
    ref: str = field(default="", compare=False)
    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """Out of reach over ``period``; ``is_open``: still so at its end. ``next_generation`` ended
    it."""

    period: Period
    is_own: bool
    is_open: bool
    next_generation: int
    ref: str = ""
    reason: str = ""


@dataclass(slots=True)
class _Life:
    begin: datetime | None = None
    closes: list[LinkFact] = field(default_factory=list)


def gaps_of(facts: Iterable[LinkFact], back_at: Mapping[int, datetime], now: datetime) -> list[Gap]:
    """The gaps until ``now`` in order. ``back_at``: when a connection that we had given up was
    heard of again, by generation."""
    lives: dict[int, _Life] = {}
    for fact in sorted(set(facts)):
        if fact.at > now:
            continue
        life = lives.setdefault(fact.generation, _Life())
        if fact.kind == CONNECTED:
            life.begin = fact.at if life.begin is None else min(life.begin, fact.at)
        else:
            life.closes.append(fact)
    numbers = sorted(lives)
    found: list[Gap] = []
    for place, number in enumerate(numbers):
        following = numbers[place + 1] if place + 1 < len(numbers) else None
        begin = None if following is None else (lives[following].begin or _first(lives[following]))
        found += _gaps_after(lives[number], back_at.get(number), following or 0, begin, now)
    return found


def _first(life: _Life) -> datetime:
    return life.closes[0].at


def _gaps_after(
    life: _Life,
    back_at: datetime | None,
    following: int,
    next_begin: datetime | None,
    now: datetime,
) -> list[Gap]:
    """Gaps from the closes of one connection until it was back or the next one began."""
    found: list[Gap] = []
    until = now if next_begin is None else next_begin
    for close in life.closes:
        if close.kind == REPLACED and next_begin is not None:
            continue
        own = close.kind == OWN
        end, is_open = until, next_begin is None
        if own and back_at is not None and close.at <= back_at < until:
            end, is_open = back_at, False
        if close.at < end and not any(gap.period.holds(close.at) for gap in found):
            found.append(
                Gap(Period(close.at, end), own, is_open, following, close.ref, close.reason)
            )
    return found
