"""Reading dated fees, and what they cost in a span of days."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from billing.accounts.fee_models import Fee, Recurrence
from billing.accounts.models import BillingAccount
from billing.accounts.proration import FeePart, FeeTerms, parts


@dataclass(frozen=True, slots=True)
class DueFee:
    """A fee and one part of it that falls due."""

    fee: Fee
    part: FeePart


def fees() -> QuerySet[Fee]:
    """All fees of the operator in scope with their accounts, the latest first."""
    rows: QuerySet[Fee] = Fee.objects.select_related("account").order_by("-starts_on", "-id")
    return rows


def fees_of(account: BillingAccount) -> QuerySet[Fee]:
    """The account's fees, the latest first."""
    return fees().filter(account=account)


def overlapping(rows: QuerySet[Fee], from_on: date, until_on: date) -> QuerySet[Fee]:
    """Fees of which something falls due from one day to another, both included."""
    monthly = Q(recurrence=Recurrence.MONTHLY, starts_on__lte=until_on) & (
        Q(ends_on=None) | Q(ends_on__gte=from_on)
    )
    once = Q(recurrence=Recurrence.ONCE, starts_on__gte=from_on, starts_on__lte=until_on)
    return rows.filter(monthly | once)


def due(rows: Iterable[Fee], from_on: date, until_on: date) -> list[DueFee]:
    """The parts of these fees that fall due from one day to another, in order of days."""
    found = [DueFee(fee, part) for fee in rows for part in parts(terms_of(fee), from_on, until_on)]
    return sorted(found, key=lambda one: (one.part.from_on, one.fee.name, one.fee.pk))


def terms_of(fee: Fee) -> FeeTerms:
    """The fee as the rule of proration takes it."""
    return FeeTerms(fee.amount, fee.recurrence == Recurrence.MONTHLY, fee.starts_on, fee.ends_on)


def next_months(today: date, count: int = 2) -> list[tuple[date, date]]:
    """The month of ``today`` and those that follow, by first and last day."""
    months = []
    first = today.replace(day=1)
    for _n in range(count):
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        months.append((first, last))
        first = last + timedelta(days=1)
    return months


def total(parts_due: Iterable[DueFee]) -> Decimal:
    """The sum of parts in one currency."""
    return sum((one.part.amount for one in parts_due), Decimal(0))
