"""How much of a dated fee falls in a span of days (pure).

A monthly fee counts by the day of its calendar month. A part of a month costs the rounded cost up
to its last day less the rounded cost before its first: so the parts of a month, however it is
split, always sum to the whole.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """A fee: ``amount`` a month from ``starts_on`` to ``ends_on`` (both included; None: on), or
    once on ``starts_on``. ``decimals``: of the currency."""

    amount: Decimal
    is_monthly: bool
    starts_on: date
    ends_on: date | None = None
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class FeePart:
    """What a fee costs for days of one month, both included; a one-off has ``days`` 0."""

    from_on: date
    until_on: date
    days: int
    days_in_month: int
    amount: Decimal

    @property
    def is_whole(self) -> bool:
        """Whether the whole month, or the whole one-off, is meant."""
        return self.days in (0, self.days_in_month)


def parts(terms: FeeTerms, from_on: date, until_on: date) -> list[FeePart]:
    """What falls due from ``from_on`` to ``until_on`` (both included), a part a month.

    Raises ValueError for a span that ends before it begins.
    """
    if until_on < from_on:
        raise ValueError("The span ends before it begins.")
    if not terms.is_monthly:
        if not from_on <= terms.starts_on <= until_on:
            return []
        length = _month_length(terms.starts_on)
        amount = _rounded(terms.amount, terms.decimals)
        return [FeePart(terms.starts_on, terms.starts_on, 0, length, amount)]
    first = max(from_on, terms.starts_on)
    last = until_on if terms.ends_on is None else min(until_on, terms.ends_on)
    return [_part(terms, begin, end) for begin, end in _months(first, last)]


def _part(terms: FeeTerms, begin: date, end: date) -> FeePart:
    length = _month_length(begin)
    amount = _until(terms, end.day, length) - _until(terms, begin.day - 1, length)
    return FeePart(begin, end, end.day - begin.day + 1, length, amount)


def _until(terms: FeeTerms, day: int, length: int) -> Decimal:
    """The rounded cost of the first ``day`` days of a month."""
    return _rounded(terms.amount * day / length, terms.decimals)


def _rounded(amount: Decimal, decimals: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The span cut at the ends of months."""
    while first <= last:
        end = min(last, first.replace(day=_month_length(first)))
        yield first, end
        first = end + timedelta(days=1)


def _month_length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]
