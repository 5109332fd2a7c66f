"""What hosts see of their sites: the state now, and energy by month. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from billing.accounts.dated import operator_day
from billing.energy.balance import BalanceRow, summed
from billing.energy.balance_facts import SiteBalance, delivered_by_month, site_balances
from billing.energy.disclosure import shown_to_host
from core.accounts.models import Operator
from core.months import month_before, months_between
from portal.dashboard.overview import Place, fleet_counts, places, state_counts
from portal.reports.connections import stations_report
from stations.hardware.models import Station
from stations.sites.models import Site

MONTHS: Final = 13
"""This month and the twelve before."""
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Month:
    """Sessions that ended in a month."""

    month_on: date
    sessions: int
    energy_kwh: Decimal


@dataclass(frozen=True, slots=True)
class StationShare:
    """A station, and which share of the last 30 days it was connected."""

    station: Station
    connected_share: float | None


def host_places() -> list[Place]:
    """The sites in scope with the states of their EVSEs, those with trouble first."""
    return places(state_counts(), fleet_counts())


def first_month(today: date) -> date:
    """The first of the months that are shown."""
    month = today.replace(day=1)
    for _n in range(MONTHS - 1):
        month = month_before(month)
    return month


def months_of(operator: Operator, site: Site | None = None) -> list[Month]:
    """Each of the last months, also those without sessions, the oldest first."""
    today = operator_day(operator)
    begin = first_month(today)
    sums: dict[date, tuple[int, Decimal]] = defaultdict(lambda: (0, NOTHING))
    for one in delivered_by_month(begin, today, site):
        count, energy = sums[one.month_on]
        sums[one.month_on] = (count + one.sessions, energy + one.energy_kwh)
    return [Month(month, *sums[month]) for month in months_between(begin, today)]


def costs_of(operator: Operator, sites: Iterable[Site]) -> list[SiteBalance]:
    """The energy balance of those of the sites whose operator shows it to the host."""
    shown = shown_to_host([site.pk for site in sites])
    if not shown:
        return []
    today = operator_day(operator)
    rows = site_balances(
        from_month=first_month(today),
        until_month=today.replace(day=1),
        today=today,
        home_currency=operator.currency,
    )
    return [one for one in rows if one.site.pk in shown]


def cost_months(rows: Sequence[SiteBalance]) -> list[BalanceRow]:
    """The balance by month and currency."""
    return summed((one.row for one in rows), by_month=True)


def shares_of(site: Site, now: datetime) -> list[StationShare]:
    """The stations of a site, the worst connected first."""
    return [
        StationShare(row.station, row.connected_share)
        for row in stations_report(now=now, site=site).rows
    ]
