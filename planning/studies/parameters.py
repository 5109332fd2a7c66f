"""The parameters of a study as data, from and to JSON (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from planning.demand.assumptions import BY_NAME

COVER, TRAVEL, CORRIDOR = "cover", "travel", "corridor"
SOLVER: Final = "HiGHS"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is asked. ``fixed`` and ``forbidden`` are names of candidates; distances in km; shares
    0 to 1; money in the study's currency without VAT. ``demand_model``: the model, with its
    version, whose layers and assumptions were taken; ``target_year`` its year meant, until which
    areas with a history grow; ``growth_by_year`` demand of each year against the first by its
    curve, where ``growth`` a year would count otherwise. ``goes_on_from``: the sites of
    an earlier plan that the solver begins with. ``whole_min`` and ``last_min``: the reach
    in minutes, of which the distances were made once (``in_km``) by an assumed speed and by how
    much roads are longer than the straight line (``detour``)."""

    objective: str = COVER
    sites: int | None = 10
    budget: float | None = None
    sites_per_year: int | None = None
    whole_km: float = 5.0
    last_km: float = 15.0
    whole_min: float | None = None
    last_min: float | None = None
    speed_kmh: float = 50.0
    detour: float = 1.3
    range_km: float = 250.0
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    time_limit_s: float = 60.0
    goes_on_from: tuple[str, ...] = ()
    counts_own_sites: bool = True
    assumptions: Mapping[str, float] = field(default_factory=dict)
    demand_model: str = ""
    target_year: int | None = None
    growth_by_year: tuple[float, ...] = ()
    # What a site meets and gets
    captured: float = 0.3
    session_kwh: float = 25.0
    power_kw: float = 150.0
    wait_min: float = 5.0
    wait_share: float = 0.1
    grid_limit_kw: float | None = None
    growth: float = 0.1
    # What it costs and earns
    price_per_kwh: float = 4.5
    energy_per_kwh: float = 1.3
    cost_per_site: float = 600_000.0
    cost_per_evse: float = 450_000.0
    grid_fee_per_kw_year: float = 420.0
    opex_per_evse_year: float = 25_000.0
    rate: float = 0.08
    years: int = 10

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    def demand_in(self, year: int) -> float:
        """Demand of a year (0: the first) against the first one: by the curve as far as it goes,
        then by the growth a year."""
        curve = self.growth_by_year
        if not curve:
            return (1 + self.growth) ** year
        last = len(curve) - 1
        return curve[min(year, last)] * (1 + self.growth) ** max(0, year - last)


def km_of(minutes: float, speed_kmh: float, detour: float) -> float:
    """How far one gets along a straight line in so many minutes."""
    return minutes / 60 * speed_kmh / detour


def in_km(asked: Parameters) -> Parameters:
    """With the distances that a reach in minutes comes to; as it is where it is asked in km."""
    if asked.whole_min is None or asked.last_min is None:
        return asked
    whole, last = (
        round(km_of(minutes, asked.speed_kmh, asked.detour), 3)
        for minutes in (asked.whole_min, asked.last_min)
    )
    return replace(asked, whole_km=whole, last_km=last)


NAMES: Final = tuple(one.name for one in fields(Parameters))


def parameters_from(stored: Mapping[str, Any]) -> Parameters:
    """What was stored; names that are not known any more are left."""
    known = {name: stored[name] for name in NAMES if name in stored}
    for name in ("fixed", "forbidden", "growth_by_year", "goes_on_from"):
        known[name] = tuple(known.get(name) or ())
    assumed = known.get("assumptions") or {}
    known["assumptions"] = {name: value for name, value in assumed.items() if name in BY_NAME}
    return Parameters(**known)
