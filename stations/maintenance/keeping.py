"""How promises were kept, by month and partner (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.periods import Period, merged, total
from stations.maintenance.clocks import Clock, Pause


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """One order: its month, who has it, its clocks at an instant, its pauses and when it began
    and stopped being worked on."""

    month: date
    partner: str
    partner_name: str
    respond: Clock | None
    restore: Clock | None
    pauses: tuple[Pause, ...]
    began_at: datetime
    until_at: datetime

    @property
    def clocks(self) -> list[Clock]:
        """Those that there are."""
        return [one for one in (self.respond, self.restore) if one is not None]


@dataclass(slots=True, kw_only=True)
class Kept:
    """The orders of one partner and month. An order is broken when a clock is, within when all
    stopped in time, and runs while one does; without a promise it is only counted."""

    month: date
    partner: str
    partner_name: str
    orders: int = 0
    promised: int = 0
    within: int = 0
    broken: int = 0
    running: int = 0
    respond_broken: int = 0
    restore_broken: int = 0
    over: timedelta = field(default_factory=timedelta)
    paused: timedelta = field(default_factory=timedelta)
    reasons: dict[str, timedelta] = field(default_factory=dict)

    @property
    def share(self) -> int | None:
        """Percent kept of those that are decided, rounded down; None where none is."""
        decided = self.within + self.broken
        return self.within * 100 // decided if decided else None

    def add(self, one: OrderFacts) -> None:
        """Count one order."""
        self.orders += 1
        clocks = one.clocks
        if clocks:
            self.promised += 1
            if any(clock.is_breached for clock in clocks):
                self.broken += 1
            elif all(clock.stopped_at is not None for clock in clocks):
                self.within += 1
            else:
                self.running += 1
        self.respond_broken += bool(one.respond and one.respond.is_breached)
        self.restore_broken += bool(one.restore and one.restore.is_breached)
        self.over += sum((clock.over for clock in clocks), timedelta())
        stops = [(pause.reason, _clipped(pause, one)) for pause in one.pauses]
        self.paused += total(merged(stop for _reason, stop in stops if stop is not None))
        for reason, stop in stops:
            if stop is not None:
                known = self.reasons.get(reason, timedelta())
                self.reasons[reason] = known + (stop.end - stop.start)


def _clipped(pause: Pause, one: OrderFacts) -> Period | None:
    start, end = max(pause.start, one.began_at), min(pause.end or one.until_at, one.until_at)
    return Period(start, end) if start < end else None


def kept(facts: Iterable[OrderFacts]) -> list[Kept]:
    """By month, the latest first, and partner, by name; orders of the own staff have no partner."""
    found: dict[tuple[date, str], Kept] = {}
    for one in facts:
        row = found.setdefault(
            (one.month, one.partner),
            Kept(month=one.month, partner=one.partner, partner_name=one.partner_name),
        )
        row.add(one)
    by_name = sorted(found.values(), key=lambda row: (row.partner_name.lower(), row.partner))
    return sorted(by_name, key=lambda row: row.month, reverse=True)
