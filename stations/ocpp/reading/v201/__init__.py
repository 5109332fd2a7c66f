"""Readers of 2.0.1 messages, one file per action; 2.1 uses them too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stations.ocpp.reading.shapes import Arrival
from stations.ocpp.reading.v201 import (
    authorize,
    boot_notification,
    data_transfer,
    firmware_status_notification,
    heartbeat,
    log_status_notification,
    meter_values,
    notify_event,
    notify_monitoring_report,
    notify_report,
    report_charging_profiles,
    reservation_status_update,
    security_event_notification,
    status_notification,
    transaction_event,
)

READERS: dict[str, Callable[[Any, Arrival], Any]] = {
    "Authorize": authorize.read,
    "BootNotification": boot_notification.read,
    "DataTransfer": data_transfer.read,
    "FirmwareStatusNotification": firmware_status_notification.read,
    "Heartbeat": heartbeat.read,
    "LogStatusNotification": log_status_notification.read,
    "MeterValues": meter_values.read,
    "NotifyEvent": notify_event.read,
    "NotifyMonitoringReport": notify_monitoring_report.read,
    "NotifyReport": notify_report.read,
    "ReportChargingProfiles": report_charging_profiles.read,
    "ReservationStatusUpdate": reservation_status_update.read,
    "SecurityEventNotification": security_event_notification.read,
    "StatusNotification": status_notification.read,
    "TransactionEvent": transaction_event.read,
}
