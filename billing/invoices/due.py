"""When an invoice falls due (pure)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from billing.invoices.bank_days import bank_day_from
from billing.problem import MoneyProblem

MOST_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class Terms:
    """``days`` after the invoice's date, or after the end of its month; moved to the next bank day
    of ``country`` where banks are closed that day, unless ``any_day``."""

    days: int = 30
    from_month_end: bool = False
    any_day: bool = False
    country: str = "SE"

    def __post_init__(self) -> None:
        if not 0 <= self.days <= MOST_DAYS:
            raise MoneyProblem("terms_days", f"Terms lie between 0 and {MOST_DAYS} days")


def due_on(issued_on: date, terms: Terms) -> date:
    """The last day on which payment is in time."""
    start = issued_on
    if terms.from_month_end:
        start = start.replace(day=calendar.monthrange(start.year, start.month)[1])
    day = start + timedelta(days=terms.days)
    return day if terms.any_day else bank_day_from(day, terms.country)
