"""The device model of a simulated 2.0.1 station: what GetBaseReport and GetVariables show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from stations.simulator.specs import StationSpec


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a component; ``evse`` 0 for the station. ``kind`` is OCPP's dataType."""

    component: str
    name: str
    value: str
    kind: str = "string"
    writable: bool = False
    evse: int = 0
    write_only: bool = False
    needs_reboot: bool = False

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells variables apart."""
        return (self.component.lower(), self.name.lower(), self.evse)

    @property
    def mutability(self) -> str:
        """OCPP's word."""
        if self.write_only:
            return "WriteOnly"
        return "ReadWrite" if self.writable else "ReadOnly"


_SETTINGS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("AlignedDataCtrlr", "Interval", "900", "integer"),
    ("AlignedDataCtrlr", "Measurands", "Energy.Active.Import.Register", "MemberList"),
    ("AuthCtrlr", "AuthorizeRemoteStart", "false", "boolean"),
    ("AuthCtrlr", "LocalAuthorizeOffline", "true", "boolean"),
    ("AuthCtrlr", "LocalPreAuthorize", "false", "boolean"),
    ("AuthCtrlr", "OfflineTxForUnknownIdEnabled", "true", "boolean"),
    ("LocalAuthListCtrlr", "Enabled", "true", "boolean"),
    ("OCPPCommCtrlr", "HeartbeatInterval", "300", "integer"),
    ("OCPPCommCtrlr", "NetworkConfigurationPriority", "1", "SequenceList"),
    ("OCPPCommCtrlr", "OfflineThreshold", "60", "integer"),
    ("OCPPCommCtrlr", "RetryBackOffRandomRange", "5", "integer"),
    ("OCPPCommCtrlr", "RetryBackOffRepeatTimes", "5", "integer"),
    ("OCPPCommCtrlr", "RetryBackOffWaitMinimum", "2", "integer"),
    ("OCPPCommCtrlr", "WebSocketPingInterval", "60", "integer"),
    ("SampledDataCtrlr", "TxUpdatedInterval", "60", "integer"),
    ("SampledDataCtrlr", "TxUpdatedMeasurands", "Energy.Active.Import.Register", "MemberList"),
    ("TxCtrlr", "EVConnectionTimeOut", "120", "integer"),
    ("TxCtrlr", "StopTxOnEVSideDisconnect", "true", "boolean"),
    ("TxCtrlr", "StopTxOnInvalidId", "true", "boolean"),
    ("TxCtrlr", "TxStartPoint", "Authorized", "MemberList"),
    ("TxCtrlr", "TxStopPoint", "EVConnected,Authorized", "MemberList"),
)
_FACTS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("DeviceDataCtrlr", "ItemsPerMessage", "20", "integer"),
    ("LocalAuthListCtrlr", "ItemsPerMessage", "200", "integer"),
    ("LocalAuthListCtrlr", "Available", "true", "boolean"),
    ("OCPPCommCtrlr", "FileTransferProtocols", "HTTPS", "MemberList"),
    ("ReservationCtrlr", "Available", "true", "boolean"),
    ("SecurityCtrlr", "SecurityProfile", "1", "integer"),
    ("SmartChargingCtrlr", "Available", "true", "boolean"),
    ("SmartChargingCtrlr", "ProfileStackLevel", "8", "integer"),
    ("SmartChargingCtrlr", "RateUnit", "A,W", "MemberList"),
)


def build(
    spec: StationSpec, firmware: str, sample_s: float
) -> dict[tuple[str, str, int], Variable]:
    """All variables by key, in the order of reports."""
    variables = list(_variables(spec, firmware, sample_s))
    return {variable.key: variable for variable in variables}


def _variables(spec: StationSpec, firmware: str, sample_s: float) -> Iterator[Variable]:
    station = "ChargingStation"
    yield Variable(station, "Model", spec.model)
    yield Variable(station, "VendorName", spec.vendor)
    yield Variable(station, "SerialNumber", spec.serial_number)
    yield Variable(station, "FirmwareVersion", firmware)
    yield Variable(station, "AvailabilityState", "Available", "OptionList")
    for component, name, value, kind in _SETTINGS:
        shown = str(int(sample_s)) if name == "TxUpdatedInterval" else value
        yield Variable(component, name, shown, kind, writable=True)
    for component, name, value, kind in _FACTS:
        yield Variable(component, name, value, kind)
    yield Variable(
        "SecurityCtrlr", "BasicAuthPassword", "", writable=True, write_only=True, needs_reboot=True
    )
    for evse in spec.evses:
        yield Variable("EVSE", "Power", str(int(evse.max_power_w)), "decimal", evse=evse.number)
        yield Variable("EVSE", "SupplyPhases", "3", "integer", evse=evse.number)
        yield Variable("EVSE", "AvailabilityState", "Available", "OptionList", evse=evse.number)
        kind = "cCCS2" if evse.is_dc else "sType2"
        yield Variable("Connector", "ConnectorType", kind, evse=evse.number)


def report_row(variable: Variable) -> dict[str, Any]:
    """One row of NotifyReport."""
    attribute: dict[str, Any] = {"type": "Actual", "mutability": variable.mutability}
    if not variable.write_only:
        attribute["value"] = variable.value
    return {
        "component": component_of(variable),
        "variable": {"name": variable.name},
        "variable_attribute": [attribute],
        "variable_characteristics": {
            "data_type": variable.kind,
            "supports_monitoring": False,
        },
    }


def component_of(variable: Variable) -> dict[str, Any]:
    """The component as the wire names it."""
    component: dict[str, Any] = {"name": variable.component}
    if variable.evse:
        component["evse"] = {"id": variable.evse}
        if variable.component == "Connector":
            component["evse"]["connector_id"] = 1
    return component


def check_value(variable: Variable, value: str) -> str:
    """Whether a value may be set, in OCPP's words."""
    if not variable.writable:
        return "Rejected"
    if variable.kind == "integer" and not value.isdigit():
        return "Rejected"
    if variable.kind == "boolean" and value.lower() not in ("true", "false"):
        return "Rejected"
    return "RebootRequired" if variable.needs_reboot else "Accepted"
