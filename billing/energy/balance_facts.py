"""The facts of the energy balance from the database: three queries, and one for the sites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, DateField, F, Func, QuerySet, Sum
from django.db.models.functions import TruncMonth

from billing.energy.balance import (
    DEFAULT_LIMIT_PERCENT,
    BalanceRow,
    Billed,
    Delivered,
    Earned,
    Facts,
    balance,
)
from billing.energy.selectors import costs_between
from billing.rating.selectors import in_revenue
from core.months import last_day
from stations.sessions.models import Session
from stations.sites.models import Site

TWO_DAYS: Final = timedelta(days=2)
_KWH: Final = Decimal("0.001")
_CENT: Final = Decimal("0.01")


class LocalMonth(Func):
    """The first day of the month of an instant in a zone, both columns."""

    template = "date_trunc('month', %(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()


class LocalDay(LocalMonth):
    """The day of an instant in a zone, both columns."""

    template = "(%(expressions)s)::date"


@dataclass(frozen=True, slots=True)
class SiteBalance:
    """A row of the balance with its site."""

    site: Site
    row: BalanceRow


def site_balances(
    *,
    from_month: date,
    until_month: date,
    today: date,
    home_currency: str,
    site: Site | None = None,
    limit_percent: Decimal = DEFAULT_LIMIT_PERCENT,
    state: str = "",
) -> list[SiteBalance]:
    """The balance of all sites in scope, or of one, from one month to another, both included; by
    name of the site, then by month. ``state``: of a ``MonthState``; empty: all."""
    facts = facts_of(from_month, until_month, site)
    rows = balance(facts, today=today, home_currency=home_currency, limit_percent=limit_percent)
    rows = [row for row in rows if state in ("", row.state.value)]
    sites = Site.objects.in_bulk({row.site_id for row in rows if row.site_id is not None})
    found = [SiteBalance(sites[row.site_id], row) for row in rows if row.site_id in sites]
    return sorted(found, key=lambda one: (one.site.name, one.site.pk))


def facts_of(from_month: date, until_month: date, site: Site | None) -> Facts:
    """What was delivered, earned and billed."""
    billed = costs_between(from_month, until_month)
    earned = in_revenue().filter(
        delivered_on__gte=from_month, delivered_on__lte=last_day(until_month)
    )
    if site is not None:
        billed, earned = billed.filter(site=site), earned.filter(site=site)
    return Facts(
        delivered_by_month(from_month, until_month, site),
        _earned(earned),
        [
            Billed(one.site_id, one.month_on, one.kind, one.energy_kwh, one.net, one.currency)
            for one in billed
        ],
    )


def delivered_by_month(from_month: date, until_month: date, site: Site | None) -> list[Delivered]:
    """Sessions by the month in which they ended, in the zone of their site, be they paid for or
    not: all of them drew from the connection."""
    rows: QuerySet[Any] = Session.objects.filter(
        stopped_at__gte=datetime.combine(from_month, time(), UTC) - TWO_DAYS,
        stopped_at__lt=datetime.combine(last_day(until_month), time(), UTC) + TWO_DAYS,
    )
    if site is not None:
        rows = rows.filter(station__site=site)
    found: QuerySet[Any] = (
        rows.order_by()
        .annotate(
            place=F("station__site_id"),
            month=LocalMonth(F("stopped_at"), F("station__site__time_zone")),
        )
        .filter(month__gte=from_month, month__lte=until_month)
        .values_list("place", "month")
        .annotate(count=Count("pk"), energy=Sum("energy_wh"))
    )
    return [
        Delivered(place, month, count, ((energy or 0) / Decimal(1000)).quantize(_KWH))
        for place, month, count, energy in found
    ]


def _earned(rows: QuerySet[Any]) -> list[Earned]:
    found = (
        rows.order_by()
        .annotate(month=TruncMonth("delivered_on"))
        .values_list("site_id", "month", "currency")
        .annotate(sum=Sum("net"))
    )
    return [
        Earned(site, month, currency, net.quantize(_CENT)) for site, month, currency, net in found
    ]
