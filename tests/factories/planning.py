"""Layers and demand models for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.accounts.models import Operator
from core.ids import public_id
from core.tenancy.scopes import across_operators
from planning.demand.models import DemandLayer, DemandModel
from planning.layers.drafts import begin
from planning.layers.facts import Spot
from planning.layers.kinds import LayerKind, LayerOrigin
from planning.layers.models import Layer
from planning.layers.services import keep_layer
from tests.factories.core import number

TOWNS = (
    Spot(13.0007, 55.6059, 362_133, "Malmö"),
    Spot(12.6944, 56.0467, 104_250, "Helsingborg"),
    Spot(13.1913, 55.7047, 94_393, "Lund"),
)


def make_layer(
    *,
    operator: Operator,
    kind: str = LayerKind.POPULATION,
    spots: Sequence[Spot] = TOWNS,
    **fields: Any,
) -> Layer:
    """A layer of three towns, unless told."""
    values = {"name": f"Layer {number()}", "source": "Tests", "origin": LayerOrigin.FILE} | fields
    with across_operators("tests make rows of any operator"):
        return keep_layer(operator=operator, kind=kind, spots=spots, **values)


def make_demand_model(layer: Layer, **fields: Any) -> DemandModel:
    """A model that counts one layer."""
    values = {"name": f"Model {number()}", "public_id": public_id("dem")} | fields
    with across_operators("tests make rows of any operator"):
        model: DemandModel = DemandModel.objects.create(operator_id=layer.operator_id, **values)
        DemandLayer.objects.create(operator_id=layer.operator_id, demand_model=model, layer=layer)
    return model


def planning_rows(operator: Operator, mark: str) -> dict[str, Any]:
    """One of each by the first word of its address, with ``mark`` where text can stand."""
    file = f"name,lon,lat,population\n{mark},13.0,55.6,9\n".encode()
    with across_operators("tests make rows of any operator"):
        draft = begin(operator=operator, kind=LayerKind.POPULATION, name=f"{mark}.csv", raw=file)
    layer = make_layer(
        operator=operator, name=mark, spots=[Spot(13, 55.6, 9, mark)], file_name=f"{mark}.csv",
        file=draft.file,
    )  # fmt: skip
    return {"layers": layer, "layer-files": draft}
