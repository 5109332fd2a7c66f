"""Energy costs of sites for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from billing.energy.models import EnergyCost
from core.ids import public_id
from core.tenancy.scopes import across_operators
from stations.sites.models import Site
from tests.factories.core import number


def make_energy_cost(site: Site, **fields: Any) -> EnergyCost:
    """What a supplier billed for the electricity of October 2026: 1 000 kWh for 800 and VAT."""
    values = {
        "public_id": public_id("enc"),
        "month_on": date(2026, 10, 1),
        "kind": "electricity",
        "supplier": "Skåne Energi AB",
        "invoice_number": f"F{number()}",
        "energy_kwh": Decimal(1000),
        "net": Decimal(800),
        "tax": Decimal(200),
        "currency": "SEK",
    } | fields
    if values["kind"] == "power":
        values["energy_kwh"] = None
    with across_operators("tests make rows of any operator"):
        cost: EnergyCost = EnergyCost.objects.create(
            operator_id=site.operator_id, site=site, **values
        )
    return cost
