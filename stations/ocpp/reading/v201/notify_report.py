"""NotifyReport (2.0.1 B): the device model in parts; an empty part is a part too."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.device_shapes import Attribute, DeviceReport, Variable
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import Arrival, Unreadable
from stations.ocpp.reading.v201.variables import read_name

VALUE_LENGTH = 2500
_WORD_LENGTH = 50
_LIST_LENGTH = 1000


def read(payload: Any, arrival: Arrival) -> DeviceReport | Unreadable:
    """The variables that have a name; the others are left out with a note."""
    notes: list[str] = []
    members = Members(payload, notes)
    request_id = members.integer("requestId")
    if request_id is None:
        return Unreadable("A report without request id")
    variables = [_variable(item) for item in members.children("reportData")]
    if None in variables:
        notes.append(Note.MEMBER_FORM)
    return DeviceReport(
        request_id=request_id,
        seq_no=members.integer("seqNo") or 0,
        is_last=not members.flag("tbc"),
        generated_at=members.optional_instant("generatedAt", arrival.zone).at,
        variables=tuple(variable for variable in variables if variable is not None),
        notes=unique(notes),
    )


def _variable(item: Members) -> Variable | None:
    name = read_name(item)
    if name is None:
        return None
    traits = item.child("variableCharacteristics")
    return Variable(
        name=name,
        attributes=tuple(_attribute(attribute) for attribute in item.children("variableAttribute")),
        data_type=traits.text("dataType", _WORD_LENGTH) or "",
        unit=traits.text("unit", _WORD_LENGTH) or "",
        values_list=traits.text("valuesList", _LIST_LENGTH) or "",
        min_limit=traits.decimal("minLimit"),
        max_limit=traits.decimal("maxLimit"),
        supports_monitoring=traits.flag("supportsMonitoring"),
    )


def _attribute(item: Members) -> Attribute:
    return Attribute(
        type=item.text("type", _WORD_LENGTH) or "Actual",
        value=item.text("value", VALUE_LENGTH),
        mutability=item.text("mutability", _WORD_LENGTH) or "ReadWrite",
        persistent=item.flag("persistent"),
        constant=item.flag("constant"),
    )
