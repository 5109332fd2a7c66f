"""Reference rates: the operator's own before the table that the product brings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.dunning import interest
from billing.dunning.models import ReferenceRate
from core.accounts.models import Operator
from core.audit.services import record
from core.errors import InvalidInput


def rates_for(operator_id: int) -> tuple[interest.ReferenceRate, ...]:
    """All that is known, the oldest first."""
    found = {rate.from_on: rate for rate in interest.REFERENCE_RATES}
    for row in ReferenceRate.objects.filter(operator_id=operator_id):
        found[row.from_on] = interest.ReferenceRate(row.from_on, row.percent)
    return tuple(found[day] for day in sorted(found))


def half_year_of(day: date) -> date:
    """The first day of the half-year."""
    return day.replace(month=1 if day.month < 7 else 7, day=1)


def is_missing(operator_id: int, day: date) -> bool:
    """Whether the rate of the day's half-year is not known."""
    return all(rate.from_on != half_year_of(day) for rate in rates_for(operator_id))


@transaction.atomic
def set_rate(
    *, operator: Operator, from_on: date, percent: Decimal, reason: str = ""
) -> ReferenceRate:
    """Enter the rate of a half-year, or correct it."""
    if (from_on.month, from_on.day) not in ((1, 1), (7, 1)):
        raise InvalidInput(
            "rate_day", _("A half-year begins on 1 January or 1 July."), field="from_on"
        )
    if not -20 <= percent <= 100:
        raise InvalidInput("rate_percent", _("The rate is implausible."), field="percent")
    before = ReferenceRate.objects.filter(operator=operator, from_on=from_on).first()
    row, _made = ReferenceRate.objects.update_or_create(
        operator=operator, from_on=from_on, defaults={"percent": percent}
    )
    record(
        "reference_rate.set", row, operator_id=operator.pk,
        before={"percent": before.percent} if before else {},
        after={"from_on": from_on, "percent": percent}, reason=reason,
    )  # fmt: skip
    stored: ReferenceRate = row
    return stored
