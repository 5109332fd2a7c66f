"""Where to build next, in the demo: layers of real geography and two studies for a worker."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope
from planning.demand.services import create_model
from planning.layers.facts import Spot
from planning.layers.kinds import LayerKind, LayerOrigin
from planning.layers.models import Layer
from planning.layers.services import keep_layer
from planning.studies.choices import LayerRole
from planning.studies.parameters import CORRIDOR, Parameters
from planning.studies.services import ask_study, from_model

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "docs" / "examples"
GEONAMES: Final = "GeoNames (geonames.org)"
OWN: Final = "Eget urval; lägen från GeoNames"


def write_planning(slugs: list[str]) -> int:
    """Layers, a demand model and studies of the first operator; how many studies."""
    operator = Operator.objects.get(slug=slugs[0])
    with operator_scope(operator):
        towns = _layer(
            operator, "swedish-places.csv", LayerKind.POPULATION, "Svenska orter", "population"
        )
        candidates = _layer(
            operator, "candidate-sites.csv", LayerKind.CANDIDATES, "Orter vid stora vägar", ""
        )
        roads = _layer(
            operator, "roads-between-towns.csv", LayerKind.ROADS, "Vägar mellan orter", "km"
        )
        model = create_model(operator=operator, name="Elbilar utan egen plats", layers=[towns])
        parameters, layers = from_model(
            Parameters(sites=10, whole_km=10, last_km=30, time_limit_s=20, sites_per_year=4),
            {LayerRole.CANDIDATES: [candidates]},
            model,
        )
        ask_study(
            operator=operator, name="Var ska nästa tio anläggningar ligga?",
            parameters=parameters, layers=layers,
        )  # fmt: skip
        ask_study(
            operator=operator,
            name="Långa resor på stora vägar",
            parameters=Parameters(objective=CORRIDOR, sites=12, range_km=250, time_limit_s=20),
            layers={
                LayerRole.DEMAND: [towns],
                LayerRole.CANDIDATES: [candidates],
                LayerRole.ROADS: [roads],
            },
        )
    return 2


def _layer(operator: Operator, name: str, kind: str, title: str, weight: str) -> Layer:
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        spots = [_spot(row, weight) for row in csv.DictReader(file)]
    return keep_layer(
        operator=operator,
        kind=kind,
        origin=LayerOrigin.DEMO,
        spots=spots,
        name=title,
        source=GEONAMES if kind == LayerKind.POPULATION else OWN,
        licence="CC BY 4.0",
    )


def _spot(row: Mapping[str, str], weight: str) -> Spot:
    """``road``, ``from`` and ``to`` are kept as an import of roads keeps them."""
    values = {name: row[name] for name in ("road", "from", "to") if name in row}
    return Spot(
        float(row["longitude"]),
        float(row["latitude"]),
        float(row[weight]) if weight else 1.0,
        row.get("name") or row.get("road") or "",
        values,
    )
