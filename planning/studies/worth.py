"""How large a site should be and whether it pays, from its demand by hour (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from planning.capacity import Service, SiteSize, best_size, by_year
from planning.money import SWINGS, Business, Case, business, swung
from planning.sizing import SizingError
from planning.studies.parameters import Parameters
from planning.studies.question import Place

DAYS = 365
RAMP = (Decimal("0.5"), Decimal("0.8"), Decimal(1))
YEARS_SHOWN = 5
LOWER_POWERS = (75.0, 50.0, 22.0)


def service_of(parameters: Parameters) -> Service:
    """What drivers are to meet."""
    return Service(
        session_kwh=parameters.session_kwh,
        wait_h=parameters.wait_min / 60,
        share=parameters.wait_share,
    )


def worth_of(
    parameters: Parameters, place: Place, hours: Sequence[float], taken_kwh: float
) -> dict[str, Any]:
    """EVSEs, power, waits, money in three cases; ``refused`` where the grid carries nothing."""
    limit = place.grid_kw if place.grid_kw is not None else parameters.grid_limit_kw
    service = service_of(parameters)
    powers = (parameters.power_kw, *(one for one in LOWER_POWERS if one < parameters.power_kw))
    try:
        size = best_size(hours, service, powers, grid_limit_kw=limit)
        years = by_year(
            hours,
            service,
            size.power_kw,
            [parameters.demand_in(year) for year in range(YEARS_SHOWN)],
            grid_limit_kw=limit,
        )
    except SizingError as error:
        return {"refused": str(error), "grid_limit_kw": limit}
    case = case_of(parameters, place, hours, size, taken_kwh)
    return {
        **_size(size),
        "grid_limit_kw": limit,
        "evses_by_year": [one.built for one in years],
        "money": {name: _money(business(swung(case, swing))) for name, swing in SWINGS.items()},
    }


def case_of(
    parameters: Parameters,
    place: Place,
    hours: Sequence[float],
    size: SiteSize,
    taken_kwh: float,
) -> Case:
    """The business case of a site of this size."""
    kwh = sum(hours) * DAYS
    margin = _decimal(max(0.0, parameters.price_per_kwh - parameters.energy_per_kwh))
    plain = Case(
        kwh=_decimal(kwh),
        tariff=_decimal(parameters.price_per_kwh),
        energy_price=_decimal(parameters.energy_per_kwh),
        capex=_decimal(
            place.price(parameters.cost_per_site) + parameters.cost_per_evse * size.built
        ),
    )
    return replace(
        plain,
        grid_kw=_decimal(size.grid_kw),
        grid_fee_per_kw_year=_decimal(parameters.grid_fee_per_kw_year),
        opex_per_year=_decimal(parameters.opex_per_evse_year * size.built),
        growth_factors=tuple(
            _decimal(parameters.demand_in(year)) for year in range(parameters.years)
        ),
        ramp=RAMP,
        most_kwh=_decimal(size.built * size.power_kw * 8760 * 0.4),
        taken_kwh=_decimal(min(taken_kwh, kwh)),
        lost_margin=margin,
        years=parameters.years,
        rate=_decimal(parameters.rate),
    )


def _size(size: SiteSize) -> dict[str, Any]:
    return {
        "evses": size.built,
        "spare": size.spare,
        "power_kw": size.power_kw,
        "grid_kw": round(size.grid_kw, 1),
        "limited_by": size.limited_by,
        "cars_per_day": round(size.per_day, 1),
        "waits_longer": round(size.met.waits_longer, 4),
        "utilisation": round(size.met.utilisation, 4),
    }


def _money(found: Business) -> dict[str, Any]:
    """Amounts as text, so that nothing of them is lost."""
    return {
        "invested": str(round(found.invested)),
        "npv": str(round(found.npv)),
        "irr": None if found.irr is None else str(round(found.irr, 4)),
        "payback_years": None
        if found.payback_years is None
        else str(round(found.payback_years, 1)),
        "flows": [str(round(one.flow)) for one in found.years],
        "first_kwh": str(round(found.years[0].kwh)),
    }


def _decimal(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))
