"""Minutes and percentages as exact fractions; rounded only where they are shown (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from typing import Final

from core.periods import Period, total

MINUTE: Final = timedelta(minutes=1)
_MICROSECOND: Final = timedelta(microseconds=1)
DECIMALS: Final = 4


def minutes_of(span: timedelta) -> Fraction:
    """A length of time in minutes, exact."""
    return Fraction(span // _MICROSECOND, MINUTE // _MICROSECOND)


def minutes(periods: Iterable[Period]) -> Fraction:
    """The minutes that the periods cover, each counted once."""
    return minutes_of(total(periods))


def percent(part: Fraction, whole: Fraction) -> Fraction | None:
    """``part`` of ``whole`` in percent, between 0 and 100; None of nothing."""
    if whole <= 0:
        return None
    return min(max(100 * part / whole, Fraction(0)), Fraction(100))


def shown(value: Fraction | None) -> float | None:
    """As it is printed: four decimals, half to even."""
    return None if value is None else float(round(value, DECIMALS))
