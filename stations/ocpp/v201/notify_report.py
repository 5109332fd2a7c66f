"""NotifyReport (2.0.1 B07): the device model, part by part."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import read_message
from stations.ocpp.reading.device_shapes import DeviceReport
from stations.ocpp.reading.device_shapes import Variable as Reported
from stations.ocpp.wire.masking import mask
from stations.ocpp.writes.records import Variable, VariablesWrite


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Keep every reported attribute; an empty part is fine."""
    call.payload = mask(call.payload)
    report = read_message(call)
    if not isinstance(report, DeviceReport):
        return Unreadable(report.reason)
    variables = [row for reported in report.variables for row in _rows(reported)]
    write = VariablesWrite(call.station.operator_id, call.station.id, call.received_at, variables)
    return Outcome(dict, [write] if variables else [], findings=report.notes)


def _rows(reported: Reported) -> list[Variable]:
    name = reported.name
    traits = {
        "dataType": reported.data_type,
        "unit": reported.unit,
        "valuesList": reported.values_list,
        "minLimit": None if reported.min_limit is None else str(reported.min_limit),
        "maxLimit": None if reported.max_limit is None else str(reported.max_limit),
        "supportsMonitoring": reported.supports_monitoring,
    }
    return [
        Variable(
            variable=name.variable,
            value=attribute.value,
            component=name.component,
            component_instance=name.component_instance,
            evse_number=name.evse or 0,
            connector_number=name.connector or 0,
            variable_instance=name.variable_instance,
            attribute=attribute.type,
            mutability=attribute.mutability,
            characteristics={key: value for key, value in traits.items() if value},
        )
        for attribute in reported.attributes
    ]
