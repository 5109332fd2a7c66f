"""What was measured beside a demand model: what own sites sold, and how electric cars grew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.db.models import Min, Sum
from django.utils import timezone

from planning.demand.area_growth import LEAST_FACTOR, MOST_FACTOR
from planning.demand.calibrating import Calibration, Sold, calibrated
from planning.demand.growth import Curve, fitted
from planning.demand.models import DemandModel
from planning.demand.selectors import demand_of, growth_of_layers, layers_of
from stations.sessions.models import Session

YEAR: Final = timedelta(days=365)
LEAST: Final = timedelta(days=14)
CAPTURED: Final = 0.3
"""What of the demand in reach comes to us, unless a study says otherwise."""
AHEAD: Final = 5
STUDIED: Final = 40
"""A study looks no further ahead."""


def calibration_of(model: DemandModel) -> Calibration:
    """The model beside what own sites sold."""
    sites = sold_by_sites()
    if not sites:
        return Calibration((), None, None, None)
    return calibrated(demand_of(model), sites, CAPTURED)


def sold_by_sites() -> list[Sold]:
    """What each open site with a position sold in a year; of younger ones as much as in a year
    like the time since their first session. Less than two weeks tell nothing."""
    now = timezone.now()
    rows = (
        Session.objects.filter(started_at__gte=now - YEAR, started_at__lt=now)
        .filter(station__site__retired_on=None)
        .exclude(station__site__latitude=None)
        .exclude(station__site__longitude=None)
        .values(
            "station__site__name", "station__site__latitude", "station__site__longitude",
            "station__site_id",
        )
        .annotate(sold=Sum("energy_wh"), first=Min("started_at"))
        .order_by("station__site_id")
    )  # fmt: skip
    return [
        Sold(
            row["station__site__name"],
            float(row["station__site__longitude"]),
            float(row["station__site__latitude"]),
            float(row["sold"] or 0) / 1000 * (YEAR / (now - row["first"])),
        )
        for row in rows
        if now - row["first"] >= LEAST
    ]


def curve_of(history: Sequence[Sequence[float]]) -> Curve:
    """The S-curve through pairs of year and number."""
    return fitted([one[0] for one in history], [one[1] for one in history])


def growth_ahead(model: DemandModel) -> list[float]:
    """Demand of the year meant and of those after it, against the year meant: by the curve through
    the model's own history, else by those of areas. Empty where there is none."""
    target = model.target_year
    if target is None:
        return []
    years = range(target, target + STUDIED)
    if model.history:
        curve = curve_of(model.history)
        values = [curve.at(year) for year in years]
    else:
        found = growth_of_layers(layers_of(model), target)
        curves = None if found is None else found.curves
        values = [] if curves is None else [float(curves.at(year).sum()) for year in years]
    if not values or not values[0] > 0:
        return []
    return [round(min(max(one / values[0], LEAST_FACTOR), MOST_FACTOR), 6) for one in values]


def growth_table(model: DemandModel, by_areas: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The history beside the curve, and years ahead; that of areas together where the model has no
    history of its own. Empty without a history and a year meant."""
    if model.target_year is None:
        return []
    if not model.history:
        return list(by_areas)
    curve = curve_of(model.history)
    known = dict(model.history)
    years = sorted({*known, *range(max(known) + 1, max(known) + AHEAD + 1), model.target_year})
    return [
        {"year": year, "known": known.get(year), "value": curve.at(year), "low": low, "high": high}
        for year in years
        for low, high in [curve.between(year)]
    ]
