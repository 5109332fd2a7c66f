"""Making, changing and deleting demand models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from planning.demand.assumptions import BY_NAME, AssumptionError, with_changes
from planning.demand.growth import YEARS, GrowthError
from planning.demand.measured import calibration_of, curve_of
from planning.demand.models import DemandLayer, DemandModel
from planning.demand.selectors import growth_of_layers, layers_of
from planning.demand.words import GROWTH_WORDS
from planning.layers.kinds import DEMAND_KINDS
from planning.layers.models import Layer

MOST_CARS: Final = 1e12


@transaction.atomic
def create_model(
    *,
    operator: Operator,
    name: str,
    layers: Sequence[Layer],
    assumptions: Mapping[str, float] | None = None,
    note: str = "",
    history: Sequence[Sequence[float]] = (),
    target_year: int | None = None,
) -> DemandModel:
    """A model over layers; refused without a layer, for layers of kinds that ask for no energy,
    and for assumptions that cannot be."""
    model = DemandModel(
        operator=operator,
        public_id=public_id("dem"),
        name=name,
        note=note,
        history=_by_year(history),
        target_year=target_year,
    )
    model.assumptions = _changed(_grown(assumptions or {}, model.history, target_year, layers))
    model.full_clean()
    model.save()
    _choose(model, layers)
    record("demand_model.create", model, operator_id=operator.pk, after=described(model))
    return model


@transaction.atomic
def change_model(*, model: DemandModel, **changes: Any) -> DemandModel:
    """Change name, note, ``layers`` or ``assumptions``; the version counts on when anything
    differs. Studies keep what they were asked with."""
    held: DemandModel = DemandModel.objects.select_for_update().get(pk=model.pk)
    before = described(held)
    for name in ("name", "note"):
        setattr(held, name, changes.get(name, getattr(held, name)))
    if "history" in changes:
        held.history = _by_year(changes["history"])
    held.target_year = changes.get("target_year", held.target_year)
    assumptions = changes.get("assumptions", held.assumptions)
    layers = changes["layers"] if "layers" in changes else layers_of(held)
    held.assumptions = _changed(_grown(assumptions, held.history, held.target_year, layers))
    if "layers" in changes:
        _choose(held, changes["layers"])
    after = described(held)
    differing = {name for name, value in after.items() if value != before[name]}
    if differing:
        held.version += 1
        held.changed_at = timezone.now()
        held.full_clean()
        held.save()
        record(
            "demand_model.change",
            held,
            operator_id=held.operator_id,
            before={name: before[name] for name in differing},
            after={name: after[name] for name in differing},
        )
    return held


@transaction.atomic
def delete_model(*, model: DemandModel, reason: str = "") -> None:
    """Delete a model; its layers, and studies that were asked with it, stay."""
    before = described(model)
    record(
        "demand_model.delete", model, operator_id=model.operator_id, before=before, reason=reason
    )
    model.delete()


def described(model: DemandModel) -> dict[str, Any]:
    """What the audit trail tells of a model."""
    return {
        "name": model.name,
        "note": model.note,
        "assumptions": dict(model.assumptions),
        "history": list(model.history),
        "target_year": model.target_year,
        "layers": list(
            model.chosen.order_by("layer_id").values_list("layer__public_id", flat=True)
        ),
    }


@transaction.atomic
def calibrate_model(*, model: DemandModel) -> DemandModel:
    """Multiply the model's factor by what own sites sold of what it says. Refused where fewer
    than three sites tell."""
    held: DemandModel = DemandModel.objects.select_for_update().get(pk=model.pk)
    factor = calibration_of(held).factor
    if factor is None:
        raise RuleViolation(
            "too_few_sites",
            _("At least three own sites must have sold energy within 10 km of demand."),
        )
    old = held.assumptions.get("calibration", BY_NAME["calibration"].default)
    new = _within("calibration", old * factor)
    return change_model(model=held, assumptions={**held.assumptions, "calibration": new})


def _by_year(history: Sequence[Sequence[float]]) -> list[list[float]]:
    """Pairs of year and number in the order of the years; of the same year the last counts."""
    found: dict[int, float] = {}
    for year, number in history:
        if year not in YEARS or not 0 <= number <= MOST_CARS:
            raise InvalidInput(
                "history",
                _("A history has years from 1990 to 2100, each with a number from 0."),
                field="history",
            )
        found[int(year)] = number
    return [[year, found[year]] for year in sorted(found)]


def _grown(
    assumptions: Mapping[str, float],
    history: Sequence[Sequence[float]],
    year: int | None,
    layers: Sequence[Layer],
) -> Mapping[str, float]:
    """With the growth of the curve through a history until the year meant: the model's own, else
    that of the areas of its layers together."""
    if year is None:
        return assumptions
    if not history:
        found = growth_of_layers(layers, year)
        factor = None if found is None else found.factor
        return {**assumptions, "growth": _within("growth", factor)} if factor else assumptions
    try:
        curve = curve_of(history)
    except GrowthError as error:
        raise InvalidInput(error.code, str(GROWTH_WORDS[error.code]), field="history") from error
    return {**assumptions, "growth": _within("growth", curve.at(year) / curve.at(history[-1][0]))}


def _within(name: str, value: float) -> float:
    """A factor as far as the assumption allows."""
    return round(min(max(value, BY_NAME[name].least), BY_NAME[name].most), 6)


def _changed(assumptions: Mapping[str, float]) -> dict[str, float]:
    """Those that differ from the defaults."""
    try:
        values = with_changes(assumptions)
    except AssumptionError as error:
        raise InvalidInput(
            "assumption", _("This assumption cannot have that value."), field=error.name
        ) from error
    return {name: one for name, one in values.items() if one != BY_NAME[name].default}


def _choose(model: DemandModel, layers: Sequence[Layer]) -> None:
    if not layers:
        raise InvalidInput("no_demand_layer", _("Choose a layer of demand."), field="layers")
    for layer in layers:
        if layer.kind not in DEMAND_KINDS:
            raise InvalidInput(
                "wrong_layer",
                _("%(name)s is no layer for this.") % {"name": layer},
                field="layers",
            )
    wanted = {layer.pk for layer in layers}
    model.chosen.exclude(layer_id__in=wanted).delete()
    there = set(model.chosen.values_list("layer_id", flat=True))
    DemandLayer.objects.bulk_create(
        [
            DemandLayer(operator_id=model.operator_id, demand_model=model, layer_id=pk)
            for pk in sorted(wanted - there)
        ]
    )
