"""Layers, demand models and studies for tests."""

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
from planning.studies.choices import LayerRole, Objective, StudyState
from planning.studies.models import Study, StudyLayer, StudySite
from planning.studies.parameters import Parameters
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
    study = make_study(operator=operator, name=mark)
    model = make_demand_model(layer, name=mark, note=mark)
    return {"layers": layer, "layer-files": draft, "studies": study, "demand": model}


def make_study(*, operator: Operator, name: str = "Study") -> Study:
    """A study that is done, with one site."""
    layer = make_layer(operator=operator, name=name, spots=[Spot(18.0, 59.0, 100.0, name)])
    unserved = {"label": name, "longitude": 18, "latitude": 60, "kwh": 10, "km": None}
    with across_operators("tests make rows of any operator"):
        study: Study = Study.objects.create(
            operator=operator, public_id=public_id("stu"), name=name, currency="SEK",
            objective=Objective.COVER, parameters=Parameters().as_json(), created_by=name,
            state=StudyState.DONE, share=1, objective_value=90.0, bound=90.0, gap=0.0,
            result={
                "seconds": 0.1, "total_kwh": 100.0, "before_kwh": 10.0, "after_kwh": 90.0,
                "unserved": [unserved], "dots": [[18.0, 59.0, 100.0, 0.1, 0.9]],
                "trials": [{"name": "farther", "kept": [name], "new": []}],
            },
        )  # fmt: skip
        StudyLayer.objects.create(
            operator=operator, study=study, layer=layer, role=LayerRole.DEMAND
        )
        StudySite.objects.create(
            operator=operator, study=study, rank=1, label=name, longitude=18.0, latitude=59.0,
            adds_kwh=80.0, only_kwh=80.0, gets_kwh=24.0,
            figures={"neighbours": [{"label": name, "km": 2.0, "loses_kwh": 5.0}]},
        )  # fmt: skip
    return study
