"""A 2.0.1 charging station: its device model."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

from ocpp.v201 import call, call_result

from stations.simulator.clock import stamp
from stations.simulator.device_model import Variable, build, check_value, report_row
from stations.simulator.routing import after, on
from stations.simulator.v201.planning import Planning201

_ROWS_A_MESSAGE: Final = 20
_BASES: Final = frozenset({"FullInventory", "ConfigurationInventory", "SummaryInventory"})


class Variables201(Planning201):
    """Reports and settings."""

    def variables(self) -> dict[tuple[str, str, int], Variable]:
        """The device model with what was set."""
        station = self.station
        model = build(station.spec, station.firmware_version, station.world.scenario.sample_s)
        for key, value in station.memory.variables.items():
            model[key] = replace(model[key], value=value)
        return model

    @on("GetBaseReport")
    def on_get_base_report(self, report_base: str, **_: Any) -> Any:
        """Promise a report (B07)."""
        known = report_base in _BASES
        return call_result.GetBaseReport(status="Accepted" if known else "NotSupported")

    @after("GetBaseReport")
    def after_get_base_report(self, request_id: int, report_base: str, **_: Any) -> None:
        """Send it in parts."""
        rows = [
            report_row(variable)
            for variable in self.variables().values()
            if report_base == "FullInventory"
            or (report_base == "ConfigurationInventory" and variable.writable)
            or (report_base == "SummaryInventory" and variable.name == "AvailabilityState")
        ]
        self._report(request_id, rows)

    @on("GetReport")
    def on_get_report(self, component_variable: list[Any] | None = None, **_: Any) -> Any:
        """Promise a report about chosen components (B08)."""
        found = self._chosen(component_variable)
        return call_result.GetReport(status="Accepted" if found else "EmptyResultSet")

    @after("GetReport")
    def after_get_report(
        self, request_id: int, component_variable: list[Any] | None = None, **_: Any
    ) -> None:
        """Send it."""
        rows = [report_row(variable) for variable in self._chosen(component_variable)]
        if rows:
            self._report(request_id, rows)

    def _chosen(self, wanted: list[Any] | None) -> list[Variable]:
        names = {
            (
                item["component"]["name"].lower(),
                (item.get("variable") or {}).get("name", "").lower(),
            )
            for item in wanted or []
        }
        return [
            variable
            for variable in self.variables().values()
            if not names
            or (variable.component.lower(), "") in names
            or (variable.component.lower(), variable.name.lower()) in names
        ]

    def _report(self, request_id: int, rows: list[dict[str, Any]]) -> None:
        parts = [rows[at : at + _ROWS_A_MESSAGE] for at in range(0, len(rows), _ROWS_A_MESSAGE)]
        for number, part in enumerate(parts):
            message = call.NotifyReport(
                request_id=request_id,
                generated_at=stamp(self.station.now()),
                seq_no=number,
                report_data=part,
                tbc=number + 1 < len(parts),
            )
            self.station.tell(partial(self._send_part, message))

    async def _send_part(self, message: Any, _wire: Any) -> None:
        await self.ask(message)

    @on("GetVariables")
    def on_get_variables(self, get_variable_data: list[dict[str, Any]], **_: Any) -> Any:
        """Values one by one (B06)."""
        model = self.variables()
        results = [_read(model, wanted) for wanted in get_variable_data]
        return call_result.GetVariables(get_variable_result=results)

    @on("SetVariables")
    def on_set_variables(self, set_variable_data: list[dict[str, Any]], **_: Any) -> Any:
        """Set values one by one (B05)."""
        model = self.variables()
        results = []
        for wanted in set_variable_data:
            result = _named(model, wanted)
            if "attribute_status" not in result:
                variable = model[_key(wanted)]
                status = check_value(variable, wanted["attribute_value"])
                result["attribute_status"] = status
                if status != "Rejected" and not variable.write_only:
                    self.station.memory.variables[variable.key] = wanted["attribute_value"]
            results.append(result)
        return call_result.SetVariables(set_variable_result=results)


def _key(wanted: dict[str, Any]) -> tuple[str, str, int]:
    evse = wanted["component"].get("evse") or {}
    return (
        wanted["component"]["name"].lower(),
        wanted["variable"]["name"].lower(),
        int(evse.get("id", 0)),
    )


def _named(model: dict[tuple[str, str, int], Variable], wanted: dict[str, Any]) -> dict[str, Any]:
    """The result's names; with a status already when the variable cannot be meant."""
    result: dict[str, Any] = {
        "component": wanted["component"],
        "variable": wanted["variable"],
        "attribute_type": wanted.get("attribute_type") or "Actual",
    }
    key = _key(wanted)
    if key not in model:
        known = any(component == key[0] for component, _name, _evse in model)
        result["attribute_status"] = "UnknownVariable" if known else "UnknownComponent"
    elif result["attribute_type"] != "Actual":
        result["attribute_status"] = "NotSupportedAttributeType"
    return result


def _read(model: dict[tuple[str, str, int], Variable], wanted: dict[str, Any]) -> dict[str, Any]:
    result = _named(model, wanted)
    if "attribute_status" not in result:
        variable = model[_key(wanted)]
        result["attribute_status"] = "Rejected" if variable.write_only else "Accepted"
        if not variable.write_only:
            result["attribute_value"] = variable.value
    return result
