"""When a delivery that failed is tried again, and when an endpoint is given up (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""Pauses after the first try, the second, and so on: two days in all."""

OFF_AFTER: Final = timedelta(days=3)
OFF_AFTER_FAILURES: Final = 10


def delay_after(attempts: int) -> timedelta | None:
    """The pause after so many tries; None when that was the last."""
    return DELAYS[attempts - 1] if 1 <= attempts <= len(DELAYS) else None


def is_given_up(failing_since: datetime | None, failures: int, now: datetime) -> bool:
    """Whether an endpoint has failed for so long and so often that it is switched off."""
    if failing_since is None or failures < OFF_AFTER_FAILURES:
        return False
    return now - failing_since >= OFF_AFTER
