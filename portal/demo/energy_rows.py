"""What electricity cost some of the demo's sites, month by month, and what one host sees of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from billing.energy.balance import Delivered
from billing.energy.balance_facts import delivered_by_month
from billing.energy.models import CostDisclosure, CostKind, EnergyCost
from core.months import first_day, last_day, month_before, next_month
from portal.demo.plan import public_id
from stations.sites.models import MembershipSite, Site

SITES: Final = 4
"""So many sites of each operator have invoices."""
MONTHS: Final = 3
_ORE: Final = Decimal("0.01")
_VAT: Final = Decimal("0.25")
_LEAKS: Final = 0.12
# Kind, supplier, price of a kWh, and of the month.
_SUPPLIERS: Final = (
    (CostKind.ELECTRICITY, "Bixia Demo AB", Decimal("0.82"), Decimal(49)),
    (CostKind.GRID, "Stadsnät Demo AB", Decimal("0.31"), Decimal(395)),
    (CostKind.POWER, "Stadsnät Demo AB", Decimal("0.12"), Decimal(0)),
)


def write_energy_costs(today: date) -> int:
    """Invoices of the closed months of a few sites, of which some lost more than is plausible;
    sites that a host sees are shown with their costs. Returns how many rows."""
    first = first_day(today)
    for _n in range(MONTHS):
        first = month_before(first)
    until = last_day(month_before(first_day(today)))
    sites = _chosen()
    found = [one for one in delivered_by_month(first, until, None) if one.site_id in sites]
    rows = [
        cost
        for one in sorted(found, key=lambda each: (each.site_id, each.month_on))
        for cost in _costs(sites[one.site_id], one)
    ]
    EnergyCost.objects.bulk_create(rows)
    seen = MembershipSite.objects.filter(membership__role="host").values_list("site", flat=True)
    shown = [
        CostDisclosure(operator_id=site.operator_id, site=site, is_shown=True)
        for site in Site.objects.filter(pk__in=set(seen))
    ]
    CostDisclosure.objects.bulk_create(shown)
    return len(rows) + len(shown)


def _chosen() -> dict[int, Site]:
    """The first sites of each operator, by key."""
    chosen: dict[int, list[Site]] = {}
    for site in Site.objects.select_related("operator").order_by("pk"):
        of_operator = chosen.setdefault(site.operator_id, [])
        if len(of_operator) < SITES:
            of_operator.append(site)
    return {site.pk: site for sites in chosen.values() for site in sites}


def _costs(site: Site, month: Delivered) -> Iterator[EnergyCost]:
    rng = random.Random(f"{site.public_id}:{month.month_on}")
    # Cables and chargers eat some percent; now and then somebody else draws from the meter.
    lost = Decimal(rng.randrange(40, 90)) / 1000
    lost += Decimal("0.22") if rng.random() < _LEAKS else 0
    energy = (month.energy_kwh / (1 - lost)).quantize(Decimal("0.1"))
    for number, (kind, supplier, price, fixed) in enumerate(_SUPPLIERS):
        net = (energy * price + fixed).quantize(_ORE)
        yield EnergyCost(
            operator_id=site.operator_id,
            public_id=public_id(rng, "enc"),
            site=site,
            month_on=month.month_on,
            kind=kind,
            supplier=supplier,
            invoice_number=f"{month.month_on:%y%m}{site.pk:04d}{number}",
            invoiced_on=next_month(month.month_on).replace(day=6),
            energy_kwh=None if kind == CostKind.POWER else energy,
            net=net,
            tax=(net * _VAT).quantize(_ORE),
            currency=site.operator.currency,
        )
