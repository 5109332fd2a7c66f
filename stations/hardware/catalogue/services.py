"""Writing the catalogue, and finding out which model each station is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.tenancy.scopes import across_operators
from core.tenancy.today import operator_today
from stations.hardware.catalogue.matching import (
    ModelFacts,
    QuirkFacts,
    best_model,
    is_firmware_pattern,
    quirks_for,
)
from stations.hardware.catalogue.models import HardwareModel, ModelQuirk
from stations.hardware.choices import ConnectorType, CurrentType
from stations.hardware.models import Station
from stations.hardware.quirks import parse_quirks


@transaction.atomic
def create_model(*, operator: Operator, **values: Any) -> HardwareModel:
    """Add a model; refused when the operator has one of this vendor and name."""
    _refuse_twin(values["vendor"], values["model"])
    model = HardwareModel(operator=operator, public_id=public_id("hm"), **values)
    _check(model)
    model.save()
    record("model.create", model, operator_id=operator.pk, after=values)
    match_again(operator_id=operator.pk)
    return model


@transaction.atomic
def change_model(
    *, hardware_model: HardwareModel, reason: str = "", **changes: Any
) -> HardwareModel:
    """Change a model; stations are matched again when its names change."""
    before, after = apply_changes(hardware_model, changes)
    if not after:
        return hardware_model
    if {"vendor", "model"} & after.keys():
        _refuse_twin(hardware_model.vendor, hardware_model.model, but=hardware_model.pk)
    _check(hardware_model)
    hardware_model.save(update_fields=list(after))
    record(
        "model.change",
        hardware_model,
        operator_id=hardware_model.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
    match_again(operator_id=hardware_model.operator_id)
    return hardware_model


def retire_model(*, model: HardwareModel, reason: str = "") -> HardwareModel:
    """No longer offered for new stations; those that are this model stay so."""
    if model.retired_on is not None:
        raise RuleViolation("model_retired", _("The model has been retired already."))
    return change_model(hardware_model=model, reason=reason, retired_on=operator_today())


def reinstate_model(*, model: HardwareModel, reason: str = "") -> HardwareModel:
    """Offer a model again."""
    if model.retired_on is None:
        raise RuleViolation("model_in_use", _("The model is in use."))
    return change_model(hardware_model=model, reason=reason, retired_on=None)


@transaction.atomic
def add_quirk(
    *,
    model: HardwareModel,
    name: str,
    value: Any,
    firmware: str = "",
    note: str = "",
    reason: str = "",
    replaces: ModelQuirk | None = None,
) -> ModelQuirk:
    """Say what a model gets wrong, be it in place of what was said before. New sessions are read
    so at once, older ones on request."""
    try:
        parse_quirks({name: value})
    except ValueError as error:
        raise InvalidInput("quirk", str(error), field="value") from error
    if not is_firmware_pattern(firmware):
        raise InvalidInput("firmware", _("Write 1.2.*, or >=1.2 <1.5."), field="firmware")
    if replaces is not None:
        remove_quirk(quirk=replaces, reason=reason)
    if model.quirks.filter(name=name, firmware=firmware.strip()).exists():
        raise RuleViolation("quirk_known", _("The model has this quirk already."), field="name")
    quirk: ModelQuirk = ModelQuirk.objects.create(
        operator_id=model.operator_id,
        hardware_model=model,
        name=name,
        value=value,
        firmware=firmware.strip(),
        note=note,
    )
    what = {"quirk": name, "value": value, "firmware": firmware.strip()}
    record("model.add_quirk", model, operator_id=model.operator_id, after=what, reason=reason)
    match_again(operator_id=model.operator_id)
    return quirk


@transaction.atomic
def remove_quirk(*, quirk: ModelQuirk, reason: str = "") -> None:
    """The model does not get this wrong after all."""
    model = quirk.hardware_model
    what = {"quirk": quirk.name, "value": quirk.value, "firmware": quirk.firmware}
    quirk.delete()
    record("model.remove_quirk", model, operator_id=model.operator_id, before=what, reason=reason)
    match_again(operator_id=model.operator_id)


def match_due_stations(*, limit: int = 500) -> int:
    """Match stations whose vendor, model or firmware is another than last time."""
    key = Concat("vendor", Value("|"), "model", Value("|"), "firmware_version")
    due = Station.objects.annotate(key=key).exclude(matched_as=key).order_by("operator_id", "id")
    return _match(due[:limit])


def match_again(*, operator_id: int) -> int:
    """Match every station of an operator, after the catalogue changed."""
    with across_operators("whoever changes the catalogue may see chosen sites alone"):
        return _match(Station.objects.filter(operator_id=operator_id).order_by("id"))


def _match(stations: QuerySet[Any]) -> int:
    by_operator: dict[int, list[Station]] = defaultdict(list)
    for station in stations:
        by_operator[station.operator_id].append(station)
    return sum(_match_of(operator_id, rows) for operator_id, rows in by_operator.items())


@transaction.atomic
def _match_of(operator_id: int, stations: Iterable[Station]) -> int:
    """Stations of one operator; a row that changed meanwhile is left for the next time."""
    catalogue = HardwareModel.objects.filter(operator_id=operator_id)
    models = [ModelFacts(m.pk, m.vendor, m.model) for m in catalogue]
    quirks: dict[int, list[QuirkFacts]] = defaultdict(list)
    for row in ModelQuirk.objects.filter(operator_id=operator_id).order_by("id"):
        quirks[row.hardware_model_id].append(QuirkFacts(row.name, row.value, row.firmware))
    changed = 0
    for station in stations:
        model = best_model(models, station.vendor, station.model) or station.hardware_model_id
        found = dict(quirks_for(quirks[model] if model else [], station.firmware_version))
        changed += _store(station, model, found)
    return changed


def _store(station: Station, model: int | None, quirks: dict[str, Any]) -> bool:
    key = f"{station.vendor}|{station.model}|{station.firmware_version}"
    before = {"model": station.hardware_model_id, "quirks": station.catalogue_quirks}
    after = {"model": model, "quirks": quirks}
    if before == after and station.matched_as == key:
        return False
    same = Station.objects.filter(
        pk=station.pk,
        vendor=station.vendor,
        model=station.model,
        firmware_version=station.firmware_version,
    )
    done = same.update(hardware_model_id=model, catalogue_quirks=quirks, matched_as=key) == 1
    if done and before != after:
        operator_id = station.operator_id
        record("station.match", station, operator_id=operator_id, before=before, after=after)
    return done


def _refuse_twin(vendor: str, model: str, *, but: int | None = None) -> None:
    twins = HardwareModel.objects.filter(vendor__iexact=vendor, model__iexact=model)
    if twins.exclude(pk=but).exists():
        raise RuleViolation("model_known", _("The catalogue has this model."), field="model")


def _check(model: HardwareModel) -> None:
    for evse in model.evses if isinstance(model.evses, list) else [None]:
        if not _is_evse(evse):
            raise InvalidInput("evses", _("These are no EVSEs."), field="evses")
    model.full_clean(validate_constraints=False)


def _is_evse(evse: object) -> bool:
    """Whether a default has the form that models.HardwareModel describes."""
    if not isinstance(evse, dict):
        return False
    power, phases, connectors = evse.get("max_power_w"), evse.get("phases"), evse.get("connectors")
    return (
        (power is None or (isinstance(power, int) and 0 < power <= 2_000_000))
        and phases in (1, 2, 3)
        and evse.get("current_type") in CurrentType.values
        and isinstance(connectors, list)
        and 1 <= len(connectors) <= 4
        and all(
            isinstance(one, dict) and one.get("connector_type") in ConnectorType.values
            for one in connectors
        )
    )
