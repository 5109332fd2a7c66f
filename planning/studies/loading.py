"""From a study's row and its layers to its question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from planning.demand.assumptions import with_changes
from planning.demand.needs import Demand
from planning.demand.selectors import demand_by, facts_of
from planning.layers.facts import Points
from planning.layers.kinds import LayerKind
from planning.layers.models import Layer
from planning.layers.selectors import lines_of, points_of, shapes_of
from planning.studies.choices import LayerRole
from planning.studies.models import Study, StudySite
from planning.studies.nearby import connected, inside, lying_in
from planning.studies.parameters import CORRIDOR, parameters_from
from planning.studies.question import Place, Question, Wanted
from planning.studies.roads import Roads, roads_of, stretch_of, towards_of
from stations.hardware.models import StationLink
from stations.sites.models import Site

MOST_AT_DEMAND: Final = 5_000
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
    facts = facts_of(layers.get(LayerRole.DEMAND, []), parameters.target_year)
    wanted = wanted_of(demand_by(facts, parameters.assumptions))
    places = points_of(layers.get(LayerRole.CANDIDATES, []))
    standing = _places(points_of(layers.get(LayerRole.EXISTING, [])), stands=True)
    if parameters.counts_own_sites:
        standing = (*standing, *own_sites(timezone.localdate()))

    def under(changes: Mapping[str, float]) -> Callable[[], Wanted]:
        return lambda: wanted_of(demand_by(facts, {**parameters.assumptions, **changes}))

    candidates = _places(places) if len(places) else _at_demand(wanted)
    if parameters.objective != CORRIDOR:
        candidates = inside(candidates, shapes_of(layers.get(LayerRole.AREAS, [])))
    question = Question(
        parameters=parameters,
        wanted=wanted,
        candidates=connected(candidates, points_of(layers.get(LayerRole.GRID, []))),
        existing=standing,
        seed=study.seed,
        roads=None
        if parameters.objective != CORRIDOR
        else _roads(layers, facts, places, parameters.assumptions),
        under={name: under(changes) for name, changes in TRIED.items()},
    )
    return going_on(question, study.follows) if parameters.goes_on_from else question


def going_on(question: Question, earlier: Study | None) -> Question:
    """With the earlier plan to begin with; what was proven counts where all data are the same."""
    names = (
        [one.label for one in question.candidates]
        if question.roads is None
        else list(question.roads.names)
    )
    numbers = {name.casefold(): at for at, name in reversed(list(enumerate(names)))}
    found = [numbers.get(name.casefold()) for name in question.parameters.goes_on_from]
    is_same = earlier is not None and earlier.input_sha256 == question.digest()
    return replace(
        question,
        begin=tuple(sorted({one for one in found if one is not None})),
        known_bound=earlier.bound if earlier is not None and is_same else None,
    )


def _roads(
    layers: Mapping[str, list[Layer]],
    facts: Mapping[str, Points],
    places: Points,
    assumptions: Mapping[str, float],
) -> Roads:
    """The network of a corridor study, with trips between its towns."""
    rows = [stretch_of(*row) for row in lines_of(layers.get(LayerRole.ROADS, []))]
    towns = facts[LayerKind.POPULATION]
    known = [places, *facts.values()]
    roads = roads_of(rows, known, towns, with_changes(assumptions))
    areas = shapes_of(layers.get(LayerRole.AREAS, []))
    outside = np.flatnonzero(~lying_in(roads.points, areas)).tolist() if areas else []
    return replace(roads, closed=tuple(outside))


def wanted_of(demand: Demand) -> Wanted:
    """Places that ask for something."""
    kept = demand.kwh > 0
    labels = tuple(label for label, keep in zip(demand.labels, kept.tolist(), strict=True) if keep)
    return Wanted(
        demand.longitude[kept], demand.latitude[kept], demand.kwh[kept], demand.hours[kept], labels
    )


def _places(points: Points, *, stands: bool = False) -> tuple[Place, ...]:
    """Places by the names under which an import keeps what a row tells of cost and grid, and of
    the power of those that stand."""
    site, grid = points.numbers("site_cost", -1.0), points.numbers("capacity_kw", -1.0)
    connection, power = points.numbers("connection_cost", -1.0), points.numbers("power_kw", -1.0)
    return tuple(
        Place(
            float(points.longitude[one]),
            float(points.latitude[one]),
            label or f"{points.latitude[one]:.4f}, {points.longitude[one]:.4f}",
            _known(site[one]),
            _known(grid[one]),
            connection=_known(connection[one]) or 0.0,
            towards=towards_of(points.values[one].get("towards")),
            evses=float(points.weight[one]) if stands else None,
            power_kw=_known(power[one]) if stands else None,
        )
        for one, label in enumerate(points.labels)
    )


def _known(value: float) -> float | None:
    return float(value) if value >= 0 else None


def _at_demand(wanted: Wanted) -> tuple[Place, ...]:
    """Without candidates of one's own, a site may be where there is demand; of very many places
    at those that ask for most, so that memory suffices."""
    order = sorted(np.argsort(-wanted.kwh, kind="stable")[:MOST_AT_DEMAND].tolist())
    return tuple(_at(wanted, one) for one in order)


def _at(wanted: Wanted, one: int) -> Place:
    longitude, latitude = float(wanted.longitude[one]), float(wanted.latitude[one])
    return Place(longitude, latitude, wanted.labels[one] or f"{latitude:.4f}, {longitude:.4f}")


def own_sites(today: date) -> tuple[Place, ...]:
    """Own sites that stand: not those to be opened later, nor those that a study planned and where
    no station has connected yet."""
    planned = StudySite.objects.filter(site=OuterRef("pk"))
    connected_once = StationLink.objects.filter(
        station__site=OuterRef("pk"), station__retired_on=None
    ).exclude(last_seen_at=None)
    rows = (
        Site.objects.filter(retired_on=None, latitude__isnull=False, longitude__isnull=False)
        .exclude(commissioned_on__gt=today)
        .exclude(Q(commissioned_on=None) & Exists(planned) & ~Exists(connected_once))
    )
    return tuple(
        Place(float(one.longitude), float(one.latitude), one.name, own=True)
        for one in rows.order_by("id")
    )
