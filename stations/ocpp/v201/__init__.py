"""OCPP 2.0.1: one thin handler a file; what 1.6 answers alike is 1.6's handler."""

from stations.ocpp.bridge.inbound import Handler
from stations.ocpp.v16 import (
    boot_notification,
    data_transfer,
    firmware_status_notification,
    heartbeat,
    log_status_notification,
    meter_values,
    security_event_notification,
)
from stations.ocpp.v201 import (
    authorize,
    notify_event,
    notify_monitoring_report,
    notify_report,
    report_charging_profiles,
    reservation_status_update,
    status_notification,
    transaction_event,
)

HANDLERS: dict[str, Handler] = {
    "Authorize": authorize.handle,
    "BootNotification": boot_notification.handle,
    "DataTransfer": data_transfer.handle,
    "FirmwareStatusNotification": firmware_status_notification.handle,
    "Heartbeat": heartbeat.handle,
    "LogStatusNotification": log_status_notification.handle,
    "MeterValues": meter_values.handle,
    "NotifyEvent": notify_event.handle,
    "NotifyMonitoringReport": notify_monitoring_report.handle,
    "NotifyReport": notify_report.handle,
    "ReportChargingProfiles": report_charging_profiles.handle,
    "ReservationStatusUpdate": reservation_status_update.handle,
    "SecurityEventNotification": security_event_notification.handle,
    "StatusNotification": status_notification.handle,
    "TransactionEvent": transaction_event.handle,
}
