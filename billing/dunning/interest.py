"""Late interest by the Swedish Interest Act: reference rate and eight points (pure).

Räntelagen (1975:635), section 6: the rate is the reference rate in force, set for each half-year
(section 9), and eight percentage points; it follows the reference rate as it changes. Section 3:
from the due date where it was agreed beforehand; section 4: else from 30 days after the demand.
A year has 365 days. The sum is rounded once, half up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from billing.problem import MoneyProblem
from billing.rating.rules.rounding import round_half_up
from core.money import is_currency, minor_digits

POINTS: Final = Decimal(8)
DAYS_A_YEAR: Final = 365
_DAY: Final = timedelta(days=1)
DAYS_AFTER_DEMAND: Final = 30


@dataclass(frozen=True, slots=True)
class ReferenceRate:
    """The reference rate of the half-year that begins on ``from_on`` (1 January or 1 July)."""

    from_on: date
    percent: Decimal

    def __post_init__(self) -> None:
        if (self.from_on.month, self.from_on.day) not in ((1, 1), (7, 1)):
            raise MoneyProblem("rate_day", "A reference rate begins on 1 January or 1 July")
        if not self.percent.is_finite() or not -20 <= self.percent <= 100:
            raise MoneyProblem("rate_percent", "The rate is implausible")

    @property
    def until_on(self) -> date:
        """The last day of the half-year."""
        year = self.from_on.year
        return date(year, 6, 30) if self.from_on.month == 1 else date(year, 12, 31)


def _table(text: str) -> tuple[ReferenceRate, ...]:
    rows = (row.split() for row in text.strip().splitlines())
    return tuple(ReferenceRate(date.fromisoformat(day), Decimal(rate)) for day, rate in rows)


REFERENCE_RATES: Final = _table("""
    2019-01-01 -0.50
    2019-07-01 0.00
    2020-01-01 0.00
    2020-07-01 0.00
    2021-01-01 0.00
    2021-07-01 0.00
    2022-01-01 0.00
    2022-07-01 0.50
    2023-01-01 2.50
    2023-07-01 3.50
    2024-01-01 4.00
    2024-07-01 4.00
    2025-01-01 3.00
    2025-07-01 2.00
    2026-01-01 2.00
""")
"""As Riksbanken published them; later half-years are added as data, never guessed."""


@dataclass(frozen=True, slots=True)
class InterestPart:
    """Interest of days with the same principal and rate, both days included; exact."""

    from_on: date
    until_on: date
    days: int
    principal: Decimal
    percent: Decimal
    exact: Fraction


@dataclass(frozen=True, slots=True)
class Interest:
    """The rounded sum and the parts it is made of."""

    amount: Decimal
    parts: tuple[InterestPart, ...]


def interest_from(due_on: date, *, agreed: bool, demanded_on: date | None = None) -> date | None:
    """The day after which interest runs; None where nothing was agreed or demanded yet."""
    if agreed:
        return due_on
    if demanded_on is None:
        return None
    return max(due_on, demanded_on + timedelta(days=DAYS_AFTER_DEMAND))


def known_until(from_on: date, rates: Sequence[ReferenceRate]) -> date:
    """The last day before the first, from ``from_on`` on, whose rate is not in the table."""
    last = from_on - _DAY
    for rate in sorted(rates, key=lambda one: one.from_on):
        if rate.from_on <= last + _DAY <= rate.until_on:
            last = rate.until_on
    return last


def percent_on(
    day: date, rates: Sequence[ReferenceRate] = REFERENCE_RATES, *, points: Decimal = POINTS
) -> Decimal:
    """The rate of late interest on a day. Refuses days whose half-year is not in the table."""
    return _rate(day, rates).percent + points


def late_interest(
    principal: Decimal,
    currency: str,
    *,
    runs_after: date,
    until_on: date,
    payments: Sequence[tuple[date, Decimal]] = (),
    rates: Sequence[ReferenceRate] = REFERENCE_RATES,
    points: Decimal = POINTS,
) -> Interest:
    """Interest from the day after ``runs_after`` to ``until_on``, both included.

    A payment lowers the principal from the day after it came in; never below nothing.
    """
    if not is_currency(currency):
        raise MoneyProblem("unknown_currency", f"{currency} is no currency")
    if not principal.is_finite() or principal < 0:
        raise MoneyProblem("interest_principal", "Interest needs a principal that is not negative")
    if any(not amount.is_finite() or amount < 0 for _day, amount in payments):
        raise MoneyProblem("interest_payment", "A payment cannot be negative")
    parts = []
    for start, end, rest in _stretches(principal, runs_after, until_on, payments):
        for first, last, percent in _by_rate(start, end, rates):
            days = (last - first).days + 1
            full = percent + points
            exact = Fraction(rest) * Fraction(full) / 100 * days / DAYS_A_YEAR
            parts.append(InterestPart(first, last, days, rest, full, max(exact, Fraction())))
    digits = minor_digits(currency)
    total = sum((part.exact for part in parts), Fraction())
    return Interest(Decimal(round_half_up(total * 10**digits)).scaleb(-digits), tuple(parts))


def _stretches(
    principal: Decimal, after: date, until_on: date, payments: Sequence[tuple[date, Decimal]]
) -> Iterator[tuple[date, date, Decimal]]:
    """First and last day, and what was owed in between."""
    start = after + _DAY
    for paid_on, amount in sorted(payments):
        end = min(paid_on, until_on)
        if principal > 0 and end >= start:
            yield start, end, principal
            start = end + _DAY
        principal = max(principal - amount, principal * 0)
    if principal > 0 and until_on >= start:
        yield start, until_on, principal


def _by_rate(
    start: date, end: date, rates: Sequence[ReferenceRate]
) -> Iterator[tuple[date, date, Decimal]]:
    while start <= end:
        rate = _rate(start, rates)
        last = min(end, rate.until_on)
        yield start, last, rate.percent
        start = last + _DAY


def _rate(day: date, rates: Sequence[ReferenceRate]) -> ReferenceRate:
    for rate in rates:
        if rate.from_on <= day <= rate.until_on:
            return rate
    raise MoneyProblem("no_reference_rate", f"No reference rate is known for {day}")
