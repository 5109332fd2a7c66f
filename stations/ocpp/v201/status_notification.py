"""StatusNotification (2.0.1 G01): connector state, and AvailabilityState of the device model."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import read_message, status_write
from stations.ocpp.reading.shapes import StatusReport
from stations.ocpp.writes.records import Variable, VariablesWrite

_COMPONENTS = {True: "ChargingStation", False: "Connector"}


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Always answered with an empty object."""
    report = read_message(call)
    if not isinstance(report, StatusReport):
        return Unreadable(report.reason)
    variable = Variable(
        variable="AvailabilityState",
        value=report.status_raw,
        component=_COMPONENTS[report.evse == 0],
        evse_number=report.evse,
        connector_number=report.connector,
    )
    variables = VariablesWrite(
        call.station.operator_id, call.station.id, call.received_at, [variable]
    )
    return Outcome(dict, [status_write(call, report), variables], findings=report.notes)
