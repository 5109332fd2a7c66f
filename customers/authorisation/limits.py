"""The limits of token, driver and company (pure): which one says no, if any. The tightest wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from customers.limits.hours import Window, allows
from customers.limits.usage import Level, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one level allows; None and an empty collection: anything."""

    level: Level
    max_concurrent_sessions: int | None = None
    max_energy_wh_per_month: int | None = None
    max_gross_per_month: Decimal | None = None
    limit_currency: str = ""
    allowed_site_ids: frozenset[int] = field(default_factory=frozenset)
    allowed_hours: tuple[Window, ...] = ()

    @property
    def counts_use(self) -> bool:
        """Whether the sessions must be looked at."""
        countable = (
            self.max_concurrent_sessions,
            self.max_energy_wh_per_month,
            self.max_gross_per_month,
        )
        return countable != (None, None, None)


NOTHING = Use(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where and when someone asks. ``local`` is the clock at the site; ``is_start``: a session
    is to begin, so that running ones count."""

    site_id: int
    local: datetime
    is_start: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """The limit that says no: reason code, whose it is, and for countable ones how much."""

    code: str
    level: Level
    limit: int | Decimal | None = None
    used: int | Decimal | None = None
    currency: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As JSON: money as text, with its currency."""
        found: dict[str, Any] = {"code": self.code, "level": self.level}
        found |= {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in (("limit", self.limit), ("used", self.used))
        }
        return found | ({"currency": self.currency} if self.currency else {})


def refusal(
    levels: Sequence[Limits], moment: Moment, use: Mapping[Level, Use] | None = None
) -> Refusal | None:
    """The first of place, hours, sessions at once, energy and money that refuses; of several levels
    the one with the smallest limit is named. ``use`` None looks at place and hours alone."""
    return (
        _place(levels, moment)
        or _hours(levels, moment)
        or (_sessions(levels, use) if use is not None and moment.is_start else None)
        or (_energy(levels, use) or _money(levels, use) if use is not None else None)
    )


def _place(levels: Sequence[Limits], moment: Moment) -> Refusal | None:
    closed = [
        one for one in levels if one.allowed_site_ids and moment.site_id not in one.allowed_site_ids
    ]
    tightest = min(closed, key=lambda one: len(one.allowed_site_ids), default=None)
    return Refusal("site_not_allowed", tightest.level) if tightest else None


def _hours(levels: Sequence[Limits], moment: Moment) -> Refusal | None:
    for one in levels:
        if not allows(one.allowed_hours, moment.local):
            return Refusal("outside_hours", one.level)
    return None


def _sessions(levels: Sequence[Limits], use: Mapping[Level, Use]) -> Refusal | None:
    full = [
        Refusal("concurrent_sessions", one.level, one.max_concurrent_sessions, used)
        for one in levels
        if one.max_concurrent_sessions is not None
        and (used := use.get(one.level, NOTHING).running_sessions) >= one.max_concurrent_sessions
    ]
    return _tightest(full)


def _energy(levels: Sequence[Limits], use: Mapping[Level, Use]) -> Refusal | None:
    full = [
        Refusal("energy_limit", one.level, one.max_energy_wh_per_month, used)
        for one in levels
        if one.max_energy_wh_per_month is not None
        and (used := use.get(one.level, NOTHING).energy_wh) >= one.max_energy_wh_per_month
    ]
    return _tightest(full)


def _money(levels: Sequence[Limits], use: Mapping[Level, Use]) -> Refusal | None:
    full = [
        Refusal("money_limit", one.level, one.max_gross_per_month, used, one.limit_currency)
        for one in levels
        if one.max_gross_per_month is not None
        and (used := use.get(one.level, NOTHING).gross) >= one.max_gross_per_month
    ]
    return _tightest(full)


def _tightest(full: list[Refusal]) -> Refusal | None:
    """The smallest limit; of equal ones the first level."""
    return min(full, key=lambda one: one.limit or 0, default=None)
