"""Which OCPP messages a CSMS sends, and the check of those written by hand."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from stations.ocpp.wire.validators import Ok, Violation, verdict
from stations.ocpp.wire.validators import actions as all_actions

_INBOUND_16 = frozenset(
    {
        "Authorize",
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "SecurityEventNotification",
        "SignCertificate",
        "SignedFirmwareStatusNotification",
        "StartTransaction",
        "StatusNotification",
        "StopTransaction",
    }
)
_INBOUND_201 = frozenset(
    {
        "Authorize",
        "BootNotification",
        "ClearedChargingLimit",
        "FirmwareStatusNotification",
        "Get15118EVCertificate",
        "GetCertificateStatus",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "NotifyChargingLimit",
        "NotifyCustomerInformation",
        "NotifyDisplayMessages",
        "NotifyEVChargingNeeds",
        "NotifyEVChargingSchedule",
        "NotifyEvent",
        "NotifyMonitoringReport",
        "NotifyReport",
        "PublishFirmwareStatusNotification",
        "ReportChargingProfiles",
        "ReservationStatusUpdate",
        "SecurityEventNotification",
        "SignCertificate",
        "StatusNotification",
        "TransactionEvent",
    }
)
_INBOUND_21 = _INBOUND_201 | {
    "BatterySwap",
    "ClosePeriodicEventStream",
    "GetCertificateChainStatus",
    "NotifyDERAlarm",
    "NotifyDERStartStop",
    "NotifyPeriodicEventStream",
    "NotifyPriorityCharging",
    "NotifySettlement",
    "OpenPeriodicEventStream",
    "PullDynamicScheduleUpdate",
    "ReportDERControl",
    "VatNumberValidation",
}
_INBOUND = {"1.6": _INBOUND_16, "2.0.1": _INBOUND_201, "2.1": _INBOUND_21}


@lru_cache(maxsize=4)
def actions(version: str) -> frozenset[str]:
    """The messages that a CSMS sends in a version; none for an unknown version."""
    return all_actions(version) - _INBOUND.get(version, frozenset())


def check_raw(version: str, action: str, payload: Any) -> Violation | None:
    """What the schema has against a message of ours; None when nothing.

    Only the schema: what a station should refuse, the station refuses.
    """
    if action not in actions(version):
        return Violation(
            "NotImplemented",
            "",
            f"No message to stations in OCPP {version}: {action[:50]}",
            "action",
        )
    result = verdict(version, action, payload)
    return None if isinstance(result, Ok) else result
