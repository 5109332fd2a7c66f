"""What a station answered for each key of a command that sets values (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stations.hardware.keys import Place, folded

SENDS = frozenset({"ChangeConfiguration", "SetVariables"})


def asked_values(action: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """The values that a command sets, by key as written."""
    if action == "ChangeConfiguration":
        key, value = payload.get("key"), payload.get("value")
        return {key: value} if isinstance(key, str) and isinstance(value, str) else {}
    if action != "SetVariables":
        return {}
    rows = payload.get("setVariableData")
    found = {}
    for row in rows if isinstance(rows, list) else []:
        key = _key(row)
        if key and isinstance(row.get("attributeValue"), str):
            found[key] = row["attributeValue"]
    return found


def results(action: str, payload: Mapping[str, Any], answer: Any) -> dict[str, str]:
    """The station's word for each key, by folded key; empty text where it said nothing."""
    asked = {folded(key): "" for key in asked_values(action, payload)}
    if not isinstance(answer, Mapping):
        return asked
    if action == "ChangeConfiguration":
        return dict.fromkeys(asked, _text(answer.get("status")))
    rows = answer.get("setVariableResult")
    for row in rows if isinstance(rows, list) else []:
        key = folded(_key(row))
        if key in asked:
            asked[key] = _text(row.get("attributeStatus"))
    return asked


def _key(row: Any) -> str:
    """The key of a row of SetVariables, asked or answered; empty when it names none."""
    component, variable = _object(row, "component"), _object(row, "variable")
    evse = _object(component, "evse")
    name = _text(variable.get("name"))
    if not name:
        return ""
    return Place(
        variable=name,
        component=_text(component.get("name")),
        component_instance=_text(component.get("instance")),
        evse=_number(evse.get("id")),
        connector=_number(evse.get("connectorId")),
        variable_instance=_text(variable.get("instance")),
    ).key


def _object(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str:
    return value[:300] if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
