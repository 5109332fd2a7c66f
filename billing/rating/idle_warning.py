"""When the driver must be warned of an idle fee, and what a late warning costs us (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from billing.rating.compiled import CompiledTariff
from billing.rating.facts import SessionFacts
from billing.rating.moments import micros, moment
from billing.rating.rules.idle import free_idle
from billing.rating.rules.phases import Phase

WARNING: Final = timedelta(minutes=10)
"""The driver has this long between the warning and the fee."""
AT_ONCE: Final = timedelta(minutes=2)
"""A warning that could not come earlier, since the grace is short, comes within this."""
_LOOK_AHEAD: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a stretch of idle time: from when a fee is due, by when a warning of it was,
    when that came (None: not yet), and when the stretch ended (None: not yet)."""

    idle_since_at: datetime
    fee_from_at: datetime
    warn_by_at: datetime
    warned_at: datetime | None
    ended_at: datetime | None = None


def fee_begins_at(
    tariff: CompiledTariff, idle_since: datetime, zone: str, max_power_w: Decimal | None
) -> datetime | None:
    """The first instant after grace and free hours that costs; None where idle time is free."""
    if not tariff.has_parking:
        return None
    end = idle_since + _LOOK_AHEAD
    facts = SessionFacts(
        started_at=idle_since, ended_at=end, zone=zone, evse_max_power_w=max_power_w
    )
    at, last = micros(idle_since), micros(end)
    free = free_idle(tariff.tariff.extras.idle, facts, [Phase(at, last, "idle")])
    for low, high in sorted(free):
        if low > at:
            break
        at = max(at, high)
    return moment(at) if at < last else None


def warn_by(idle_since: datetime, fee_from: datetime) -> datetime:
    """By when the warning must have come."""
    return max(fee_from - WARNING, idle_since + AT_ONCE)


def costs_from(told: Told) -> datetime | None:
    """From when idle time that goes on costs; None while the warning has not come."""
    if told.warned_at is None:
        return None
    if told.warned_at <= told.warn_by_at:
        return told.fee_from_at
    return told.warned_at + WARNING


def free_until(told: Iterable[Told], ended_at: datetime) -> datetime | None:
    """Until when idle time costs nothing since a warning came late; None: all came in time.

    A late warning gives the same ten minutes; one that never came frees its whole stretch. One
    that was not due yet when the vehicle took power again or left frees nothing.
    """
    late = [until for one in told if (until := _free_until(one, ended_at)) is not None]
    return max(late, default=None)


def _free_until(one: Told, ended_at: datetime) -> datetime | None:
    over = ended_at if one.ended_at is None else min(one.ended_at, ended_at)
    if (one.warned_at or over) <= one.warn_by_at:
        return None
    return over if one.warned_at is None else one.warned_at + WARNING
