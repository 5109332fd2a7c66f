"""Reading what the energy of sites cost."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from billing.energy.models import EnergyCost


def energy_costs() -> QuerySet[EnergyCost]:
    """All costs of the operator in scope with their sites, the latest month first."""
    rows: QuerySet[EnergyCost] = EnergyCost.objects.select_related("site").order_by(
        "-month_on", "site__name", "kind", "id"
    )
    return rows


def costs_between(from_on: date, until_on: date) -> QuerySet[EnergyCost]:
    """Costs of the months that begin from one day to another, both included."""
    return energy_costs().filter(month_on__gte=from_on, month_on__lte=until_on)
