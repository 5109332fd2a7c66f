"""What a demand model finds: sums by need, by hour and by place, and how unsure they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from core.remembering import remembered
from planning.demand.assumptions import with_changes
from planning.demand.models import DemandModel
from planning.demand.needs import Demand
from planning.demand.profiles import NEEDS
from planning.demand.selectors import demand_by, growth_of_layers, layers_of, read_layers
from planning.demand.sensitivity import sways
from planning.layers.kinds import LayerKind
from planning.layers.models import Layer

PLACES: Final = 500
KEPT_S: Final = 3600


def summary_of(model: DemandModel) -> dict[str, Any]:
    """Totals, the places that ask for most, and the sensitivity; computed once an hour for the
    same layers and assumptions, since layers never change."""
    layers = layers_of(model)
    parts = [[layer.content_sha256, layer.kind] for layer in layers]
    stated = json.dumps(
        [model.operator_id, parts, model.assumptions, model.target_year], sort_keys=True
    )
    key = f"demand:{hashlib.sha256(stated.encode()).hexdigest()}"
    return remembered(key, KEPT_S, lambda: _summary(layers, model))


def _summary(layers: Sequence[Layer], model: DemandModel) -> dict[str, Any]:
    grown = growth_of_layers(layers, model.target_year)
    facts = read_layers(layers)
    if grown is not None:
        facts[LayerKind.VEHICLES] = grown.vehicles
    demand = demand_by(facts, model.assumptions)
    order = np.argsort(-demand.kwh, kind="stable")[:PLACES].tolist()
    sums = demand.by_need.sum(axis=0)
    return {
        "total_kwh": demand.total_kwh,
        "place_count": len(demand),
        "by_need": {need: float(sums[at]) for at, need in enumerate(NEEDS)},
        "by_hour": [round(float(one), 3) for one in demand.hours.sum(axis=0)],
        "places": [_place(demand, one) for one in order],
        "areas": [asdict(one) for one in grown.areas[:PLACES]] if grown else [],
        "area_count": len(grown.areas) if grown else 0,
        "area_years": list(grown.years) if grown else [],
        "sensitivity": [
            asdict(one) for one in sways(demand.parts, with_changes(model.assumptions))
        ],
    }


def _place(demand: Demand, one: int) -> dict[str, Any]:
    need, factors = demand.explain(one)
    return {
        "label": demand.labels[one],
        "longitude": float(demand.longitude[one]),
        "latitude": float(demand.latitude[one]),
        "kwh": float(demand.kwh[one]),
        "need": need,
        "factors": {name: round(value, 6) for name, value in factors.items()},
    }
