"""How often things break and how fast they are mended (pure).

Each failure has up to four instants: it began, somebody (or a rule) knew, somebody acted, it worked
again. Between failures counts up time only; the other three are means over the failures that got so
far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from stations.uptime.figures import minutes_of


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure; None: not yet."""

    began_at: datetime
    detected_at: datetime | None = None
    responded_at: datetime | None = None
    restored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mending:
    """Means in minutes; None where there is nothing to take a mean of."""

    failures: int
    between_failures: Fraction | None
    to_detect: Fraction | None
    to_respond: Fraction | None
    to_restore: Fraction | None


def measure_mending(failures: Iterable[Failure], up_minutes: Fraction) -> Mending:
    """The measures over distinct failures and the time that was up beside them."""
    found = set(failures)
    return Mending(
        failures=len(found),
        between_failures=up_minutes / len(found) if found else None,
        to_detect=_mean(_between(one.began_at, one.detected_at) for one in found),
        to_respond=_mean(_between(one.detected_at, one.responded_at) for one in found),
        to_restore=_mean(_between(one.began_at, one.restored_at) for one in found),
    )


def _between(first: datetime | None, second: datetime | None) -> timedelta | None:
    return None if first is None or second is None else max(second - first, timedelta())


def _mean(spans: Iterable[timedelta | None]) -> Fraction | None:
    known = [minutes_of(one) for one in spans if one is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
