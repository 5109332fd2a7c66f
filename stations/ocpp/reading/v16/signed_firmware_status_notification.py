"""SignedFirmwareStatusNotification (1.6 security white paper): how far an update is."""

from __future__ import annotations

from stations.ocpp.reading.reports import read_firmware_status as read

__all__ = ["read"]
