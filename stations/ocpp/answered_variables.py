"""Configuration keys and device-model values, as stations answer them.

Values that are secret were masked before the answer reached the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from stations.commands.models import Command
from stations.hardware.choices import ValueSource
from stations.hardware.models import DeviceVariable
from stations.ocpp.payloads import member, objects, text, whole

TAKEN = frozenset({"Accepted", "RebootRequired"})
_KEY = (
    "station",
    "component",
    "component_instance",
    "evse_number",
    "connector_number",
    "variable",
    "variable_instance",
    "attribute",
)


def configuration_read(command: Command, answer: dict[str, Any]) -> None:
    """GetConfiguration (1.6 §5.8): every key the station named."""
    _store(
        command,
        (
            DeviceVariable(
                variable=text(row.get("key"), 100),
                value=row["value"] if isinstance(row.get("value"), str) else None,
                mutability="ReadOnly" if row.get("readonly") is True else "ReadWrite",
            )
            for row in objects(answer.get("configurationKey"))
        ),
        fields=("value", "mutability"),
    )


def configuration_changed(command: Command, answer: dict[str, Any]) -> None:
    """ChangeConfiguration (1.6 §5.3): the value, once it was accepted."""
    if answer.get("status") in TAKEN:
        key, value = command.payload.get("key"), command.payload.get("value")
        row = DeviceVariable(variable=text(key, 100), value=text(value, 10_000))
        _store(command, [row], fields=("value",), source=ValueSource.COMMAND)


def variables_read(command: Command, answer: dict[str, Any]) -> None:
    """GetVariables (2.0.1 B06): every value that was given."""
    rows = [r for r in objects(answer.get("getVariableResult")) if _accepted(r)]
    _store(command, [_variable(row) for row in rows], fields=("value",))


def variables_set(command: Command, answer: dict[str, Any]) -> None:
    """SetVariables (2.0.1 B05): the values that were taken."""
    asked = {_place(r): r for r in objects(command.payload.get("setVariableData"))}
    rows = [
        asked[_place(result)]
        for result in objects(answer.get("setVariableResult"))
        if _accepted(result) and _place(result) in asked
    ]
    variables = [_variable(row) for row in rows]
    _store(command, variables, fields=("value",), source=ValueSource.COMMAND)


def _accepted(result: dict[str, Any]) -> bool:
    return result.get("attributeStatus") in TAKEN


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    """Which attribute of which variable a row is about, as a comparable key."""
    variable = _variable(row)
    return tuple(getattr(variable, name) for name in _KEY if name != "station")


def _variable(row: dict[str, Any]) -> DeviceVariable:
    component = row.get("component")
    return DeviceVariable(
        component=text(member(component, "name"), 50),
        component_instance=text(member(component, "instance"), 50),
        evse_number=whole(member(component, "evse", "id")),
        connector_number=whole(member(component, "evse", "connectorId")),
        variable=text(member(row, "variable", "name"), 100),
        variable_instance=text(member(row, "variable", "instance"), 50),
        attribute=text(row.get("attributeType"), 10) or "Actual",
        value=text(row.get("attributeValue"), 10_000),
    )


def _store(
    command: Command,
    rows: Iterable[DeviceVariable],
    fields: tuple[str, ...],
    source: ValueSource = ValueSource.ANSWER,
) -> None:
    """Write the values; a place named twice counts once, the last time."""
    by_place: dict[tuple[Any, ...], DeviceVariable] = {}
    for row in rows:
        if not row.variable:
            continue
        row.operator_id, row.station_id = command.operator_id, command.station_id
        row.updated_at = timezone.now()
        row.source, row.command_ref = source, command.public_id
        by_place[tuple(getattr(row, name) for name in _KEY if name != "station")] = row
    ordered = [by_place[place] for place in sorted(by_place)]
    if ordered:
        DeviceVariable.objects.bulk_create(
            ordered,
            update_conflicts=True,
            unique_fields=_KEY,
            update_fields=[*fields, "updated_at", "source", "command_ref"],
        )
