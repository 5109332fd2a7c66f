"""From a study's row and its layers to its question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from planning.demand.needs import Demand
from planning.demand.selectors import demand_by, read_layers
from planning.layers.facts import Points
from planning.layers.models import Layer
from planning.layers.selectors import points_of
from planning.studies.choices import LayerRole
from planning.studies.models import Study
from planning.studies.parameters import parameters_from
from planning.studies.question import Place, Question, Wanted
from stations.sites.models import Site

TRIED: Final[Mapping[str, Mapping[str, float]]] = {
    "more_at_home": {"without_parking": 0.15, "public_share": 0.4},
    "less_at_home": {"without_parking": 0.32, "public_share": 0.8},
    "more_trips": {"long_trip_share": 0.3},
    "fewer_trips": {"long_trip_share": 0.12},
    "more_stays": {"plugs_in": 0.12},
}
"""Assumptions of demand that move it from place to place, and so may move sites."""


def question_of(study: Study) -> Question:
    """Everything that the study asks, with its data."""
    layers: dict[str, list[Layer]] = {}
    for one in study.used_layers.select_related("layer").order_by("layer_id"):
        layers.setdefault(one.role, []).append(one.layer)
    parameters = parameters_from(study.parameters)
    facts = read_layers(layers.get(LayerRole.DEMAND, []))
    wanted = wanted_of(demand_by(facts, parameters.assumptions))
    places = points_of(layers.get(LayerRole.CANDIDATES, []))
    standing = _places(points_of(layers.get(LayerRole.EXISTING, [])))
    if parameters.counts_own_sites:
        standing = (*standing, *_own_sites())

    def under(changes: Mapping[str, float]) -> Callable[[], Wanted]:
        return lambda: wanted_of(demand_by(facts, {**parameters.assumptions, **changes}))

    return Question(
        parameters=parameters,
        wanted=wanted,
        candidates=_places(places) if len(places) else _at_demand(wanted),
        existing=standing,
        seed=study.seed,
        under={name: under(changes) for name, changes in TRIED.items()},
    )


def wanted_of(demand: Demand) -> Wanted:
    """Places that ask for something."""
    kept = demand.kwh > 0
    labels = tuple(label for label, keep in zip(demand.labels, kept.tolist(), strict=True) if keep)
    return Wanted(
        demand.longitude[kept], demand.latitude[kept], demand.kwh[kept], demand.hours[kept], labels
    )


def _places(points: Points) -> tuple[Place, ...]:
    """Places by the names under which an import keeps what a row tells of cost and grid."""
    site, grid = points.numbers("site_cost", -1.0), points.numbers("capacity_kw", -1.0)
    connection = points.numbers("connection_cost", -1.0)
    return tuple(
        Place(
            float(points.longitude[one]),
            float(points.latitude[one]),
            label or f"{points.latitude[one]:.4f}, {points.longitude[one]:.4f}",
            _known(site[one]),
            _known(grid[one]),
            connection=_known(connection[one]) or 0.0,
        )
        for one, label in enumerate(points.labels)
    )


def _known(value: float) -> float | None:
    return float(value) if value >= 0 else None


def _at_demand(wanted: Wanted) -> tuple[Place, ...]:
    """Without candidates of one's own, a site may be wherever there is demand."""
    return tuple(
        Place(longitude, latitude, label or f"{latitude:.4f}, {longitude:.4f}")
        for (longitude, latitude), label in zip(wanted.points, wanted.labels, strict=True)
    )


def _own_sites() -> tuple[Place, ...]:
    rows = Site.objects.filter(retired_on=None, latitude__isnull=False, longitude__isnull=False)
    return tuple(
        Place(float(one.longitude), float(one.latitude), one.name, own=True)
        for one in rows.order_by("id")
    )
