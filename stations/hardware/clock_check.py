"""Whether a station's clock is wrong, told from what it said and when we heard it (pure).

A message that waited in the station's queue was said long before it was heard, with a clock that
may be right. So the newest messages are compared and the smallest difference counts; a clock that
is ahead cannot be a queue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TOLERANCE: Final = timedelta(minutes=2)
QUEUE: Final = timedelta(hours=12)
"""What was said up to this long before may have waited while the station was away."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message: the station's time in it, and when it reached us."""

    said_at: datetime
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class ClockError:
    """How far the clock is ahead (negative: behind), as heard at ``heard_at``."""

    offset: timedelta
    heard_at: datetime


def clock_error(heard: Iterable[Heard]) -> ClockError | None:
    """The error that the messages agree on; None when the clock is right or it cannot be told.

    Behind by less than a queue may last, several messages must agree.
    """
    errors = [ClockError(one.said_at - one.heard_at, one.heard_at) for one in heard]
    if not errors:
        return None
    least = min(errors, key=lambda error: abs(error.offset))
    if abs(least.offset) <= TOLERANCE:
        return None
    if least.offset < timedelta() and -least.offset < QUEUE and not _agree(errors):
        return None
    return least


def _agree(errors: list[ClockError]) -> bool:
    """Whether several messages, heard at different times, have the same error."""
    offsets = [error.offset for error in errors]
    heard = {error.heard_at for error in errors}
    return len(heard) > 1 and max(offsets) - min(offsets) <= TOLERANCE
