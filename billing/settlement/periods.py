"""Which days a statement covers (pure).

Statements of a host at a site follow each other without a gap or an overlap: each begins where
its contract does, or the day after the one before, and ends with the calendar month or quarter,
or with its contract.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Rhythm = Literal["month", "quarter"]


@dataclass(frozen=True, slots=True)
class Held:
    """Days of one contract, both included (None: open), and which contract it is."""

    contract_id: int
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one statement under one contract."""

    contract_id: int
    from_on: date
    until_on: date


def due_spans(
    held: Sequence[Held],
    rhythm: Callable[[date], Rhythm],
    *,
    begins_on: date,
    settled_until_on: date | None,
    today: date,
) -> Iterator[Span]:
    """The periods that are over and not settled, in order.

    ``begins_on``: the first day of any terms. ``rhythm``: that of the terms on a day.
    """
    start = begins_on
    if settled_until_on is not None:
        start = max(start, settled_until_on + timedelta(days=1))
    for one in sorted(held, key=lambda own: own.from_on or date.min):
        first = start if one.from_on is None else max(start, one.from_on)
        while one.until_on is None or first <= one.until_on:
            last = period_end(first, rhythm(first))
            last = last if one.until_on is None else min(last, one.until_on)
            if last >= today:
                break
            yield Span(one.contract_id, first, last)
            first = last + timedelta(days=1)


def period_end(day: date, rhythm: Rhythm) -> date:
    """The last day of the calendar month or quarter of a day."""
    month = day.month if rhythm == "month" else (day.month + 2) // 3 * 3
    return date(day.year, month, calendar.monthrange(day.year, month)[1])
