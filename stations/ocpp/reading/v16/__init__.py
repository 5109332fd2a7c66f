"""Readers of 1.6 messages, one file per action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stations.ocpp.reading.shapes import Arrival
from stations.ocpp.reading.v16 import (
    authorize,
    boot_notification,
    data_transfer,
    diagnostics_status_notification,
    firmware_status_notification,
    heartbeat,
    log_status_notification,
    meter_values,
    security_event_notification,
    signed_firmware_status_notification,
    start_transaction,
    status_notification,
    stop_transaction,
)

READERS: dict[str, Callable[[Any, Arrival], Any]] = {
    "Authorize": authorize.read,
    "BootNotification": boot_notification.read,
    "DataTransfer": data_transfer.read,
    "DiagnosticsStatusNotification": diagnostics_status_notification.read,
    "FirmwareStatusNotification": firmware_status_notification.read,
    "Heartbeat": heartbeat.read,
    "LogStatusNotification": log_status_notification.read,
    "MeterValues": meter_values.read,
    "SecurityEventNotification": security_event_notification.read,
    "SignedFirmwareStatusNotification": signed_firmware_status_notification.read,
    "StartTransaction": start_transaction.read,
    "StatusNotification": status_notification.read,
    "StopTransaction": stop_transaction.read,
}
