"""Reading what the energy of sites cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from billing.energy.bought import BoughtPart, bought_kwh
from billing.energy.models import EnergyCost
from stations.sites.models import Site

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class EnergyCostOf:
    """What the energy of a site cost in a span of months, in one currency.

    ``bought_kwh`` counts each kWh once though supplier and grid company both bill it.
    """

    currency: str
    net: Decimal
    tax: Decimal
    bought_kwh: Decimal
    costs: tuple[EnergyCost, ...]


def energy_costs() -> QuerySet[EnergyCost]:
    """All costs of the operator in scope with their sites, the latest month first."""
    rows: QuerySet[EnergyCost] = EnergyCost.objects.select_related("site").order_by(
        "-month_on", "site__name", "kind", "id"
    )
    return rows


def costs_between(from_on: date, until_on: date) -> QuerySet[EnergyCost]:
    """Costs of the months that begin from one day to another, both included."""
    return energy_costs().filter(month_on__gte=from_on, month_on__lte=until_on)


def energy_cost_of(
    site: Site, from_on: date, until_on: date, *, is_open: bool = False
) -> list[EnergyCostOf]:
    """What the energy of ``site`` cost in the months that begin from one day to another, both
    included: a sum a currency, in order of currencies; none where nothing was entered.

    A month counts whole where it begins, so that spans which follow each other count each cost
    once. ``is_open`` leaves out what a statement settled (``services.mark_settled``).
    """
    rows = costs_between(from_on, until_on).filter(site=site)
    if is_open:
        rows = rows.filter(settled_in="")
    by_currency: dict[str, list[EnergyCost]] = {}
    for row in rows.order_by("currency", "month_on", "kind", "id"):
        by_currency.setdefault(row.currency, []).append(row)
    return [_summed(currency, costs) for currency, costs in by_currency.items()]


def part_of(cost: EnergyCost) -> BoughtPart:
    """The cost as the rule of bought energy takes it."""
    return BoughtPart(cost.month_on, cost.kind, cost.energy_kwh)


def _summed(currency: str, costs: list[EnergyCost]) -> EnergyCostOf:
    return EnergyCostOf(
        currency,
        sum((one.net for one in costs), NOTHING),
        sum((one.tax for one in costs), NOTHING),
        bought_kwh(part_of(one) for one in costs),
        tuple(costs),
    )
