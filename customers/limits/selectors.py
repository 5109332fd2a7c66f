"""Reading what has been used of limits."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict
from zoneinfo import ZoneInfo

from core.accounts.models import Operator
from customers.limits.models import LimitedModel
from customers.limits.usage import Asked, Level, Own, month_began_at, use_since


class UseOfMonth(TypedDict):
    """What a token, a driver or a company has used since the month began."""

    month: date
    running_sessions: int
    energy_wh: int
    gross: Decimal
    currency: str


def use_this_month(
    row: LimitedModel, level: Level, name: str, *, operator: Operator, now: datetime
) -> UseOfMonth:
    """Use so far, in the month of the operator's zone; money in the currency of the limit, else
    in the operator's. One query."""
    began_at = month_began_at(now, ZoneInfo(operator.time_zone))
    currency = row.limit_currency or operator.currency
    asked = [Asked(level, name, currency)]
    used = use_since(began_at, operator_id=operator.pk, asked=asked, own=Own())[level]
    return {
        "month": began_at.date(),
        "running_sessions": used.running_sessions,
        "energy_wh": used.energy_wh,
        "gross": used.gross,
        "currency": currency,
    }
