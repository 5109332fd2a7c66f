"""How much energy was bought, and whether what was lost is plausible (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

NOTHING: Final = Decimal(0)
ELECTRICITY, GRID = "electricity", "grid"


@dataclass(frozen=True, slots=True)
class BoughtPart:
    """What one invoice says about the energy of a month."""

    month_on: date
    kind: str
    energy_kwh: Decimal | None


def bought_kwh(parts: Iterable[BoughtPart]) -> Decimal:
    """The energy of one site, each kWh once: month by month what the supplier of electricity
    billed; where it billed nothing, what the grid company did."""
    by_month: dict[date, dict[str, Decimal]] = {}
    for part in parts:
        if part.energy_kwh is not None:
            month = by_month.setdefault(part.month_on, {})
            month[part.kind] = month.get(part.kind, NOTHING) + part.energy_kwh
    return sum(
        (month.get(ELECTRICITY, month.get(GRID, NOTHING)) for month in by_month.values()), NOTHING
    )
