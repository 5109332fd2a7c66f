"""A plan by years: so many sites a year, those that add most first (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Built:
    """A site in the order of the plan: its name, what it adds (kWh) and costs."""

    name: str
    adds_kwh: float
    invested: Decimal


@dataclass(frozen=True, slots=True)
class Phase:
    """A year (from 1) with its sites, their cost, and what is reached by its end."""

    year: int
    names: tuple[str, ...]
    invested: Decimal
    share: float


def phases_of(
    sites: Sequence[Built], per_year: int | None, before_kwh: float, total_kwh: float
) -> list[Phase]:
    """None when everything is built at once."""
    if not per_year:
        return []
    found, reached = [], before_kwh
    for year, at in enumerate(range(0, len(sites), per_year), 1):
        some = sites[at : at + per_year]
        reached += sum(one.adds_kwh for one in some)
        found.append(
            Phase(
                year,
                tuple(one.name for one in some),
                sum((one.invested for one in some), Decimal(0)),
                min(1.0, reached / total_kwh) if total_kwh else 0.0,
            )
        )
    return found
