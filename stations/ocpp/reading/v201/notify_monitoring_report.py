"""NotifyMonitoringReport (2.0.1 N): the monitors that are set, in parts."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.device_shapes import Monitor, MonitoringReport
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import Arrival, Unreadable
from stations.ocpp.reading.v201.variables import read_name

_WORD_LENGTH = 50


def read(payload: Any, arrival: Arrival) -> MonitoringReport | Unreadable:
    """The monitors of variables that have a name."""
    notes: list[str] = []
    members = Members(payload, notes)
    request_id = members.integer("requestId")
    if request_id is None:
        return Unreadable("A report without request id")
    monitors: list[Monitor] = []
    for item in members.children("monitor"):
        monitors.extend(_monitors(item))
    return MonitoringReport(
        request_id=request_id,
        seq_no=members.integer("seqNo") or 0,
        is_last=not members.flag("tbc"),
        generated_at=members.optional_instant("generatedAt", arrival.zone).at,
        monitors=tuple(monitors),
        notes=unique(notes),
    )


def _monitors(item: Members) -> list[Monitor]:
    name = read_name(item)
    if name is None:
        item.notes.append(Note.MEMBER_FORM)
        return []
    return [
        Monitor(
            name=name,
            id=monitor.integer("id"),
            type=monitor.text("type", _WORD_LENGTH) or "",
            value=monitor.decimal("value"),
            severity=monitor.integer("severity"),
            only_in_transaction=monitor.flag("transaction"),
        )
        for monitor in item.children("variableMonitoring")
    ]
