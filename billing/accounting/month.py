"""What is open of a month of a seller's books, for pages and API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.accounting.accruals import Accrued, accrued_until
from billing.accounting.checklist import Check, checklist
from billing.accounting.models import Period
from billing.accounting.selectors import open_months, periods
from billing.accounts.dated import operator_day
from billing.sellers.models import Seller
from core.months import first_day, last_day


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """A month: its checklist, and what would accrue. ``months``: those that may be looked at."""

    seller: Seller
    begins_on: date
    months: list[date]
    checks: list[Check]
    rows: list[Accrued]
    period: Period | None

    @property
    def open_count(self) -> int:
        """How many checks stand in the way of closing."""
        return sum(1 for one in self.checks if one.blocks and not one.is_done)

    @property
    def accrued_count(self) -> int:
        """Sessions that are not invoiced."""
        return len(self.rows)

    @property
    def accrued(self) -> list[dict[str, Any]]:
        """What accrues, by currency."""
        sums: dict[str, Decimal] = {}
        for one in self.rows:
            sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.net
        return [{"currency": currency, "net": net} for currency, net in sorted(sums.items())]


def month_of(seller: Seller, asked: date | None = None) -> OpenMonth:
    """The month that is asked for, else the first open one."""
    today = operator_day(seller.operator)
    months = open_months(seller, today)
    begins_on = asked or (months[0] if months else first_day(today))
    rows = accrued_until(seller, last_day(begins_on))
    return OpenMonth(
        seller=seller,
        begins_on=begins_on,
        months=sorted({*months, begins_on}),
        checks=checklist(seller, begins_on, rows),
        rows=rows,
        period=periods().filter(seller=seller, begins_on=begins_on).first(),
    )
