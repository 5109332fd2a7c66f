"""Revenue by day, site, station, tariff, place class: sums of prices that may be billed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from billing.rating import selectors
from billing.rating.models import BillingState, RatedSession
from stations.sessions.place_class import place_class_expression
from stations.sites.choices import PlaceClass
from stations.sites.models import Site

DAY: Final = timedelta(days=1)
_GROUPS: Final[dict[str, tuple[str, str]]] = {
    "site": ("site__public_id", "site__name"),
    "station": ("station__public_id", "station__name"),
    "tariff": ("tariff_version__tariff__public_id", "tariff_version__tariff__name"),
    "place_class": ("place_class", "place_class"),
}


@dataclass(frozen=True, slots=True)
class RevenueRow:
    """Sums of one day, place or tariff in one currency; ``url`` leads to what is summed."""

    label: str
    ref: str
    url: str
    currency: str
    sessions: int
    energy_wh: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class RevenueReport:
    """Rows in order, a total a currency, and what is held and so not in them."""

    rows: Sequence[RevenueRow]
    totals: Sequence[RevenueRow]
    held: Sequence[RevenueRow]


def revenue_report(
    *, from_on: date, to_on: date, by: str = "day", site: Site | None = None
) -> RevenueReport:
    """Prices of sessions that ended on a day of the period, in the zone of their site.

    Four queries at most. Days without revenue are rows too, in the main currency.
    """
    counted = _within(selectors.in_revenue(), from_on, to_on, site)
    held = _within(
        RatedSession.objects.filter(is_current=True, session__billing__state=BillingState.HELD),
        from_on,
        to_on,
        site,
    )
    totals = [_row(one, "", "", "") for one in _summed(counted)]
    main = max(totals, key=lambda row: row.gross).currency if totals else ""
    if by == "day":
        rows = _by_day(counted, from_on, to_on, main)
    else:
        rows = _by_group(counted, by, f"delivered_from={from_on}&delivered_to={to_on}")
    return RevenueReport(rows, totals, [_row(one, "", "", "") for one in _summed(held)])


def _within(
    rows: QuerySet[RatedSession], from_on: date, to_on: date, site: Site | None
) -> QuerySet[Any]:
    found = rows.filter(delivered_on__gte=from_on, delivered_on__lte=to_on).order_by()
    return found if site is None else found.filter(site=site)


def _summed(rows: QuerySet[Any], *groups: str) -> QuerySet[Any]:
    found: QuerySet[Any] = (
        rows.values(*groups, "currency")
        .annotate(
            count=Count("pk"),
            energy=Sum("energy_wh"),
            net_sum=Sum("net"),
            tax_sum=Sum("tax"),
            gross_sum=Sum("gross"),
        )
        .order_by(*groups, "currency")
    )
    return found


def _row(found: dict[str, Any], label: str, ref: str, url: str) -> RevenueRow:
    return RevenueRow(
        label, ref, url, found["currency"], found["count"], found["energy"],
        found["net_sum"], found["tax_sum"], found["gross_sum"],
    )  # fmt: skip


def _by_day(rows: QuerySet[Any], from_on: date, to_on: date, main: str) -> list[RevenueRow]:
    found: dict[date, list[dict[str, Any]]] = {}
    for one in _summed(rows, "delivered_on"):
        found.setdefault(one["delivered_on"], []).append(one)
    nothing = {"currency": main, "count": 0} | dict.fromkeys(
        ("energy", "net_sum", "tax_sum", "gross_sum"), Decimal()
    )
    result = []
    for n in range((to_on - from_on).days + 1):
        day = from_on + n * DAY
        text = day.isoformat()
        url = f"{reverse('rated_list')}?state=rated&delivered_from={text}&delivered_to={text}"
        result += [_row(one, text, text, url) for one in found.get(day, [nothing])]
    return result


def _by_group(rows: QuerySet[Any], by: str, period: str) -> list[RevenueRow]:
    ref, name = _GROUPS[by]
    if by == "place_class":
        rows = rows.annotate(place_class=place_class_expression("session__"))
    labels = dict(PlaceClass.choices) if by == "place_class" else {}
    query = f"{reverse('rated_list')}?state=rated&{period}"
    found = [
        _row(one, str(labels.get(one[name], one[name])), one[ref], f"{query}&{by}={one[ref]}")
        for one in _summed(rows, *dict.fromkeys((ref, name)))
    ]
    return sorted(found, key=lambda row: (row.currency, -row.gross, row.label))
