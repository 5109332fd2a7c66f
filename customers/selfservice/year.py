"""A year of charging by month: sessions, energy and what they cost, added up in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from billing.rating.models import RatedSession
from core.charts.figures import column_chart
from core.months import months_between
from core.ui import units
from customers.drivers.models import Driver
from customers.selfservice.mine import Owner

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class MonthSum:
    """A month in one currency ("" where nothing was charged)."""

    month_on: date
    currency: str
    sessions: int
    energy_wh: Decimal
    gross: Decimal


def _of_snapshot(name: str) -> KeyTextTransform:
    return KeyTextTransform(name, "session__token_snapshot")


def rated_of(owner: Owner) -> Any:
    """Prices that count of the owner's sessions, as of when they began."""
    key = "driver" if isinstance(owner, Driver) else "company"
    rows = RatedSession.objects.filter(is_current=True, session__billing__state="rated")
    named = rows.annotate(owner_ref=_of_snapshot(key))
    return named.filter(owner_ref=owner.public_id).order_by()


def months_of(owner: Owner, year: int) -> list[MonthSum]:
    """Every month of a year in every currency that was charged in."""
    rows = (
        rated_of(owner)
        .filter(delivered_on__range=(date(year, 1, 1), date(year, 12, 31)))
        .annotate(month_on=TruncMonth("delivered_on"))
        .values("month_on", "currency")
        .annotate(sessions=Count("pk"), energy_wh=Sum("energy_wh"), gross=Sum("gross"))
    )
    found = {(row["month_on"], row["currency"]): MonthSum(**row) for row in rows}
    currencies = sorted({currency for _month, currency in found}) or [""]
    return [
        found.get((month, currency), MonthSum(month, currency, 0, NOTHING, NOTHING))
        for currency in currencies
        for month in months_between(date(year, 1, 1), date(year, 12, 1))
    ]


def totals_of(months: Iterable[MonthSum]) -> list[MonthSum]:
    """The year in each currency."""
    sums: dict[str, list[MonthSum]] = defaultdict(list)
    for one in months:
        sums[one.currency].append(one)
    return [
        MonthSum(
            rows[0].month_on,
            currency,
            sum(one.sessions for one in rows),
            sum((one.energy_wh for one in rows), NOTHING),
            sum((one.gross for one in rows), NOTHING),
        )
        for currency, rows in sums.items()
    ]


def charts_of(months: Sequence[MonthSum]) -> list[dict[str, Any]]:
    """Energy, and cost in each currency, by month."""
    energy: dict[date, Decimal] = defaultdict(lambda: NOTHING)
    for one in months:
        energy[one.month_on] += one.energy_wh
    charts = [
        column_chart(
            [(f"{day:%Y-%m}", float(wh) / 1000, units.energy(wh)) for day, wh in energy.items()],
            _("Energy by month"),
            shown_top=lambda top: units.quantity(top, "kWh"),
        )
    ]
    currencies = sorted({one.currency for one in months if one.currency})
    return charts + [
        _cost_chart([one for one in months if one.currency == currency], currency)
        for currency in currencies
    ]


def _cost_chart(months: Sequence[MonthSum], currency: str) -> dict[str, Any]:
    return column_chart(
        [
            (f"{one.month_on:%Y-%m}", float(one.gross), units.money(one.gross, currency))
            for one in months
        ],
        _("Cost by month"),
        shown_top=lambda top: units.money(top, currency),
        tone="ok",
    )


@dataclass(frozen=True, slots=True)
class Share:
    """What one driver or cost centre charged in a span of days, in one currency."""

    key: str
    name: str
    cost_centre: str
    currency: str
    sessions: int
    energy_wh: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


def shares_of(owner: Owner, first: date, last: date, *, by: str) -> list[Share]:
    """The owner's sessions of some days by driver, or by cost centre; as they were then."""
    names = {
        "driver": ("driver", "driver_name", "cost_centre"),
        "cost_centre": ("cost_centre", "cost_centre", "cost_centre"),
        "card": ("uid", "label", "cost_centre"),
        "vehicle": ("registration_number", "registration_number", "cost_centre"),
    }[by]
    key, name, centre = map(_of_snapshot, names)
    rows = (
        rated_of(owner)
        .filter(delivered_on__range=(first, last))
        .annotate(key=key, name=name, centre=centre)
        .values("key", "name", "centre", "currency")
        .annotate(
            sessions=Count("pk"), energy_wh=Sum("energy_wh"), net=Sum("net"), tax=Sum("tax"),
            gross=Sum("gross"),
        )
        .order_by(F("name").asc(nulls_last=True), "key", "centre", "currency")
    )  # fmt: skip
    return [
        Share(
            row["key"] or "", row["name"] or "", row["centre"] or "", row["currency"],
            row["sessions"], row["energy_wh"], row["net"], row["tax"], row["gross"],
        )
        for row in rows
    ]  # fmt: skip
