"""What may become of a work order, and what each step means (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

NEW, TRIAGED, SCHEDULED = "new", "triaged", "scheduled"
EN_ROUTE, ON_SITE = "en_route", "on_site"
WAITING_PART, WAITING_UTILITY = "waiting_part", "waiting_utility"
REPAIRED, VERIFIED, CLOSED, CANCELLED = "repaired", "verified", "closed", "cancelled"

NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    NEW: (TRIAGED, SCHEDULED, EN_ROUTE, CANCELLED),
    TRIAGED: (SCHEDULED, EN_ROUTE, ON_SITE, CANCELLED),
    SCHEDULED: (EN_ROUTE, ON_SITE, TRIAGED, CANCELLED),
    EN_ROUTE: (ON_SITE, SCHEDULED, CANCELLED),
    ON_SITE: (REPAIRED, WAITING_PART, WAITING_UTILITY, SCHEDULED, CANCELLED),
    WAITING_PART: (SCHEDULED, EN_ROUTE, ON_SITE, CANCELLED),
    WAITING_UTILITY: (SCHEDULED, EN_ROUTE, ON_SITE, REPAIRED, CANCELLED),
    REPAIRED: (VERIFIED, ON_SITE),
    VERIFIED: (CLOSED, ON_SITE),
    CLOSED: (TRIAGED,),
    CANCELLED: (),
}
OPEN: Final = (
    NEW, TRIAGED, SCHEDULED, EN_ROUTE, ON_SITE, WAITING_PART, WAITING_UTILITY, REPAIRED, VERIFIED,
)  # fmt: skip
UNREPAIRED: Final = OPEN[:-2]
FIELD: Final = frozenset(
    {EN_ROUTE, ON_SITE, WAITING_PART, WAITING_UTILITY, REPAIRED, VERIFIED, SCHEDULED}
)
"""States that the person who does the work may set; the others belong to who directs it."""
PAUSING: Final = frozenset({WAITING_PART, WAITING_UTILITY})
"""States in which the clocks of the agreement stand still."""
REOPEN_WITHIN: Final = timedelta(days=14)


def may_follow(state: str, wanted: str) -> bool:
    """Whether ``wanted`` may come after ``state``."""
    return wanted in NEXT.get(state, ())


def may_reopen(closed_at: datetime | None, now: datetime) -> bool:
    """Whether a closed order may be opened again: within fourteen days, else it is a new one."""
    return closed_at is not None and now - closed_at <= REOPEN_WITHIN


def first_time_fix(*, state: str, visits: int, reopened: int) -> bool | None:
    """Whether one visit was enough; None while nobody can know."""
    if reopened or visits > 1:
        return False
    return True if state == CLOSED and visits == 1 else None
