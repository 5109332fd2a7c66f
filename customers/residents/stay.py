"""Who lives and parks where on which days (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["coming", "living", "gone"]


@dataclass(frozen=True, slots=True)
class Stay:
    """Days of one resident in one bay, both included; None: open. ``key`` tells residents
    apart."""

    key: object
    name: str
    from_on: date | None = None
    until_on: date | None = None

    def meets(self, other: Stay) -> bool:
        """Whether both are there on some day."""
        return (other.until_on is None or _first(self) <= other.until_on) and (
            self.until_on is None or _first(other) <= self.until_on
        )


def _first(stay: Stay) -> date:
    return stay.from_on or date.min


def status_on(day: date, from_on: date | None, until_on: date | None) -> Status:
    """Where somebody with these days stands on a day."""
    if from_on is not None and day < from_on:
        return "coming"
    if until_on is not None and until_on < day:
        return "gone"
    return "living"


def who_is_in_the_way(new: Stay, others: Iterable[Stay]) -> Stay | None:
    """Another resident of the bay during the days of ``new``; the earliest of several."""
    found = [one for one in others if one.key != new.key and one.meets(new)]
    return min(found, key=_first, default=None)
