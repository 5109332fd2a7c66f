"""Whether an EVSE has had no session for unusually long, against its own habit (pure).

Sessions that come by chance at a steady rate leave a silence of t with probability exp(-t / gap).
Seven mean gaps happen by chance less than once in a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(days=35)
FEWEST: Final = 6
"""Sessions that make a habit."""
GAPS: Final = 7
SHORTEST: Final = timedelta(days=1)
"""Nights are silent everywhere."""


@dataclass(frozen=True, slots=True)
class Habit:
    """Sessions of one EVSE that began in a window, the first and the last of them."""

    count: int
    first_at: datetime
    last_at: datetime

    @property
    def gap(self) -> timedelta | None:
        """From one session to the next, in the mean; None when there are too few to tell."""
        if self.count < FEWEST:
            return None
        return (self.last_at - self.first_at) / (self.count - 1)


def unusual_silence(habit: Habit, now: datetime) -> timedelta | None:
    """How long it has been silent, when that is unusual for it; else None."""
    gap, silence = habit.gap, now - habit.last_at
    if gap is None or silence <= max(SHORTEST, gap * GAPS):
        return None
    return silence
