"""Reading demand: a model's layers and assumptions, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count, Q, QuerySet

from planning.demand.area_growth import Grown, grown
from planning.demand.assumptions import with_changes
from planning.demand.models import DemandModel
from planning.demand.needs import (
    Demand,
    demand_from,
    home_need,
    home_need_of_people,
    stay_need,
    trip_need,
)
from planning.layers.facts import Points
from planning.layers.kinds import LayerKind
from planning.layers.models import Layer
from planning.layers.selectors import layers, points_of, usable_layers


def demand_models() -> QuerySet[DemandModel]:
    """All in scope."""
    rows: QuerySet[DemandModel] = DemandModel.objects.all()
    return rows


def demand_model_rows() -> QuerySet[DemandModel]:
    """The same with the number of their layers."""
    rows: QuerySet[DemandModel] = demand_models().annotate(layer_count=Count("chosen"))
    return rows


def layers_of(model: DemandModel) -> list[Layer]:
    """The layers that a model counts."""
    return [one.layer for one in model.chosen.select_related("layer").order_by("layer_id")]


def choosable(model: DemandModel | None) -> QuerySet[Layer]:
    """Layers that may be chosen for a model: those not put away, and its own."""
    if model is None:
        return usable_layers()
    own = model.chosen.values("layer_id")
    rows: QuerySet[Layer] = layers().filter(Q(is_archived=False) | Q(pk__in=own))
    return rows


def demand_of(model: DemandModel) -> Demand:
    """Energy at places by a model."""
    return demand_by(facts_of(layers_of(model), model.target_year), model.assumptions)


def demand_of_layers(layers: Iterable[Layer], assumptions: Mapping[str, float]) -> Demand:
    """Energy at places by layers and assumptions that differ from the defaults."""
    return demand_by(read_layers(layers), assumptions)


def facts_of(layers: Iterable[Layer], target_year: int | None) -> dict[str, Points]:
    """The points of layers by kind, cars with the growth of their own history until the year
    meant."""
    facts = read_layers(layers)
    if target_year is not None and LayerKind.VEHICLES in facts:
        facts[LayerKind.VEHICLES] = grown(facts[LayerKind.VEHICLES], target_year).vehicles
    return facts


def growth_of_layers(layers: Iterable[Layer], target_year: int | None) -> Grown | None:
    """The curves of areas whose rows have a history; None without any or a year meant."""
    chosen = [one for one in layers if one.kind == LayerKind.VEHICLES]
    if target_year is None or not chosen:
        return None
    found = grown(points_of(chosen), target_year)
    return found if found.areas else None


def read_layers(layers: Iterable[Layer]) -> dict[str, Points]:
    """The points of layers by kind, with one query."""
    chosen = list(layers)
    points = points_of(chosen)
    kinds = {layer.pk: layer.kind for layer in chosen}
    found: dict[str, Points] = {}
    for kind in sorted(set(kinds.values())):
        here = [pk for pk, one in kinds.items() if one == kind]
        marked = (points.layer_ids[:, None] == here).any(axis=1)
        found[kind] = points.where(marked)
    return found


def demand_by(facts: Mapping[str, Points], assumptions: Mapping[str, float]) -> Demand:
    """The model over points by kind. Inhabitants count for homes only where no cars are known."""
    values = with_changes(assumptions)
    parts = []
    if LayerKind.VEHICLES in facts:
        parts.append(home_need(facts[LayerKind.VEHICLES], values))
    elif LayerKind.POPULATION in facts:
        parts.append(home_need_of_people(facts[LayerKind.POPULATION], values))
    if LayerKind.PLACES_OF_INTEREST in facts:
        parts.append(stay_need(facts[LayerKind.PLACES_OF_INTEREST], values))
    if LayerKind.TRAFFIC in facts:
        parts.append(trip_need(facts[LayerKind.TRAFFIC], values))
    return demand_from(parts)
