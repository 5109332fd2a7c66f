"""What becomes of a guest's money once charging is over, and how far it may run (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

ACTS_BEFORE: Final = timedelta(hours=6)
"""So long before a hold lapses something is done about it."""
DECIDED_WITHIN: Final = timedelta(days=6)
"""So long the price of what is doubtful may take; then the money goes back."""
_MARGIN: Final = Decimal("0.02")
_LOOKED_AT: Final = Decimal(60)
"""Seconds within which a running session is looked at again and a station stops."""
_LEAST_SHARE: Final = Decimal("0.5")


class Step(StrEnum):
    """What is done next. ``waive``: the session costs nothing after all. ``release``: all money
    goes back. ``collect``: the exact cost is billed and taken, the rest goes back."""

    WAIT = "wait"
    WAIVE = "waive"
    RELEASE = "release"
    COLLECT = "collect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A session that is over. ``billing`` is its BillingState; ``gross`` and ``energy_wh`` of
    the price that holds; ``least`` is what the provider collects at least."""

    billing: str
    gross: Decimal = Decimal(0)
    energy_wh: Decimal = Decimal(0)
    is_prepaid: bool = False
    least: Decimal = Decimal(0)
    ended_at: datetime
    lapses_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The next step, and the code of why."""

    step: Step
    why: str = ""


def act_before(ended_at: datetime, lapses_at: datetime | None) -> datetime:
    """When what is undecided is let go: before the hold lapses by itself."""
    latest = ended_at + DECIDED_WITHIN
    return latest if lapses_at is None else min(latest, lapses_at - ACTS_BEFORE)


def verdict_on(ended: Ended, now: datetime) -> Verdict:
    """The next step for a session that is over."""
    if ended.billing in ("free", "waived", "dropped"):
        return Verdict(Step.RELEASE, "costs_nothing")
    if ended.billing != "rated":
        late = now >= act_before(ended.ended_at, ended.lapses_at)
        return Verdict(Step.RELEASE, "undecided") if late else Verdict(Step.WAIT)
    if ended.energy_wh <= 0:
        return Verdict(Step.WAIVE, "no_energy")
    if ended.gross <= 0:
        return Verdict(Step.RELEASE, "costs_nothing")
    if ended.gross < ended.least and not ended.is_prepaid:
        return Verdict(Step.WAIVE, "too_little")
    return Verdict(Step.COLLECT)


def stops_at(amount: Decimal, gross: Decimal, ran: timedelta) -> Decimal:
    """The cost at which a running session is stopped, so that it ends within what is there: two
    per cent below, or what it costs until somebody looks again where that is more."""
    seconds = Decimal(max(ran.total_seconds(), 1))
    margin = max(amount * _MARGIN, gross * _LOOKED_AT / seconds)
    return max(amount - margin, amount * _LEAST_SHARE)
