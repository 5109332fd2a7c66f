"""Names of components and variables in messages of the device model."""

from __future__ import annotations

from stations.ocpp.reading.device_shapes import VariableName
from stations.ocpp.reading.members import Members
from stations.ocpp.reading.v201.evses import read_evse

NAME_LENGTH = 100
"""OCPP allows 50."""


def read_name(members: Members) -> VariableName | None:
    """Component and variable of an item; None when either has no name."""
    component = members.child("component")
    variable = members.child("variable")
    component_name = component.text("name", NAME_LENGTH)
    variable_name = variable.text("name", NAME_LENGTH)
    if not component_name or not variable_name:
        return None
    evse, connector = read_evse(component)
    return VariableName(
        component=component_name,
        variable=variable_name,
        component_instance=component.text("instance", NAME_LENGTH) or "",
        variable_instance=variable.text("instance", NAME_LENGTH) or "",
        evse=evse,
        connector=connector,
    )
